#!/bin/sh
# SPDX-License-Identifier: MIT
# Generated code against the files in golden/ and, for the samples, golden/samples/: byte for byte. TAP.
#
#   tests/idl/emit_golden.sh            compares
#   tests/idl/emit_golden.sh --update   writes them anew: read the difference before you commit it
#
# JRPC_SRCDIR and JRPC_BUILDDIR: top folders of the sources and of the build; both "." by default.
set -eu

top=${JRPC_SRCDIR:-.}
idlgen=${IDLGEN:-${JRPC_BUILDDIR:-.}/idlgen/idlgen}
golden=$top/tests/idl/golden
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

ok()
{
    count=$((count + 1))
    echo "ok $count - $1"
}

not_ok()
{
    count=$((count + 1))
    echo "not ok $count - $1"
}

# The parts of a file: a module and an implementation only where there is an interface.
parts_of()
{
    printf '%s' '--header --types --client --server'
    if grep -q '^ *\(@[a-z_]*("[^"]*") *\)*interface' "$1"; then
        printf '%s' ' --module --impl'
    fi
}

# generate IDL FOLDER
generate()
{
    # Every word of the list is an option.
    # shellcheck disable=SC2046
    "$idlgen" $(parts_of "$1") --outdir "$2" "$1" 2>"$2/stderr" || return 1
    rm "$2/stderr"
}

# check IDL FOLDER: every output is as in the folder, and the folder has no others of this name.
check()
{
    name=$(basename "$1" .idl)
    mkdir "$work/$name"
    if ! generate "$1" "$work/$name"; then
        sed 's/^/# /' "$work/$name/stderr"
        not_ok "$name: idlgen runs"
        return
    fi
    for file in "$work/$name"/*; do
        if diff -u "$2/$(basename "$file")" "$file" >"$work/diff" 2>&1; then
            ok "$(basename "$file")"
        else
            sed 's/^/# /' "$work/diff"
            not_ok "$(basename "$file")"
        fi
    done
}

# The stubs of what every server answers.
check_builtin()
{
    mkdir "$work/builtin"
    "$idlgen" --header --types --client --outdir "$work/builtin" '<jrpc.idl>'
    for file in "$work/builtin"/*; do
        if diff -u "$golden/$(basename "$file")" "$file" >"$work/diff" 2>&1; then
            ok "$(basename "$file")"
        else
            sed 's/^/# /' "$work/diff"
            not_ok "$(basename "$file")"
        fi
    done
}

# A second run over the same files touches none of them, and an implementation is never written over.
check_untouched()
{
    mkdir "$work/again"
    generate "$golden/basic.idl" "$work/again"
    echo '/* mine */' >"$work/again/basic-impl.c"
    touch -d '2001-01-01 00:00:00' "$work/again"/*
    generate "$golden/basic.idl" "$work/again"
    if [ -z "$(find "$work/again" -type f -newermt '2001-01-02')" ]; then
        ok 'unchanged files are not touched'
    else
        not_ok 'unchanged files are not touched'
    fi
    if [ "$(cat "$work/again/basic-impl.c")" = '/* mine */' ]; then
        ok 'an implementation is not written over'
    else
        not_ok 'an implementation is not written over'
    fi
    if [ -z "$(find "$work/again" -name '*.h.*' -o -name '*.c.*')" ]; then
        ok 'no temporary files stay'
    else
        not_ok 'no temporary files stay'
    fi
}

# Nothing is written where something cannot be.
check_unwritable()
{
    : >"$work/file"
    if "$idlgen" --outdir "$work/file/none" "$golden/basic.idl" >"$work/out" 2>&1; then
        not_ok 'a folder that cannot be is an error'
    elif grep -q "$work/file/none/basic.h" "$work/out"; then
        ok 'a folder that cannot be is an error which names the file'
    else
        not_ok 'a folder that cannot be is an error which names the file'
    fi
}

if [ "${1:-}" = --update ]; then
    rm -f "$golden"/*-impl.c "$golden"/samples/*-impl.c
    for idl in "$golden"/*.idl; do
        generate "$idl" "$golden" || { cat "$golden/stderr"; exit 1; }
    done
    "$idlgen" --header --types --client --outdir "$golden" '<jrpc.idl>'
    mkdir -p "$golden/samples"
    for idl in "$top"/samples/rot13/rot13.idl "$top"/samples/calc/calc.idl; do
        generate "$idl" "$golden/samples" || { cat "$golden/samples/stderr"; exit 1; }
    done
    exit 0
fi

for idl in "$golden"/*.idl; do
    check "$idl" "$golden"
done
check_builtin
check "$top/samples/rot13/rot13.idl" "$golden/samples"
check "$top/samples/calc/calc.idl" "$golden/samples"
check_untouched
check_unwritable
echo "1..$count"
