#!/bin/sh
# IDL that no one here wrote: the files of Debian's omniorb-idl, where installed. They must be read to the end, with no
# other errors than "not supported", and those that thirdparty.expect has: names and files that Debian's files lack
# (omniidl misses the same ones), each with its place and rule.
#
#   tests/idl/front_thirdparty.sh            compares
#   tests/idl/front_thirdparty.sh --update   writes the list anew: read the difference before you commit it
set -eu
folder=/usr/share/idl/omniORB
top=${JRPC_SRCDIR:-.}
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
expect=$top/tests/idl/thirdparty.expect
if [ ! -d "$folder" ]; then
    echo "1..0 # SKIP Debian package omniorb-idl is not installed"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: >"$work/all"

# errors FILE: "Security.idl:28:18: name-unknown", whoever includes it; the status of idlgen in $status
errors()
{
    status=0
    timeout 60 "$idlgen" --check --max-errors 0 --color=never -D__OMNIIDL__ -I"$folder" -I"$folder/COS" "$1" \
        >"$work/out" 2>&1 || status=$?
    sed -n 's|^\(.*/\)\{0,1\}\([^/: ]*:[0-9]*:[0-9]*\): error: .*\[\(.*\)\]$|\2: \3|p' "$work/out" |
        grep -v ': unsupported$' | sort -u >"$work/got" || true
    cat "$work/got" >>"$work/all"
}

# What is expected of a file: its own errors, and those of all other files that errors were found in.
wanted()
{
    { echo "$1"; cut -d: -f1 "$work/got"; } | sort -u | while read -r name; do
        grep "^$name:" "$expect" || true
    done | sort -u
}

n=0
for file in "$folder"/*.idl "$folder"/COS/*.idl; do
    n=$((n + 1))
    name=$(basename "$file")
    errors "$file"
    wanted "$name" >"$work/want"
    if [ "$status" -le 1 ] && diff "$work/want" "$work/got" >"$work/diff"; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name: status $status"
        head -5 "$work/diff" | sed 's/^/#   /'
    fi
done
if [ "${1:-}" = --update ]; then
    sort -u -t: -k1,1 -k2,2n -k3,3n "$work/all" >"$expect"
fi
echo "1..$n"
