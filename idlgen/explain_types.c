/* SPDX-License-Identifier: MIT */
/* Pages about types. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_types[] = {
    { "type-habit",
      "This is how another language writes it. The message says what IDL has instead.",
      "struct P { int x; };",
      "struct P { long x; };" },
    { "type-void",
      "void is the result of operations that return nothing, and nothing else. An\n"
      "operation without parameters has ().",
      "interface I { long get(void); };",
      "interface I { long get(); };" },
    { "type-recursive",
      "A type cannot hold itself: it would never end. A sequence of it can be empty,\n"
      "so that is allowed.",
      "struct Node { string name; Node next; };",
      "struct Node { string name; sequence<Node> next; };" },
    { "type-incomplete",
      "The type was only declared so far. Sequences and maps of it can be made;\n"
      "everything else needs the definition.",
      "struct Leaf;\nstruct Tree { Leaf first; };\nstruct Leaf { long x; };",
      "struct Leaf { long x; };\nstruct Tree { Leaf first; };" },
    { "type-inner",
      "Types are defined on their own, not where a parameter or the like needs one.",
      "interface I { void f(in struct P { long x; } where); };",
      "interface I { struct P { long x; }; void f(in P where); };" },
    { "type-depth",
      "Values may nest 64 levels deep, on every side of a call. This type has more.",
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<long>>>>>>>> A;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<A>>>>>>>> B;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<B>>>>>>>> C;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<C>>>>>>>> D;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<D>>>>>>>> E;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<E>>>>>>>> F;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<F>>>>>>>> G;\n"
      "typedef sequence<sequence<sequence<sequence<sequence<sequence<sequence<sequence<G>>>>>>>> H;",
      "typedef sequence<sequence<long>> A;" },
    { "unsupported",
      "IDL has this, but XML-RPC cannot carry it, so idlgen does not read on:\n"
      "references to objects, valuetypes, fixed, long double, native types, abstract\n"
      "and local interfaces, components, bitsets, import.",
      "struct Price { fixed<9,2> amount; };",
      "struct Price { long long cents; };" },
    { "map-key",
      "A map travels as a struct, whose member names are its keys. So keys are\n"
      "strings, integers, booleans, characters or enumerators.",
      "typedef map<double, string> Names;",
      "typedef map<long, string> Names;" },
    { "bound-range",
      "Bounds and sizes are whole numbers from 1 up. What has no bound has no number.",
      "typedef sequence<long, 0> Numbers;",
      "typedef sequence<long> Numbers;" },
    { "const-type",
      "Constants are numbers, booleans, characters, strings or enumerators.",
      "struct P { long x; };\nconst P ORIGIN = 0;",
      "const long ORIGIN = 0;" },
    { "param-array",
      "Arrays are passed by the name of a typedef.",
      "interface I { void f(in long a[3]); };",
      "typedef long Three[3];\ninterface I { void f(in Three a); };" },
    { "union-switch",
      "What a union switches on is an integer, boolean, char or enum: its values can\n"
      "be listed.",
      "union U switch (string) { case \"a\": long a; };",
      "union U switch (long) { case 1: long a; };" },
    { "union-empty",
      "A union needs at least one member.",
      "union U switch (long) { };",
      "union U switch (long) { case 1: long a; };" },
    { "label-duplicate",
      "A value selects one member: it can be a label once.",
      "union U switch (long) { case 1: long a; case 1: string b; };",
      "union U switch (long) { case 1: long a; case 2: string b; };" },
    { "default-useless",
      "All values have their labels; the default can never be reached.",
      "union U switch (boolean) { case TRUE: long a; case FALSE: string b; default: double c; };",
      "union U switch (boolean) { case TRUE: long a; case FALSE: string b; };" },
    { "enum-empty",
      "An enum needs an enumerator, a bitmask a bit.",
      "enum Colour { };",
      "enum Colour { RED };" },
    { "enum-assign",
      "IDL gives an enumerator its number by an annotation. (On the wire it travels\n"
      "by its name anyway.)",
      "enum Level { LOW = 10, HIGH };",
      "enum Level { @value(10) LOW, HIGH };" },
    { "enum-value",
      "Every enumerator has its own value, of 32 bits. What has no @value counts on\n"
      "from the one before.",
      "enum Level { @value(1) LOW, @value(1) HIGH };",
      "enum Level { @value(1) LOW, @value(2) HIGH };" },
    { "bitmask-position",
      "Every bit has its own position, below the bit_bound (32 without the\n"
      "annotation).",
      "bitmask Flags { @position(3) A, @position(3) B };",
      "bitmask Flags { @position(3) A, @position(4) B };" },
    { NULL, NULL, NULL, NULL }
};
