#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The library exports what its public headers declare, and nothing else. Prints TAP.
set -eu
src=${JRPC_SRCDIR:-$(dirname "$0")/..}
lib=${JRPC_BUILDDIR:-$src}/runtime/.libs/libjrpc.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() {
    if [ -s "$3" ]; then
        echo "not ok $1 - $2"
        sed 's/^/# /' "$3"
    else
        echo "ok $1 - $2"
    fi
}

echo 1..3
# The version node and what sanitizers add are no functions of ours.
nm -D --defined-only "$lib" | awk '{ print $3 }' | sed 's/@.*//' |
    grep -vE '^(JRPC_|__asan|__tsan|__ubsan|__odr|__sanitizer|_init$|_fini$)' | sort > "$work/exported"
# Any name of ours after JRPC_EXPORT counts as declared; a function's own is the first one before a parenthesis.
grep -hv '^ *//' "$src"/include/jrpc/*.h "$src"/include/jrpc/version.h.in | tr '\n' ' ' | grep -oE 'JRPC_EXPORT [^;{}]*[;{]' > "$work/declarations"
grep -oE '\bjrpc_[a-z0-9_]+' "$work/declarations" | sort -u > "$work/declared"
grep -v '^jrpc_' "$work/exported" > "$work/foreign" || true
report 1 "every exported name begins with jrpc_" "$work/foreign"
comm -23 "$work/exported" "$work/declared" > "$work/undeclared"
report 2 "what is exported is declared in a public header" "$work/undeclared"
grep -oE '^[^(]*\(' "$work/declarations" | grep -oE 'jrpc_[a-z0-9_]+ *\($' | tr -d ' (' | sort -u > "$work/functions"
comm -13 "$work/exported" "$work/functions" > "$work/missing"
report 3 "every declared function is there" "$work/missing"
