/* SPDX-License-Identifier: MIT */
/* Words that generated code cannot use as names. */
#include "emit/reserved.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Both tables are sorted by strcmp(). */
static const char *const words[] = {
    "BUFSIZ", "CHAR_BIT", "CHAR_MAX", "CHAR_MIN", "DBL_MAX", "DBL_MIN", "DOMAIN", "EOF", "ERANGE", "EXIT_FAILURE",
    "EXIT_SUCCESS", "FALSE", "FILENAME_MAX", "FLT_MAX", "FLT_MIN", "FOPEN_MAX", "HUGE_VAL", "I", "INFINITY",
    "INT16_MAX", "INT16_MIN", "INT32_MAX", "INT32_MIN", "INT64_MAX", "INT64_MIN", "INT8_MAX", "INT8_MIN", "INT_MAX",
    "INT_MIN", "LONG_MAX", "LONG_MIN", "L_tmpnam", "NAN", "NDEBUG", "NULL", "OVERFLOW", "PATH_MAX", "RAND_MAX",
    "SEEK_CUR", "SEEK_END", "SEEK_SET", "SHRT_MAX", "SHRT_MIN", "SIZE_MAX", "SSIZE_MAX", "TMP_MAX", "TRUE",
    "UCHAR_MAX", "UINT16_MAX", "UINT32_MAX", "UINT64_MAX", "UINT8_MAX", "UINT_MAX", "ULONG_MAX", "UNDERFLOW",
    "USHRT_MAX", "_Alignas", "_Alignof", "_Atomic", "_BitInt", "_Bool", "_Complex", "_Decimal128", "_Decimal32",
    "_Decimal64", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert", "_Thread_local", "alignas", "alignof",
    "and", "and_eq", "asm", "assert", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "char16_t",
    "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "complex", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "errno", "explicit", "export", "extern", "false", "final", "float", "for", "friend",
    "goto", "i386", "if", "imaginary", "import", "inline", "int", "linux", "long", "major", "makedev", "minor", "module",
    "mutable", "namespace", "new", "noexcept", "noreturn", "not", "not_eq", "nullptr", "offsetof", "operator", "or",
    "or_eq", "override", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
    "return", "setjmp", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "stderr", "stdin",
    "stdout", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
    "typename", "typeof", "typeof_unqual", "union", "unix", "unsigned", "using", "va_arg", "va_copy", "va_end",
    "va_start", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

static const char *const globals[] = {
    "FILE", "a", "abort", "abs", "acos", "asin", "atan", "atexit", "atof", "atoi", "atol", "b", "basename", "bcmp", "bcopy",
    "bzero", "call", "calloc", "ceil", "clearerr", "clock", "cos", "ctime", "daemon", "div", "div_t", "dprintf", "dup",
    "error", "exit", "exp", "fclose", "feof", "ferror", "fflush", "ffs", "fgetc", "fgetpos", "fgets", "fileno", "floor",
    "fmod", "fopen", "fpos_t", "fprintf", "fputc", "fputs", "fread", "free", "freopen", "from", "fscanf", "fseek",
    "fsetpos", "ftell", "fwrite", "getc", "getchar", "getenv", "getline", "gets", "impl", "in", "index", "int16_t",
    "int32_t", "int64_t", "int8_t", "intmax_t", "intptr_t", "jrpc", "key", "kill", "labs", "ldiv", "link", "log", "main",
    "malloc", "memccpy", "memchr", "memcmp", "memcpy", "memmove", "mempcpy", "memset", "mktemp", "name", "off_t", "out",
    "pause", "pclose", "peer", "perror", "pipe", "popen", "pow", "printf", "ptrdiff_t", "putc", "putchar", "puts",
    "qsort", "rand", "read", "realloc", "remove", "rename", "rewind", "rindex", "scanf", "self", "seq", "session",
    "setbuf", "setvbuf", "signal", "sin", "size_t", "sleep", "snprintf", "sprintf", "sqrt", "srand", "sscanf", "ssize_t",
    "std", "stpcpy", "strcasecmp", "strcat", "strchr", "strcmp", "strcoll", "strcpy", "strcspn", "strdup", "stream",
    "strerror", "strlen", "strncat", "strncmp", "strncpy", "strndup", "strnlen", "strpbrk", "strrchr", "strsep",
    "strsignal", "strspn", "strstr", "strtod", "strtok", "strtol", "strxfrm", "system", "tan", "time", "time_t",
    "tmpfile", "tmpnam", "to", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "uintmax_t", "uintptr_t", "ungetc",
    "unlink", "userdata", "value", "vprintf", "wait", "want", "write",
};

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

bool reserved_word(const char *name)
{
    /* Names of the implementation: `__x` in C++ too, wherever it stands. */
    if (name[0] == '_' && ((name[1] >= 'A' && name[1] <= 'Z') || name[1] == '_'))
        return true;
    return bsearch(name, words, COUNT_OF(words), sizeof words[0], compare);
}

bool reserved_global(const char *name)
{
    return reserved_word(name) || bsearch(name, globals, COUNT_OF(globals), sizeof globals[0], compare);
}
