/* SPDX-License-Identifier: MIT */
/* Pages about constants. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_constants[] = {
    { "constant-range",
      "The value does not fit the type.",
      "const short BIG = 70000;",
      "const long BIG = 70000;" },
    { "uint64-range",
      "A note, once a file: <i8> ends at 9223372036854775807, so that a larger\n"
      "'unsigned long long' is refused when it is sent. As text it can pass; or say\n"
      "with @max or @range that such values do not occur.",
      "struct Disk { unsigned long long bytes; };",
      "struct Disk { @wire(\"string\") unsigned long long bytes; };" },
    { "constant-type",
      "The value is of another kind than the type, or the operator is not for values\n"
      "of this kind.",
      "const long N = 1.5;",
      "const double N = 1.5;" },
    { "constant-mixed",
      "An operator takes whole numbers or floating point numbers, but not one of each\n"
      "(OMG IDL 4.2, 7.4.1.4.3). Write the whole one with a point; a constant that is\n"
      "used with floating point numbers is a double itself.",
      "const double N = 2 * 1.5;",
      "const double N = 2.0 * 1.5;" },
    { "constant-overflow",
      "Constants are computed exactly; this one does not fit 64 bits, or a double, on\n"
      "the way.",
      "const unsigned long long N = 18446744073709551615 + 1;",
      "const unsigned long long N = 18446744073709551615;" },
    { "constant-shift",
      "Bits are shifted by 0 to 63 places.",
      "const long N = 1 << 64;",
      "const long N = 1 << 30;" },
    { "constant-division",
      "Nothing can be divided by zero.",
      "const long N = 10 / 0;",
      "const long N = 10 / 2;" },
    { "literal-number",
      "The number is not written as IDL writes numbers: 12, 0x1F, 017 (octal), 1.5,\n"
      "1e9. There are no suffixes.",
      "const long N = 12L;",
      "const long N = 12;" },
    { "literal-text",
      "The text cannot be read: an unknown escape, bytes that are not UTF-8, a NUL,\n"
      "or not exactly one character between single quotes. A NUL, '\\0', can be a\n"
      "character but is in no string.",
      "const string S = \"a\\qb\";",
      "const string S = \"a\\\\qb\";" },
    { "literal-open",
      "The closing quote is missing. A string ends on its line; two strings side by\n"
      "side are one.",
      "const string S = \"abc",
      "const string S = \"abc\";" },
    { NULL, NULL, NULL, NULL }
};
