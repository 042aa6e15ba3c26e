#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Who may include whom: each folder only what is named for it here. Prints TAP.
set -eu
root=${JRPC_SRCDIR:-$(dirname "$0")/..}
cd "$root"

# folder: prefixes of quoted includes that it may use besides its own folder
rules='
runtime/base:base/
runtime/wire:base/ wire/
runtime/call:base/ call/
runtime/link:base/ link/
runtime/observe:base/ observe/
runtime/serve:base/ wire/ call/ link/ observe/ serve/
runtime/text:text/ base/steering.h
runtime/command:base/ wire/ link/ serve/ text/ command/
runtime/chat:base/ wire/ link/ serve/ chat/ session.h
runtime/program:program/
runtime/rpc-server:program/ rpc-server/
runtime/cli:program/ text/ cli/ base/steering.h
idlgen/front:base/ front/
idlgen/emit:base/ front/ emit/
idlgen/fmt:base/ front/ fmt/
idlgen/breaking:base/ front/ emit/gen.h emit/method.h emit/ctype.h emit/names.h emit/value.h breaking/
idlgen/introspection:base/ front/ emit/emit.h introspection/
idlgen/lint:base/ front/ fmt/ lint/
'
number=0
failed=0
report() {
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        echo "$2" | sed 's/^/# /'
        failed=1
    fi
}

echo "1..$(($(echo "$rules" | grep -c :) + 3))"
for rule in $(echo "$rules" | tr ' ' ','); do
    folder=${rule%%:*}
    allowed=$(echo "${rule#*:}" | tr ',' '|')
    wrong=$(grep -nE '^#include "' "$folder"/*.[ch] | grep -vE "#include \"($allowed)" || true)
    report "$folder includes $(echo "${rule#*:}" | tr ',' ' ') only" "$wrong"
done
report "only link drives connections" \
    "$(grep -nE 'xmpp_(conn|run|connect|handler|id_handler|send)' runtime/base/*.[ch] runtime/wire/*.[ch] \
        runtime/call/*.[ch] runtime/serve/*.[ch] runtime/chat/*.[ch] runtime/command/*.[ch] runtime/*.[ch] || true)"
report "only serve knows libffi" "$(grep -rlE '#include <ffi.h>' runtime idlgen | grep -v '^runtime/serve/' || true)"
report "only <jrpc/xmlrpc.h> names xmlrpc-c's headers" \
    "$(grep -lE '#include <xmlrpc' include/jrpc/*.h | grep -v xmlrpc.h || true)"
exit $failed
