/* SPDX-License-Identifier: MIT */
/*
 * Pages about what idlgen breaking finds in calls. An example is the old file with OLD defined, and the
 * new one without.
 */
#include "explain.h"

#include <stddef.h>

const explain_page explain_breaking_calls[] = {
    { "file-removed",
      "A file of the old folder is not in the new one. C programs cannot include its\n"
      "header; the wire breaks unless another file has its methods, by the same names\n"
      "on the wire. (It needs two folders: here, no example can show it.)",
      "/* bank.idl is gone */",
      "/* bank.idl is there */" },
    { "module-removed",
      "The names of all that was in the module begin with something else, in C and on\n"
      "the wire. The right example keeps the interface's name on the wire, and the\n"
      "old C names are gone with the module.",
      "#ifdef OLD\n"
      "module M { interface I { void f(); }; };\n"
      "#else\n"
      "interface I { void f(); };\n"
      "#endif",
      "module M { interface I { void f(); }; };\n"
      "#ifndef OLD\n"
      "interface New { void f(); };\n"
      "#endif" },
    { "interface-removed",
      "C programs of the old interface do not compile. If the wire breaks as well,\n"
      "there are methods that nobody answers to any more, under their names on the\n"
      "wire.",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface J { void f(); };\n"
      "#endif",
      "interface I { void f(); };\n"
      "#ifndef OLD\n"
      "interface J { void f(); };\n"
      "#endif" },
    { "interface-wire-name",
      "The prefix of the names of all its methods is another: an old client asks for\n"
      "methods that do not exist.",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "@wire_name(\"J\") interface I { void f(); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "@wire_name(\"I\") interface I { void f(); };\n"
      "#endif" },
    { "base-removed",
      "A server of the interface no longer answers to the methods of the base.",
      "interface A { void f(); };\n"
      "#ifdef OLD\n"
      "interface B : A { void g(); };\n"
      "#else\n"
      "interface B { void g(); };\n"
      "#endif",
      "interface A { void f(); };\n"
      "#ifdef OLD\n"
      "interface B : A { void g(); };\n"
      "#else\n"
      "interface B : A { void g(); void h(); };\n"
      "#endif" },
    { "operation-removed",
      "An old client calls it, and is told that there is no such method. @deprecated\n"
      "says for a while that nobody should.",
      "#ifdef OLD\n"
      "interface I { void f(); void g(); };\n"
      "#else\n"
      "interface I { void g(); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(); void g(); };\n"
      "#else\n"
      "interface I { @deprecated(\"use g\") void f(); void g(); };\n"
      "#endif" },
    { "operation-renamed",
      "The operation is the same on the wire, and has another name in C. Programs\n"
      "that call or serve it must be changed when they are compiled again.",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface I { @wire_name(\"I.f\") void g(); };\n"
      "#endif",
      "interface I { void f(); };" },
    { "operation-wire-name",
      "An old client asks for a method of the old name.",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface I { @wire_name(\"F\") void f(); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface I { @wire_name(\"I.f\") void f(); };\n"
      "#endif" },
    { "operation-oneway",
      "Nobody waits for a oneway operation: X_send(), X_finish() and X_reply() are\n"
      "not made for it.",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface I { oneway void f(); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(); };\n"
      "#else\n"
      "interface I { void f(); oneway void note_f(); };\n"
      "#endif" },
    { "attribute-removed",
      "An old client reads or sets it, and is told that there is no such method.",
      "#ifdef OLD\n"
      "interface I { attribute long a; attribute long b; };\n"
      "#else\n"
      "interface I { attribute long b; };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { attribute long a; attribute long b; };\n"
      "#else\n"
      "interface I { @deprecated attribute long a; attribute long b; };\n"
      "#endif" },
    { "attribute-readonly",
      "An old client sets it, and is told that there is no such method.",
      "#ifdef OLD\n"
      "interface I { attribute long a; };\n"
      "#else\n"
      "interface I { readonly attribute long a; };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { readonly attribute long a; };\n"
      "#else\n"
      "interface I { attribute long a; };\n"
      "#endif" },
    { "attribute-type",
      "The result of reading it, or the value that it is set to, has another type.\n"
      "Where it breaks only C source, the new values can be read as the old type.",
      "#ifdef OLD\n"
      "interface I { attribute long a; };\n"
      "#else\n"
      "interface I { attribute string a; };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { attribute long a; };\n"
      "#else\n"
      "interface I { attribute long a; attribute string b; };\n"
      "#endif" },
    { "param-added",
      "Parameters are counted: a server takes exactly those that it knows. An out\n"
      "parameter more is a member more in the answer, which an old client reads over;\n"
      "but beside a result it makes a struct of what was the result alone. An\n"
      "optional member of a struct can be added at any time.",
      "#ifdef OLD\n"
      "interface I { void f(in long a); };\n"
      "#else\n"
      "interface I { void f(in long a, in long b); };\n"
      "#endif",
      "#ifdef OLD\n"
      "struct S { long a; };\n"
      "#else\n"
      "struct S { long a; @optional long b; };\n"
      "#endif\n"
      "interface I { void f(in S one); };" },
    { "param-removed",
      "Parameters are counted: a server takes exactly those that it knows. An old\n"
      "client expects all outs that it knows.",
      "#ifdef OLD\n"
      "interface I { void f(in long a, in long b); };\n"
      "#else\n"
      "interface I { void f(in long a); };\n"
      "#endif",
      "interface I { void f(in long a, in long b); };" },
    { "param-order",
      "Parameters have no names on the wire, nor in C: what was sent as one is taken\n"
      "for another, and no compiler says so. Outs travel by name, so their order\n"
      "breaks only C source.",
      "#ifdef OLD\n"
      "interface I { void f(in long from, in long to); };\n"
      "#else\n"
      "interface I { void f(in long to, in long from); };\n"
      "#endif",
      "interface I { void f(in long from, in long to); };" },
    { "param-type",
      "The parameter has another type in C. The wire breaks if there are values of\n"
      "the one that cannot be read as the other, or are read as another value: to a\n"
      "new server for in, to an old client for out.",
      "#ifdef OLD\n"
      "interface I { void f(in long a); };\n"
      "#else\n"
      "interface I { void f(in short a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(in long a); };\n"
      "#else\n"
      "interface I { void f(in long a); void g(in short a); };\n"
      "#endif" },
    { "direction-changed",
      "What goes in is counted; what comes out is a member of the answer, which an\n"
      "old client may miss.",
      "#ifdef OLD\n"
      "interface I { void f(inout long a); };\n"
      "#else\n"
      "interface I { void f(in long a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(inout long a); };\n"
      "#else\n"
      "interface I { void f(inout long a); void g(in long a); };\n"
      "#endif" },
    { "param-wire-name",
      "Outs are members of the answer, by their names. The name of an in parameter is\n"
      "not sent, and may change.",
      "#ifdef OLD\n"
      "interface I { void f(out long a); };\n"
      "#else\n"
      "interface I { void f(out long b); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(out long a); };\n"
      "#else\n"
      "interface I { void f(@wire_name(\"a\") out long b); };\n"
      "#endif" },
    { "result-type",
      "The result has another type in C. The wire breaks if a new server sends what\n"
      "cannot be read as the old type. Who expects no result reads over one.",
      "#ifdef OLD\n"
      "interface I { long f(); };\n"
      "#else\n"
      "interface I { long long f(); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { long f(); };\n"
      "#else\n"
      "interface I { long f(); long long g(); };\n"
      "#endif" },
    { "bound-changed",
      "What one side may send is longer than the other side takes: a new server that\n"
      "takes less, or one that sends more.",
      "#ifdef OLD\n"
      "interface I { void f(in string<8> a); };\n"
      "#else\n"
      "interface I { void f(in string<4> a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(in string<8> a); };\n"
      "#else\n"
      "interface I { void f(in string<16> a); };\n"
      "#endif" },
    { "range-changed",
      "Numbers that one side may send are outside of what the other side takes.",
      "#ifdef OLD\n"
      "interface I { void f(@range(min=0, max=100) in long a); };\n"
      "#else\n"
      "interface I { void f(@range(min=0, max=10) in long a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(@range(min=0, max=100) in long a); };\n"
      "#else\n"
      "interface I { void f(@range(min=0, max=1000) in long a); };\n"
      "#endif" },
    { "unique-changed",
      "Equal elements, which one side may send, are refused by the other.",
      "#ifdef OLD\n"
      "interface I { void f(in sequence<long> a); };\n"
      "#else\n"
      "interface I { void f(@unique in sequence<long> a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(@unique in sequence<long> a); };\n"
      "#else\n"
      "interface I { void f(in sequence<long> a); };\n"
      "#endif" },
    { "wire-form",
      "An integer with @wire(\"string\") travels as text, an enum with @wire(\"int\") as\n"
      "its number. Who expects text reads a number too, who expects the number of an\n"
      "enum reads its name; not the other way round.",
      "#ifdef OLD\n"
      "interface I { void f(@wire(\"string\") in long long a); };\n"
      "#else\n"
      "interface I { void f(in long long a); };\n"
      "#endif",
      "#ifdef OLD\n"
      "interface I { void f(in long long a); };\n"
      "#else\n"
      "interface I { void f(@wire(\"string\") in long long a); };\n"
      "#endif" },
    { "exception-removed",
      "C programs that look for it do not compile. On the wire an exception that is\n"
      "never raised breaks nothing.",
      "interface I { void f(); };\n"
      "#ifdef OLD\n"
      "@fault(1) exception E {};\n"
      "#else\n"
      "\n"
      "#endif",
      "@fault(1) exception E {};\n"
      "interface I { void f(); };" },
    { "exception-code",
      "An old client knows an exception by the code of its fault: now it does not, or\n"
      "takes it for another one. Without @fault the code is counted, so that an\n"
      "exception in front changes it.",
      "#ifdef OLD\n"
      "exception E {};\n"
      "#else\n"
      "exception D {};\n"
      "exception E {};\n"
      "#endif\n"
      "interface I { void f() raises (E); };",
      "#ifdef OLD\n"
      "exception E {};\n"
      "#else\n"
      "@fault(1002) exception D {};\n"
      "@fault(1001) exception E {};\n"
      "#endif\n"
      "interface I { void f() raises (E); };" },
    { "exception-name",
      "The code is that of an exception that an old client knows, but the name is\n"
      "another: so it does not look at the members, and has defaults in their place.",
      "#ifdef OLD\n"
      "@fault(1) exception Full { string why; };\n"
      "interface I { void f() raises (Full); };\n"
      "#else\n"
      "@fault(1) exception Busy { string why; };\n"
      "@fault(2) exception Full { string why; };\n"
      "interface I { void f() raises (Busy); };\n"
      "#endif",
      "#ifdef OLD\n"
      "@fault(1) exception Full { string why; };\n"
      "#else\n"
      "@fault(1) exception Full { string why; };\n"
      "@fault(2) exception Busy { string why; };\n"
      "#endif\n"
      "interface I { void f() raises (Full); };" },
    { NULL, NULL, NULL, NULL }
};
