# JRPC_IDL([VERSION])
# -------------------
# Finds jabber-rpc and its IDL compiler, for projects that make C from .idl files. Two lines are all it takes:
#
#   configure.ac:   JRPC_IDL
#   Makefile.am:    @jrpc_idl_rules@
#
# The second one, alone on its line, puts in the rules of jrpc-idl.mk: calc.h, calc-types.c, calc-client.c,
# calc-server.c and calc-module.c are made from calc.idl. JRPC_CFLAGS and JRPC_LIBS are set, too. For another
# compiler than the installed one (cross builds): ./configure JRPC_IDLGEN=/path/to/idlgen
#
# SPDX-License-Identifier: MIT
AC_DEFUN([JRPC_IDL], [
  AC_REQUIRE([PKG_PROG_PKG_CONFIG])
  AC_REQUIRE([AC_PROG_MKDIR_P])
  PKG_CHECK_MODULES([JRPC], [jrpc m4_ifval([$1], [>= $1])])
  AC_ARG_VAR([JRPC_IDLGEN], [the IDL compiler of jabber-rpc])
  AS_IF([test -z "$JRPC_IDLGEN"], [JRPC_IDLGEN=`$PKG_CONFIG --variable=idlgen jrpc`])
  AC_MSG_CHECKING([for idlgen])
  AS_IF([test -x "$JRPC_IDLGEN"], [AC_MSG_RESULT([$JRPC_IDLGEN])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([no IDL compiler at "$JRPC_IDLGEN": set JRPC_IDLGEN])])
  jrpc_idl_rules=`$PKG_CONFIG --variable=datadir jrpc`/jrpc/jrpc-idl.mk
  AS_IF([test ! -r "$jrpc_idl_rules"], [AC_MSG_ERROR([cannot read $jrpc_idl_rules])])
  AC_SUBST_FILE([jrpc_idl_rules])
  m4_ifdef([AM_SUBST_NOTMAKE], [AM_SUBST_NOTMAKE([jrpc_idl_rules])])
])
