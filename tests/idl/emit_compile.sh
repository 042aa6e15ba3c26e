#!/bin/sh
# SPDX-License-Identifier: MIT
# Generated code compiles without a warning, its headers as C++ too, and gcc's analyzer is silent. TAP.
set -eu

top=${JRPC_SRCDIR:-.}
build=${JRPC_BUILDDIR:-.}
golden=$top/tests/idl/golden
warnings='-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror'
include="-I$top/include -I$build/include -I$golden -I$golden/samples"
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# try NAME COMMAND...
try()
{
    count=$((count + 1))
    title=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        echo "ok $count - $title"
    else
        sed 's/^/# /' "$work/out"
        echo "not ok $count - $title"
    fi
}

have()
{
    command -v "$1" >/dev/null 2>&1
}

# One translation unit for all files of a compiler is faster, but then one's mistakes could hide another's.
compile_all()
{
    for file in "$golden"/*.c "$golden"/samples/*.c; do
        "$@" -c -o /dev/null "$file" || return 1
    done
}

# Each header by itself, twice, and all of them together.
headers()
{
    suffix=$1
    shift
    : >"$work/all.$suffix"
    for file in "$golden"/*.h "$golden"/samples/*.h; do
        name=$(basename "$file")
        printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$work/one.$suffix"
        echo "#include \"$name\"" >>"$work/all.$suffix"
        "$@" -c -o /dev/null "$work/one.$suffix" || return 1
    done
    "$@" -c -o /dev/null "$work/all.$suffix"
}

# The lists of options are words.
# shellcheck disable=SC2086
{
    for cc in gcc clang; do
        if have $cc; then
            try "$cc, C11" compile_all $cc -std=c11 -O1 $warnings -Wmissing-prototypes -Wformat=2 $include
            try "$cc, headers" headers c $cc -std=c11 $warnings -Wmissing-prototypes $include
        fi
    done
    for cxx in g++ clang++; do
        if have $cxx; then
            try "$cxx, headers as C++17" headers cc $cxx -std=c++17 $warnings $include
            try "$cxx, headers as C++20" headers cc $cxx -std=c++20 $warnings $include
        fi
    done
    if have gcc; then
        try 'gcc, C2x' headers c gcc -std=c2x $warnings $include
        try 'gcc -fanalyzer' compile_all gcc -std=c11 -O1 -fanalyzer $warnings $include
    fi
}
echo "1..$count"
