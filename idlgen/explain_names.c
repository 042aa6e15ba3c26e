/* SPDX-License-Identifier: MIT */
/* Pages about names and scopes. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_names[] = {
    { "name-unknown",
      "The name is defined nowhere that can be seen from here, or only further down:\n"
      "IDL reads from top to bottom. Names of another module are written with it:\n"
      "M::Name.",
      "interface Shop { Price ask(in string item); };",
      "struct Price { long cents; };\ninterface Shop { Price ask(in string item); };" },
    { "name-redefined",
      "A scope can hold a name once. Names that differ only in case are the same\n"
      "name, and enumerators belong to the scope around their enum. IDL has no\n"
      "overloading.",
      "enum Light { RED, GREEN };\nenum Wine { RED, WHITE };",
      "enum Light { LIGHT_RED, LIGHT_GREEN };\nenum Wine { WINE_RED, WINE_WHITE };" },
    { "python-name-clash",
      "Only with --python: two definitions would have one name in the module. Each\n"
      "interface I makes IClient and IServer, each type T makes T_type, each member m\n"
      "of a union U makes U_m.",
      "interface A { void op(); };\nstruct AClient { long id; };",
      "interface A { void op(); };\nstruct ACustomer { long id; };" },
    { "name-case",
      "A name is written everywhere as where it is defined, capitals included.",
      "struct Point { long x; };\ntypedef sequence<point> Points;",
      "struct Point { long x; };\ntypedef sequence<Point> Points;" },
    { "name-after-use",
      "A scope that has used a name of an outer scope cannot give it another meaning\n"
      "afterwards.",
      "typedef string Text;\nmodule M {\n    typedef sequence<Text> Lines;\n    typedef long Text;\n};",
      "typedef string Text;\nmodule M {\n    typedef sequence<Text> Lines;\n    typedef long Size;\n};" },
    { "name-of-scope",
      "What is defined inside a module, interface, struct or union cannot have the\n"
      "name of what is around it.",
      "module Bank { struct bank { long id; }; };",
      "module Bank { struct Branch { long id; }; };" },
    { "name-ambiguous",
      "Two base interfaces define the name differently. Say which is meant:\n"
      "Base::Name.",
      "interface A { typedef long Id; };\ninterface B { typedef string Id; };\n"
      "interface C : A, B { Id get(); };",
      "interface A { typedef long Id; };\ninterface B { typedef string Id; };\n"
      "interface C : A, B { A::Id get(); };" },
    { "name-not-type",
      "The name exists, but what it means is not a type.",
      "const long N = 4;\nstruct S { N x; };",
      "const long N = 4;\nstruct S { long x[N]; };" },
    { "name-not-constant",
      "The name exists, but what it means has no value.",
      "typedef long Size;\ntypedef string<Size> Text;",
      "const long Size = 10;\ntypedef string<Size> Text;" },
    { "name-like-type",
      "A warning: the name of a member or parameter differs from a type's name used\n"
      "in the same scope only in case. IDL forbids it, and strict compilers refuse\n"
      "it; idlgen reads it.",
      "struct Item { long id; };\nstruct Order { Item item; };",
      "struct Item { long id; };\nstruct Order { Item ordered; };" },
    { "keyword-as-name",
      "Keywords cannot be names, in any case. A '_' in front makes one a name; it is\n"
      "an escape and no part of the name.",
      "struct Rule { string context; };",
      "struct Rule { string _context; };" },
    { "keyword-case",
      "Keywords are written as the language spells them: lower case, but TRUE, FALSE\n"
      "and Object.",
      "const boolean ON = true;",
      "const boolean ON = TRUE;" },
    { "identifier-underscore",
      "One '_' in front of a name is an escape; a letter must follow.",
      "struct S { long __id; };",
      "struct S { long id; };" },
    { "inherit-clash",
      "An interface gets the operations and attributes of its bases. It cannot define\n"
      "them again, nor get two different ones of the same name.",
      "interface Base { void stop(); };\ninterface Derived : Base { void stop(); };",
      "interface Base { void stop(); };\ninterface Derived : Base { void halt(); };" },
    { "base-kind",
      "Interfaces inherit from interfaces, structs from one struct. Nothing else has\n"
      "a base.",
      "struct Point { long x; };\ninterface Shape : Point { void draw(); };",
      "interface Thing { void touch(); };\ninterface Shape : Thing { void draw(); };" },
    { "base-incomplete",
      "A base must be defined before; a forward declaration is not enough.",
      "interface A;\ninterface B : A { void f(); };\ninterface A { void g(); };",
      "interface A { void g(); };\ninterface B : A { void f(); };" },
    { "base-twice",
      "The same interface is in the list of bases twice. (To inherit it by several\n"
      "ways is allowed.)",
      "interface A { void f(); };\ninterface B : A, A { void g(); };",
      "interface A { void f(); };\ninterface B : A { void g(); };" },
    { "forward-undefined",
      "A struct or union was declared, but its definition never came.",
      "struct Node;\ntypedef sequence<Node> Nodes;",
      "struct Node;\ntypedef sequence<Node> Nodes;\nstruct Node { Nodes children; };" },
    { "wire-name",
      "A name for the wire must fit XML-RPC: methods have letters, digits and '_.:/'\n"
      "only, and none is empty. An interface may have \"\": then its operations have\n"
      "bare names.",
      "interface Echo { @wire_name(\"say it\") string say(in string text); };",
      "interface Echo { @wire_name(\"say.it\") string say(in string text); };" },
    { "wire-name-clash",
      "Two things have the same name on the wire, where nothing else tells them\n"
      "apart.",
      "struct P { long x; @wire_name(\"x\") long y; };",
      "struct P { long x; @wire_name(\"y2\") long y; };" },
    { "wire-name-shared",
      "A warning: two interfaces have a method of one name on the wire. A server can\n"
      "serve one of them; a caller does not know which.",
      "interface A { @wire_name(\"add\") long add(in long a); };\n"
      "interface B { @wire_name(\"add\") long sum(in long a); };",
      "interface A { @wire_name(\"add\") long add(in long a); };\n"
      "interface B { @wire_name(\"sum\") long sum(in long a); };" },
    { "c-name",
      "@c_name gives the name in C: letters, digits and '_', beginning with a letter.",
      "@c_name(\"my-point\") struct P { long x; };",
      "@c_name(\"my_point\") struct P { long x; };" },
    { "c-name-clash",
      "Two names would be the same in the generated C, or one of them belongs to C or\n"
      "the library. @c_name gives one of them another name in C; on the wire nothing\n"
      "changes.",
      "module A { struct B_C { long x; }; };\nmodule A_B { struct C { long x; }; };",
      "module A { struct B_C { long x; }; };\nmodule A_B { @c_name(\"A_B_C2\") struct C { long x; }; };" },
    { "c-name-reserved",
      "The name in C belongs to C, C++, their macros or the library. @c_name gives\n"
      "another one.",
      "@c_name(\"errno\") struct P { long x; };",
      "@c_name(\"my_errno\") struct P { long x; };" },
    { NULL, NULL, NULL, NULL }
};
