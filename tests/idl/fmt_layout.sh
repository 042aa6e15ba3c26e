#!/bin/sh
# `idlgen fmt`: every fmt/NAME.idl becomes fmt/NAME.want, which stays as it is. `fmt_layout.sh --update` writes them
# anew: read the difference before it is committed. Our own samples are in that layout.
set -u
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
folder=${JRPC_SRCDIR:-.}/tests/idl/fmt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0
for file in "$folder"/*.idl; do
    name=$(basename "$file" .idl)
    n=$((n + 1))
    "$idlgen" fmt "$file" >"$work/once" 2>"$work/err"
    status=$?
    [ "${1:-}" = --update ] && cp "$work/once" "$folder/$name.want"
    if [ "$status" -eq 0 ] && diff "$folder/$name.want" "$work/once" >"$work/diff"; then echo "ok $n - $name"; else
        echo "not ok $n - $name: status $status"
        sed 's/^/#   /' "$work/err" "$work/diff"
    fi
    n=$((n + 1))
    if "$idlgen" fmt - <"$work/once" >"$work/twice" 2>"$work/err" && cmp "$work/once" "$work/twice"; then
        echo "ok $n - $name stays as it is"; else
        echo "not ok $n - $name changes again"
        diff "$work/once" "$work/twice" | sed 's/^/#   /'
    fi
done
for file in "${JRPC_SRCDIR:-.}"/samples/*/*.idl; do
    n=$((n + 1))
    if "$idlgen" fmt --check "$file" >"$work/diff" 2>&1; then echo "ok $n - $(basename "$file") is in it"; else
        echo "not ok $n - $(basename "$file")"
        sed 's/^/#   /' "$work/diff"
    fi
done
echo "1..$n"
[ "$n" -ge 12 ]
