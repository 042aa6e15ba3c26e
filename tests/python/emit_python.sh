#!/bin/sh
# SPDX-License-Identifier: MIT
# Generated Python: byte for byte against golden/, under mypy --strict, and imported. TAP.
#
#   tests/python/emit_python.sh --update   writes golden/ anew: read the difference before you commit it
set -eu

top=${JRPC_SRCDIR:-.}
idlgen=${IDLGEN:-${JRPC_BUILDDIR:-.}/idlgen/idlgen}
here=$top/tests/python
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# check NAME COMMAND...: its output is the explanation
check()
{
    count=$((count + 1))
    name=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        echo "ok $count - $name"
    else
        sed 's/^/# /' "$work/said"
        echo "not ok $count - $name"
    fi
}

generate()
{
    "$idlgen" --python --outdir "$work/out" -I "$top/tests/idl/ok" -I "$top/tests/idl/golden" "$1"
}

import_all()
{
    cd "$work/out"
    for file in *.py; do
        python3 -B -c "import sys; sys.path.insert(0, '.'); __import__('${file%.py}')"
    done
}

clash_is_told()
{
    printf 'interface A { void op(); };\nstruct AClient { long x; };\n' >"$work/clash.idl"
    ! "$idlgen" --python --outdir "$work" "$work/clash.idl" 2>"$work/err" || return 1
    cat "$work/err"
    grep -q 'python-name-clash' "$work/err" && [ ! -e "$work/clash.py" ]
}

module_names()
{
    cp "$top/samples/rot13/rot13.idl" "$work/types.idl"
    cp "$top/samples/rot13/rot13.idl" "$work/1-two.idl"
    [ "$("$idlgen" --python --list-outputs "$work/types.idl" | head -n 1)" = types_.py ] &&
        [ "$("$idlgen" --python --list-outputs "$work/1-two.idl" | head -n 1)" = _1_two.py ]
}

mkdir "$work/out"
for idl in "$top"/tests/idl/ok/*.idl "$top"/tests/idl/golden/*.idl "$top"/samples/*/*.idl "$here/zoo.idl"; do
    check "$(basename "$idl")" generate "$idl"
done
if [ "${1:-}" = --update ]; then
    mkdir -p "$here/golden"
    cp "$work/out/calc.py" "$work/out/zoo.py" "$work/out/interfaces.py" "$here/golden"
    exit 0
fi
for golden in "$here"/golden/*.py; do
    check "golden $(basename "$golden")" diff -u "$golden" "$work/out/$(basename "$golden")"
done
for support in "$top"/idlgen/python/*.py; do
    check "$(basename "$support") is written as it is" cmp "$support" "$work/out/$(basename "$support")"
done
check 'names that are twice in Python' clash_is_told
check 'names of modules' module_names
check 'Python imports it all' import_all
if command -v mypy >/dev/null; then
    check 'mypy --strict' sh -c "cd '$work/out' && mypy --strict --cache-dir=/dev/null ./*.py"
else
    count=$((count + 1))
    echo "ok $count - mypy --strict # SKIP mypy is not installed"
fi
echo "1..$count"
