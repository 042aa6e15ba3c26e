#!/bin/sh
# SPDX-License-Identifier: MIT
# How much code a method is: lines of all files together, and how wide they are. TAP.
set -eu

idlgen=${IDLGEN:-${JRPC_BUILDDIR:-.}/idlgen/idlgen}
methods=20
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# check NAME CONDITION...
check()
{
    count=$((count + 1))
    title=$1
    shift
    if "$@"; then
        echo "ok $count - $title"
    else
        echo "not ok $count - $title"
    fi
}

# A few words each.
simple()
{
    echo '/** A shop that is asked simple things. */'
    echo 'interface Counter {'
    for i in $(seq $methods); do
        echo "    /** How many of the things of shelf $i are there. */"
        echo "    long shelf_$i(in string thing);"
    done
    echo '};'
}

# Structures, several parameters and directions, an exception, and much to say about each.
heavy()
{
    cat <<EOF
/** A shop with all that a shop needs. */
module Market {
    /** Where something goes to. */
    struct Address {
        /** Its street. */
        string street;
        /** The number of the house. */
        long number;
    };
    /** There is none of it. */
    exception Missing { string what; };
    /** The counter. */
    interface Shop {
EOF
    for i in $(seq $methods); do
        cat <<EOF
        /**
         * Sends so many things from the shelf of that number to somebody's address.
         * It takes a while; the receipt is there before the parcel is.
         */
        long long send_thing_$i(in string customer, in Address where, in long how_many, inout double price,
                                out string receipt) raises (Missing);
EOF
    done
    printf '    };\n};\n'
}

# lines NAME OPTION...: of what is made, a method, rounded up
lines()
{
    name=$1
    shift
    rm -rf "$work/out"
    mkdir "$work/out"
    "$idlgen" "$@" --outdir "$work/out" "$work/$name.idl"
    echo $((($(cat "$work/out"/* | wc -l) + methods - 1) / methods))
}

narrow()
{
    ! awk 'length > 110 { print "# " FILENAME ": " $0; wide = 1 } END { exit !wide }' "$work/out"/*
}

simple >"$work/simple.idl"
heavy >"$work/heavy.idl"
for name in simple heavy; do
    few=$(lines $name --blocking)
    check "$name: $few lines a method with blocking stubs, at most 30" [ "$few" -le 30 ]
    check "$name: lines of at most 110 columns" narrow
    all=$(lines $name)
    check "$name: $all lines a method with all forms, at most 60" [ "$all" -le 60 ]
    check "$name: with all forms too" narrow
done
echo "1..$count"
