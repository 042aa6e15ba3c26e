/* SPDX-License-Identifier: MIT */
/*
 * Pages about what idlgen breaking finds in types. An example is the old file with OLD defined, and the
 * new one without.
 */
#include "explain.h"

#include <stddef.h>

const explain_page explain_breaking_types[] = {
    { "type-removed",
      "C programs that use the type do not compile.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct T { long a; };\n"
      "#endif",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; };\n"
      "struct T { long a; };\n"
      "#endif" },
    { "type-kind",
      "The name stands for something of another kind: C programs that use it do not\n"
      "compile.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "enum S { A };\n"
      "#endif",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; };\n"
      "enum T { A };\n"
      "#endif" },
    { "typedef-type",
      "C programs that use the name find another type. Where it travels, that is told\n"
      "in its place.",
      "#ifdef OLD\n"
      "typedef long Id;\n"
      "#else\n"
      "typedef string Id;\n"
      "#endif",
      "#ifdef OLD\n"
      "typedef long Id;\n"
      "#else\n"
      "typedef long Id;\n"
      "typedef string Name;\n"
      "#endif" },
    { "c-name-changed",
      "It is the same thing, called otherwise in C: by @c_name, or because what it is\n"
      "in is.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "@c_name(\"my_s\") struct S { long a; };\n"
      "#endif",
      "struct S { long a; };" },
    { "constant-removed",
      "C programs that use the constant do not compile.",
      "#ifdef OLD\n"
      "const long A = 1;\n"
      "const long B = 2;\n"
      "#else\n"
      "const long B = 2;\n"
      "#endif",
      "const long A = 1;\n"
      "const long B = 2;" },
    { "constant-changed",
      "C programs that are compiled again have the new value or type, and may not\n"
      "expect it; those that are not have the old one.",
      "#ifdef OLD\n"
      "const long LIMIT = 10;\n"
      "#else\n"
      "const long LIMIT = 20;\n"
      "#endif",
      "#ifdef OLD\n"
      "const long LIMIT = 10;\n"
      "#else\n"
      "const long LIMIT = 10;\n"
      "const long NEW_LIMIT = 20;\n"
      "#endif" },
    { "member-added",
      "An old client does not send it. Optional members, and such with a default, may\n"
      "be added at any time. So may members of what only servers send.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; long b; };\n"
      "#endif\n"
      "interface I { void f(in S one); };",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; @default(5) long b; };\n"
      "#endif\n"
      "interface I { void f(in S one); };" },
    { "member-removed",
      "An old client that expects it refuses the answer; one that only sends it is\n"
      "read over. C programs that use it do not compile.",
      "#ifdef OLD\n"
      "struct S { long a; long b; };\n"
      "#else\n"
      "struct S { long a; };\n"
      "#endif\n"
      "interface I { S f(); };",
      "#ifdef OLD\n"
      "struct S { long a; long b; };\n"
      "#else\n"
      "struct S { long a; @deprecated long b; };\n"
      "#endif\n"
      "interface I { S f(); };" },
    { "member-renamed",
      "The member is the same on the wire, and has another name in C.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { @wire_name(\"a\") long b; };\n"
      "#endif\n"
      "interface I { void f(in S one); };",
      "struct S { long a; };\n"
      "interface I { void f(in S one); };" },
    { "member-wire-name",
      "The member has another name on the wire, by which the other side does not find\n"
      "it.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { @wire_name(\"A\") long a; };\n"
      "#endif\n"
      "interface I { void f(in S one); };",
      "struct S { long a; };\n"
      "interface I { void f(in S one); };" },
    { "member-type",
      "The member has another type in C. The wire breaks if there are values of the\n"
      "one that cannot be read as the other, in the direction in which the struct\n"
      "travels.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { string a; };\n"
      "#endif\n"
      "interface I { void f(in S one); };",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; @optional string b; };\n"
      "#endif\n"
      "interface I { void f(in S one); };" },
    { "member-optional",
      "Who has it as optional may leave it out, who has it not expects it. In C\n"
      "another member beside it, or a pointer, says whether it is there: programs\n"
      "that only store the value send nothing.",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { @optional long a; };\n"
      "#endif\n"
      "interface I { S f(); };",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; @optional long b; };\n"
      "#endif\n"
      "interface I { S f(); };" },
    { "default-changed",
      "T_init() sets another value. Programs that rely on it compile, and send that\n"
      "one.",
      "#ifdef OLD\n"
      "struct S { @default(1) long a; };\n"
      "#else\n"
      "struct S { @default(2) long a; };\n"
      "#endif",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { @default(0) long a; };\n"
      "#endif" },
    { "struct-base",
      "The members of the base are in another structure in C. On the wire they stand\n"
      "among the others, so that nothing breaks there.",
      "struct B { long a; };\n"
      "#ifdef OLD\n"
      "struct S : B { long b; };\n"
      "#else\n"
      "struct S { long a; long b; };\n"
      "#endif",
      "struct B { long a; };\n"
      "struct S : B { long b; };" },
    { "union-discriminator",
      "What says which member it is has another type.",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (char) { case 'a': long a; case 'b': string b; };\n"
      "#endif\n"
      "interface I { void f(in U one); };",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: string b; case 3: double c; };\n"
      "#endif\n"
      "interface I { void f(in U one); };" },
    { "union-member-added",
      "A new server may send it, and an old client cannot read it. (What only clients\n"
      "send may have more members. What nothing is selected by is not counted: nobody\n"
      "sends that.)",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: string b; case 3: double c; };\n"
      "#endif\n"
      "interface I { U f(); };",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: string b; case 3: double c; };\n"
      "#endif\n"
      "interface I { void f(in U one); };" },
    { "union-member-removed",
      "An old client may send it, and a new server cannot read it. C programs that\n"
      "use it do not compile.",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; };\n"
      "#endif\n"
      "interface I { void f(in U one); };",
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "interface I { void f(in U one); };" },
    { "union-member-type",
      "The member has another type in C. The wire breaks if there are values of the\n"
      "one that cannot be read as the other, in the direction in which the union\n"
      "travels.",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: boolean b; };\n"
      "#endif\n"
      "interface I { void f(in U one); };",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: string b; case 3: boolean c; };\n"
      "#endif\n"
      "interface I { void f(in U one); };" },
    { "union-label",
      "A label selects another member than before.",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 2: long a; case 1: string b; };\n"
      "#endif\n"
      "interface I { void f(in U one); };",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 2: string b; case 1: long a; };\n"
      "#endif\n"
      "interface I { void f(in U one); };" },
    { "union-setter",
      "U_set_b() is given the label by its caller if there are several for the\n"
      "member, and not if there is one.",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: case 3: string b; };\n"
      "#endif",
      "#ifdef OLD\n"
      "union U switch (long) { case 1: long a; case 2: string b; };\n"
      "#else\n"
      "union U switch (long) { case 1: long a; case 2: string b; case 3: string c; };\n"
      "#endif" },
    { "enumerator-added",
      "A new server may send it, and an old client refuses a name that it does not\n"
      "know. (What only clients send may have more.)",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { A, B, C };\n"
      "#endif\n"
      "interface I { E f(); };",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { A, B, C };\n"
      "#endif\n"
      "interface I { void f(in E one); };" },
    { "enumerator-removed",
      "An old client may send it, and a new server refuses a name that it does not\n"
      "know. C programs that use it do not compile.",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { A };\n"
      "#endif\n"
      "interface I { void f(in E one); };",
      "enum E { A, B };\n"
      "interface I { void f(in E one); };" },
    { "enumerator-renamed",
      "The enumerator is the same on the wire, and has another name in C.",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { A, @wire_name(\"B\") BETA };\n"
      "#endif",
      "enum E { A, B };" },
    { "enumerator-wire-name",
      "The enumerator has another name on the wire, which the other side does not\n"
      "know.",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { A, @wire_name(\"b\") B };\n"
      "#endif\n"
      "interface I { void f(in E one); };",
      "enum E { A, B };\n"
      "interface I { void f(in E one); };" },
    { "enumerator-value",
      "With @wire(\"int\") the number travels, and the other side takes it for another\n"
      "enumerator, or for none.",
      "#ifdef OLD\n"
      "@wire(\"int\") enum E { A, B };\n"
      "#else\n"
      "@wire(\"int\") enum E { B, A };\n"
      "#endif\n"
      "interface I { void f(in E one); };",
      "#ifdef OLD\n"
      "enum E { A, B };\n"
      "#else\n"
      "enum E { B, A };\n"
      "#endif\n"
      "interface I { void f(in E one); };" },
    { "bit-added",
      "A new server may set it, and an old client refuses bits that it does not know.\n"
      "(What only clients send may have more.)",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { X, Y, Z };\n"
      "#endif\n"
      "interface I { B f(); };",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { X, Y, Z };\n"
      "#endif\n"
      "interface I { void f(in B one); };" },
    { "bit-removed",
      "An old client may set it, and a new server refuses bits that it does not know.\n"
      "C programs that use it do not compile.",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { X };\n"
      "#endif\n"
      "interface I { void f(in B one); };",
      "bitmask B { X, Y };\n"
      "interface I { void f(in B one); };" },
    { "bit-renamed",
      "The bit is the same on the wire, and has another name in C.",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { X, YES };\n"
      "#endif",
      "bitmask B { X, Y };" },
    { "bit-position",
      "Bits travel by their position: one is taken for another, or for none.",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { Y, X };\n"
      "#endif\n"
      "interface I { void f(in B one); };",
      "#ifdef OLD\n"
      "bitmask B { X, Y };\n"
      "#else\n"
      "bitmask B { @position(1) Y, @position(0) X };\n"
      "#endif\n"
      "interface I { void f(in B one); };" },
    { "bitmask-size",
      "The unsigned integer that holds it in C is of another size.",
      "#ifdef OLD\n"
      "@bit_bound(8) bitmask B { X };\n"
      "#else\n"
      "@bit_bound(16) bitmask B { X };\n"
      "#endif",
      "#ifdef OLD\n"
      "@bit_bound(8) bitmask B { X };\n"
      "#else\n"
      "@bit_bound(7) bitmask B { X };\n"
      "#endif" },
    { NULL, NULL, NULL, NULL }
};
