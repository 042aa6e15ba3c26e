#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What doc/idl.md shows is IDL without mistakes. Prints TAP.

set -euo pipefail

src=${JRPC_SRCDIR:-$(dirname "$0")/../..}
build=${JRPC_BUILDDIR:-$src}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk -v folder="$work" '
    /^```idl$/ { number++; inside = 1; next }
    /^```/ { inside = 0 }
    inside { print > (folder "/example-" number ".idl") }' "$src/doc/idl.md"

number=0
for file in "$work"/*.idl; do
    number=$((number + 1))
    if "$build/idlgen/idlgen" --check "$file" > "$work/said" 2>&1 && [ ! -s "$work/said" ]; then
        echo "ok $number - ${file##*/}"
    else
        echo "not ok $number - ${file##*/}"
        sed 's/^/# /' "$work/said"
    fi
done
echo "1..$number"
