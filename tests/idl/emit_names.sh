#!/bin/sh
# SPDX-License-Identifier: MIT
# C names that clash or are not free are errors at both places, before anything is written. TAP.
set -eu

idlgen=${IDLGEN:-${JRPC_BUILDDIR:-.}/idlgen/idlgen}
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# expect NAME OPTIONS TEXT...: idlgen on standard input fails, writes nothing, and prints each text somewhere.
# A text that begins with a colon comes after the file's name.
expect()
{
    name=$1
    options=$2
    shift 2
    count=$((count + 1))
    mkdir "$work/$count"
    cat >"$work/$count.idl"
    status=0
    # Several options are several words.
    # shellcheck disable=SC2086
    (cd "$work" && "$idlgen" $options --outdir "$count" "$count.idl") >"$work/out" 2>&1 || status=$?
    verdict=ok
    [ "$status" -eq 1 ] || verdict="not ok"
    [ -z "$(ls "$work/$count")" ] || verdict="not ok"
    for text; do
        case $text in
            :*) text=$count.idl$text ;;
        esac
        grep -qF -- "$text" "$work/out" || verdict="not ok"
    done
    [ "$verdict" = ok ] || sed 's/^/# /' "$work/out"
    echo "$verdict $count - $name"
}

# accept NAME OPTIONS: idlgen on standard input succeeds.
accept()
{
    count=$((count + 1))
    mkdir "$work/$count"
    cat >"$work/$count.idl"
    # shellcheck disable=SC2086
    if (cd "$work" && "$idlgen" $2 --outdir "$count" "$count.idl") >"$work/out" 2>&1; then
        echo "ok $count - $1"
    else
        sed 's/^/# /' "$work/out"
        echo "not ok $count - $1"
    fi
}

expect 'two paths to one name' '' \
    ":2:12: error: C name 'A_B_c' for constant 'A_B_c' is taken by constant 'A::B::c'" \
    ":1:34: note: 'A::B::c' is here" \
    "[c-name-clash]" <<'IDL'
module A { module B { const long c = 1; }; };
const long A_B_c = 2;
IDL

expect 'a function of a type and a constant' '' ":2:12: error: C name 'S_clear' for constant 'S_clear'" <<'IDL'
struct S { long x; };
const long S_clear = 2;
IDL

expect 'an attribute and an operation' '' ":3:10: error: C name 'get_x' for operation 'I::get_x'" <<'IDL'
interface I {
    attribute long x;
    void get_x();
};
IDL

expect 'an optional member and another one' '' ":3:13: error: C name 'has_x' for member 'S::has_x'" <<'IDL'
struct S {
    @optional long x;
    boolean has_x;
};
IDL

expect 'an escaped keyword' '' ":3:10: error: C name 'int_' for member 'S::int_'" <<'IDL'
struct S {
    long int;
    long int_;
};
IDL

expect 'an anonymous sequence and a type' '' ":3:8: error: C name 'S_seq' for" <<'IDL'
struct S { long x; };
struct T { sequence<S> list; };
struct S_seq { long x; };
IDL

expect 'enumerators and constants' '' ":2:12: error: C name 'E_A' for constant 'E_A'" <<'IDL'
enum E { A, B };
const long E_A = 2;
IDL

expect 'a function of the module' '--stem m' "C name 'm_module_init' for interface 'm'" <<'IDL'
interface m { void module_init(); };
IDL

expect 'a name of the library' '' ":1:8: error: C name 'jrpc_peer' for struct 'jrpc_peer'" "[c-name-reserved]" <<'IDL'
struct jrpc_peer { long x; };
IDL

expect 'a name of C' '' ":1:26: error: C name 'malloc' for struct 'S'" <<'IDL'
@c_name("malloc") struct S { long x; };
IDL

expect 'a module without interface' '--module' <<'IDL'
struct S { long x; };
IDL

accept 'the cure' '' <<'IDL'
module A { module B { const long c = 1; }; };
@c_name("A_B_other") const long A_B_c = 2;
IDL

accept 'a prefix' '--prefix=acme_' <<'IDL'
struct malloc { long x; };
IDL

echo "1..$count"
