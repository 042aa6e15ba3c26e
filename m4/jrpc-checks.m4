# JRPC_ENABLE(NAME, HELP): --enable-NAME, off by default.
AC_DEFUN([JRPC_ENABLE], [
  AC_ARG_ENABLE([$1], [AS_HELP_STRING([--enable-$1], [$2])], [], [enable_$1=no])
])

# The sanitizers, fuzzers and coverage: flags go to CHECK_CFLAGS and CHECK_LDFLAGS.
AC_DEFUN([JRPC_SANITIZERS], [
  JRPC_ENABLE([asan], [build with AddressSanitizer and LeakSanitizer])
  JRPC_ENABLE([tsan], [build with ThreadSanitizer])
  JRPC_ENABLE([ubsan], [build with UndefinedBehaviorSanitizer; a finding ends the program])
  JRPC_ENABLE([fuzzers], [build the libFuzzer targets; needs clang (Debian packages clang, libclang-rt-14-dev)])
  JRPC_ENABLE([coverage], [build for gcov])
  CHECK_CFLAGS=
  CHECK_LDFLAGS=
  AS_IF([test "$enable_asan" = yes && test "$enable_tsan" = yes],
    [AC_MSG_ERROR([--enable-asan and --enable-tsan exclude each other])])
  AS_IF([test "$enable_asan" = yes], [CHECK_CFLAGS="$CHECK_CFLAGS -fsanitize=address -fno-omit-frame-pointer"])
  AS_IF([test "$enable_tsan" = yes], [CHECK_CFLAGS="$CHECK_CFLAGS -fsanitize=thread -fno-omit-frame-pointer"])
  AS_IF([test "$enable_ubsan" = yes],
    [CHECK_CFLAGS="$CHECK_CFLAGS -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"])
  AS_IF([test "$enable_fuzzers" = yes], [CHECK_CFLAGS="$CHECK_CFLAGS -fsanitize=fuzzer-no-link"])
  AS_IF([test "$enable_coverage" = yes], [CHECK_CFLAGS="$CHECK_CFLAGS --coverage -O0"])
  AS_IF([test "$enable_fuzzers" = yes], [
    AC_MSG_CHECKING([whether $CC knows -fsanitize=fuzzer])
    jrpc_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -fsanitize=fuzzer"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n ? 0 : 0; }]])],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([--enable-fuzzers needs clang with its runtime: CC=clang (Debian packages clang, libclang-rt-14-dev)])])
    CFLAGS=$jrpc_save_CFLAGS
  ])
  CHECK_LDFLAGS=`echo "$CHECK_CFLAGS" | sed 's/-O0//'`
  AM_CONDITIONAL([FUZZERS], [test "$enable_fuzzers" = yes])
  AM_CONDITIONAL([SANITIZED], [test "$enable_asan$enable_tsan$enable_ubsan" != nonono])
  AC_SUBST([CHECK_CFLAGS])
  AC_SUBST([CHECK_LDFLAGS])
])

# Warnings are always on; --enable-werror makes them errors.
AC_DEFUN([JRPC_WARNINGS], [
  JRPC_ENABLE([werror], [treat warnings as errors])
  WARN_CFLAGS="-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Wmissing-prototypes -Wformat=2"
  WARN_CXXFLAGS="-Wall -Wextra -Wconversion -Wshadow -Wpedantic"
  AS_IF([test "$enable_werror" = yes], [
    WARN_CFLAGS="$WARN_CFLAGS -Werror"
    WARN_CXXFLAGS="$WARN_CXXFLAGS -Werror"
  ])
  AC_SUBST([WARN_CFLAGS])
  AC_SUBST([WARN_CXXFLAGS])
])
