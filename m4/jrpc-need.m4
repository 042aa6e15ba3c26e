# JRPC_NEED(VARIABLE, MODULE AND VERSION, DEBIAN PACKAGE)
# Looks for a library; all that are missing are named together by JRPC_NEED_DONE, each with its Debian package.
AC_DEFUN([JRPC_NEED], [
  PKG_CHECK_MODULES([$1], [$2], [], [
    jrpc_missing="$jrpc_missing
    $2 (Debian package $3)"
    jrpc_packages="$jrpc_packages $3"
  ])
])

# JRPC_NEED_XMLRPC(VERSION, DEBIAN PACKAGE)
# xmlrpc-c has a config program of its own instead of pkg-config. Its values are needed, and its registry of methods.
AC_DEFUN([JRPC_NEED_XMLRPC], [
  AC_PATH_PROG([XMLRPC_C_CONFIG], [xmlrpc-c-config], [no])
  AC_MSG_CHECKING([for xmlrpc-c >= $1])
  AS_IF([test "$XMLRPC_C_CONFIG" = no], [jrpc_xmlrpc_version=none], [jrpc_xmlrpc_version=`$XMLRPC_C_CONFIG --version`])
  AC_MSG_RESULT([$jrpc_xmlrpc_version])
  jrpc_xmlrpc_ok=no
  AS_IF([test "$jrpc_xmlrpc_version" != none],
    [AS_VERSION_COMPARE([$jrpc_xmlrpc_version], [$1], [], [jrpc_xmlrpc_ok=yes], [jrpc_xmlrpc_ok=yes])])
  AS_IF([test "$jrpc_xmlrpc_ok" = yes], [
    XMLRPC_CFLAGS=`$XMLRPC_C_CONFIG --cflags`
    XMLRPC_LIBS=`$XMLRPC_C_CONFIG server-util --libs`
    AC_SUBST([XMLRPC_CFLAGS])
    AC_SUBST([XMLRPC_LIBS])
  ], [
    jrpc_missing="$jrpc_missing
    xmlrpc-c >= $1 (Debian package $2)"
    jrpc_packages="$jrpc_packages $2"
  ])
])

AC_DEFUN([JRPC_NEED_DONE], [
  AS_IF([test -n "$jrpc_missing"], [
    AC_MSG_ERROR([these libraries are missing or too old:$jrpc_missing

  On Debian: apt-get install$jrpc_packages
  or let samples/packages.sh build do it.])
  ])
])
