# SPDX-License-Identifier: MIT
# What the tests of the command line share; each reads it with `.` as its first command. It gives them $idlgen, an
# empty folder to work in, and the functions below. The number of checks so far is in $n.
# shellcheck shell=sh
set -u
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
case $idlgen in /*) ;; *) idlgen=$(pwd)/$idlgen ;; esac
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT INT TERM
cd "$work" || exit 1
n=0

# check NAME COMMAND...: the command must succeed
check() {
    what=$1
    shift
    n=$((n + 1))
    if "$@" >check.out 2>&1; then echo "ok $n - $what"; else
        echo "not ok $n - $what"
        sed 's/^/#   /' check.out
    fi
}
# exits STATUS COMMAND...; what it prints is in out and err
exits() {
    want=$1
    shift
    got=0
    "$@" >out 2>err || got=$?
    [ "$got" -eq "$want" ] && return 0
    echo "exit status $got, not $want"
    cat out err
    return 1
}
# holds TEXT FILE: this and a line's end
holds() {
    printf '%s\n' "$1" >want
    diff want "$2"
}
# with_input FILE COMMAND...
with_input() {
    input=$1
    shift
    "$@" <"$input"
}
