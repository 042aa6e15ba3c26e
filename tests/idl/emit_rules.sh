#!/bin/sh
# SPDX-License-Identifier: MIT
# The make rules for other projects: outputs are made, stay up to date, follow included files. TAP.
set -eu

top=$(cd "${JRPC_SRCDIR:-.}" && pwd)
build=$(cd "${JRPC_BUILDDIR:-.}" && pwd)
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

ok()
{
    count=$((count + 1))
    if "$@" >out 2>&1; then
        echo "ok $count - $title"
    else
        sed 's/^/# /' out
        echo "not ok $count - $title"
    fi
}

unset MAKEFLAGS MFLAGS MAKELEVEL
cat >Makefile <<MAKE
JRPC_IDLGEN = $build/idlgen/idlgen
OUTPUTS = line.h line-types.c line-client.c line-server.c line-module.c
all: \$(OUTPUTS)
include $top/idlgen/jrpc-idl.mk
MAKE
cat >point.idl <<'IDL'
struct Point { long x, y; };
IDL
cat >line.idl <<'IDL'
#include "point.idl"
struct Line { Point start, end; };
interface Measure { double length(in Line l); };
IDL

title='all outputs are made, by several jobs'
ok make -j4 all
title='they are there'
ok ls line.h line-types.c line-client.c line-server.c line-module.c
title='a second run has nothing to do'
ok make -q all
sleep 0.01
touch point.idl
title='an included file is followed'
ok sh -c '! make -q all'
title='outputs that did not change count as new'
ok sh -c 'make all && make -q all'
rm point.idl
echo '#define POINT struct Point { long x, y; };' >dot.idl
echo 'POINT' >>dot.idl
sed -i 's/point/dot/' line.idl
title='an included file may go away'
ok make all
title='a mistake leaves the old output alone'
cp line.h before.h
echo 'struct {' >>dot.idl
ok sh -c '! make all && cmp line.h before.h'
echo "1..$count"
