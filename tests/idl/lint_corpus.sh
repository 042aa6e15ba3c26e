#!/bin/sh
# `idlgen lint`: every lint/NAME.idl gives what lint/NAME.expect lists. `lint_corpus.sh --update` writes the lists anew:
# read the difference before it is committed. Our own samples give nothing.
set -u
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
src=${JRPC_SRCDIR:-.}
folder=$src/tests/idl/lint
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0
for file in "$folder"/*.idl; do
    name=$(basename "$file" .idl)
    status=0
    "$idlgen" lint --color=never "$file" 2>"$work/err" || status=$?
    sed -n "s|^$folder/$name.idl:\(.*: [a-z]*: .*\)|\1|p" "$work/err" >"$work/got"
    [ "${1:-}" = --update ] && cp "$work/got" "$folder/$name.expect"
    want=1
    [ -s "$folder/$name.expect" ] || want=0
    n=$((n + 1))
    if [ "$status" -eq "$want" ] && diff "$folder/$name.expect" "$work/got" >"$work/diff"; then echo "ok $n - $name"; else
        echo "not ok $n - $name: status $status"
        sed 's/^/#   /' "$work/diff" "$work/err"
    fi
done
for rule in $("$idlgen" lint --rules | sed 's/ .*//'); do
    n=$((n + 1))
    if grep -q "\[$rule\]" "$folder"/*.expect; then echo "ok $n - $rule is found"; else
        echo "not ok $n - no file shows $rule"
    fi
done
for file in "$src"/samples/*/*.idl; do
    n=$((n + 1))
    if "$idlgen" lint "$file" >"$work/err" 2>&1; then echo "ok $n - $(basename "$file")"; else
        echo "not ok $n - $(basename "$file")"
        sed 's/^/#   /' "$work/err"
    fi
done
echo "1..$n"
[ "$n" -ge 25 ]
