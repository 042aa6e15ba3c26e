/* SPDX-License-Identifier: MIT */
/* Pages about the text: syntax, preprocessor, limits. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_texts[] = {
    { "syntax",
      "The text does not follow the grammar here. The message says what was expected.",
      "struct P { long x };",
      "struct P { long x; };" },
    { "character-stray",
      "The character cannot be here. Identifiers are made of the letters A to Z,\n"
      "digits and '_'.",
      "struct P { long gr\xC3\xB6\xC3\x9F" "e; };",
      "struct P { long size; };" },
    { "comment-open",
      "A comment that begins with /* ends with */.",
      "struct P { long x; };\n/* the end",
      "struct P { long x; };\n/* the end */" },
    { "token-length",
      "An identifier has at most 255 characters, a literal at most 65535 bytes.",
      "struct S { long "
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; };",
      "struct S { long a; };" },
    { "error-directive",
      "The file says so itself, with #error.",
      "#error this file is old",
      "struct P { long x; };" },
    { "warning-directive",
      "The file says so itself, with #warning.",
      "#warning this file is old",
      "struct P { long x; };" },
    { "directive-unknown",
      "Lines that begin with # are for the preprocessor, and this one it does not\n"
      "know.",
      "#inclde <jrpc.idl>",
      "#include <jrpc.idl>" },
    { "include-missing",
      "The file was not found beside the including one (for names in quotes), nor in\n"
      "the folders of -I, or it cannot be read.",
      "#include \"no/such/file.idl\"",
      "#include <jrpc.idl>" },
    { "include-syntax",
      "#include needs a name in quotes or angle brackets.",
      "#include jrpc.idl",
      "#include <jrpc.idl>" },
    { "include-nested",
      "What a file defines must not depend on who includes it: its own header is made\n"
      "only once. Include it at the top.",
      "module M {\n#include <jrpc.idl>\n};",
      "#include <jrpc.idl>\nmodule M {\n};" },
    { "include-loop",
      "Files include each other without end: one comes to its #include again, and no\n"
      "macro has changed since. An include guard ends it: #ifndef A_IDL,\n"
      "#define A_IDL ... #endif. (It needs a file that includes itself: here, no\n"
      "example can show it.)",
      "/* a.idl: */ /* #include \"a.idl\" */",
      "/* a.idl: */ /* #ifndef A_IDL ... #endif */" },
    { "include-twice",
      "A file was included twice, and defines its names twice. An include guard or\n"
      "#pragma once in it prevents that. (It needs a second file: here, no example can\n"
      "show it.)",
      "/* a.idl: */ /* struct A { long x; }; */",
      "/* a.idl: */ /* #pragma once */" },
    { "include-depth",
      "Includes are nested at most 64 deep. (It needs as many files: here, no example\n"
      "can show it.)",
      "/* 64 files, each including the next */",
      "/* fewer */" },
    { "if-syntax",
      "The condition of #if cannot be read. It is an expression as in C, with\n"
      "defined(X), over whole numbers.",
      "#if 1 +\n#endif",
      "#if 1 + 1\n#endif" },
    { "if-unbalanced",
      "#elif, #else and #endif belong to an #if.",
      "struct P { long x; };\n#endif",
      "#if 1\nstruct P { long x; };\n#endif" },
    { "if-open",
      "Every #if needs an #endif, in the same file.",
      "#if 1\nstruct P { long x; };",
      "#if 1\nstruct P { long x; };\n#endif" },
    { "line-syntax",
      "#line has a number and perhaps a file name.",
      "#line here",
      "#line 10 \"here.idl\"" },
    { "macro-syntax",
      "The definition of the macro cannot be read.",
      "#define 4 four",
      "#define FOUR 4" },
    { "macro-arguments",
      "The macro is used with another number of arguments than it has, or without the\n"
      "closing parenthesis.",
      "#define TWICE(a) a a\nconst long N = TWICE(1, 2) 4;",
      "#define SAME(a) a\nconst long N = SAME(4);" },
    { "macro-paste",
      "## makes one token of two; these two do not make one.",
      "#define GLUE(a, b) a ## b\nconst long N = 4 GLUE(;, ;)",
      "#define GLUE(a, b) a ## b\nconst long GLUE(N, 1) = 4;" },
    { "macro-redefined",
      "A warning: the macro was something else before. #undef first.",
      "#define N 1\n#define N 2",
      "#define N 1\n#undef N\n#define N 2" },
    { "macro-limit",
      "Macros make more than two million tokens. (The example would be too slow to\n"
      "show.)",
      "/* #define A B B ... */",
      "/* less */" },
    { "nesting-depth",
      "Types, expressions, modules, macro calls, #if and inheritance nest at most 200\n"
      "deep. (The example would be too long to show.)",
      "/* 201 parentheses */",
      "/* fewer */" },
    { "token-limit",
      "A file has at most four million tokens, with all it includes. (The example\n"
      "would be too long to show.)",
      "/* four million tokens */",
      "/* fewer */" },
    { "input-size",
      "A file has at most 16 MiB, all that are read at most 64 MiB. (The example\n"
      "would be too long to show.)",
      "/* 16 MiB */",
      "/* less */" },
    { "file-missing",
      "The file given on the command line cannot be read. (No text can show it.)",
      "/* idlgen no-such-file.idl */",
      "/* idlgen bank.idl */" },
    { NULL, NULL, NULL, NULL }
};
