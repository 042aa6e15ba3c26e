#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The short tests under valgrind: no wrong access, no use of what was never set, nothing lost. Prints TAP.

set -uo pipefail

build=${JRPC_BUILDDIR:-$(dirname "$0")/..}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export JRPC_SOAK_CALLS=1000 JRPC_SOAK_RECONNECTS=20

tests='
tests/unit/call_pending
tests/unit/link_jid
tests/unit/link_loopback
tests/unit/observe_ledger
tests/unit/serve_registry
tests/unit/serve_server
tests/unit/wire_cases
tests/unit/wire_dynamic
tests/unit/wire_envelope
tests/unit/wire_fault
tests/scenario/answers
tests/scenario/soak
tests/fuzz/wire/replay-calls
tests/fuzz/wire/replay-replies
'

if ! command -v valgrind > /dev/null; then
    echo "1..0 # SKIP valgrind is not installed"
    exit 0
fi
if nm "$build/tests/unit/call_pending" | grep -qE '__(asan|tsan|ubsan)_'; then
    echo "1..0 # SKIP a sanitizer is built in"
    exit 0
fi

number=0
for name in $tests; do
    number=$((number + 1))
    # libtool makes a script of what is linked with a shared library of the tree.
    if "$build/libtool" --mode=execute valgrind --quiet --error-exitcode=9 --leak-check=full \
        --errors-for-leak-kinds=definite --main-stacksize=8388608 "$build/$name" > "$log" 2>&1; then
        echo "ok $number - $name"
    else
        sed 's/^/# /' "$log" | tail -n 60
        echo "not ok $number - $name"
    fi
done
echo "1..$number"
