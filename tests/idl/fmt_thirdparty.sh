#!/bin/sh
# `idlgen fmt` on IDL that no one here wrote: the files of Debian's omniorb-idl, where installed. They keep their tree
# (fmt itself compares it, and gives nothing out otherwise), and a second run changes nothing.
set -eu
folder=/usr/share/idl/omniORB
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
if [ ! -d "$folder" ]; then
    echo "1..0 # SKIP Debian package omniorb-idl is not installed"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
# Files that name what they do not define, in omniidl's eyes too: fmt must refuse them.
broken=' CosTSPortability DCE_CIOPSecurity NRService SECIOP SSLIOP Security SecurityAdmin SecurityLevel1'
broken="$broken SecurityLevel2 SecurityReplaceable "
format() {
    timeout 20 "$idlgen" fmt --max-errors 0 --color=never -D__OMNIIDL__ -I"$folder" -I"$folder/COS" --stdin-name "$1" -
}
# The tree, as far as it can be had without fmt: tokens are what is left when comments and blanks go.
tree() {
    "$idlgen" -E -D__OMNIIDL__ -I"$folder" -I"$folder/COS" --max-errors 0 "$1" 2>/dev/null |
        sed '/^#line/d' | tr -d ' \n' || true
}
n=0
for file in "$folder"/*.idl "$folder"/COS/*.idl; do
    n=$((n + 1))
    name=$(basename "$file" .idl)
    status=0
    # shellcheck disable=SC2094 # only its name is used
    format "$file" <"$file" >"$work/$name.idl" 2>"$work/err" || status=$?
    case $broken in
    *" $name "*)
        if [ "$status" -eq 1 ] && [ ! -s "$work/$name.idl" ] && grep -q ': error: ' "$work/err"; then
            echo "ok $n - $name is refused"; else
            echo "not ok $n - $name: status $status, but it has mistakes"
        fi
        continue
        ;;
    esac
    tree "$file" >"$work/tree"
    tree "$work/$name.idl" >"$work/tree-again"
    if [ "$status" -eq 0 ] && format "$file" <"$work/$name.idl" >"$work/again" 2>"$work/err" &&
        cmp "$work/$name.idl" "$work/again" && [ -s "$work/tree" ] && cmp "$work/tree" "$work/tree-again"; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name: status $status"
        head -5 "$work/err" | sed 's/^/#   /'
    fi
done
echo "1..$n"
