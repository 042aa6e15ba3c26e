/* SPDX-License-Identifier: MIT */
/* Pages about operations, exceptions and annotations. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_calls[] = {
    { "param-direction",
      "Every parameter says which way it travels: in to the server, out back to the\n"
      "caller, inout both.",
      "interface I { string say(string text); };",
      "interface I { string say(in string text); };" },
    { "oneway-result",
      "The caller of a oneway operation does not wait: nothing can come back.",
      "interface Log { oneway long write(in string line); };",
      "interface Log { oneway void write(in string line); };" },
    { "raises-kind",
      "raises, getraises and setraises name exceptions.",
      "struct Bad { string why; };\ninterface I { void f() raises (Bad); };",
      "exception Bad { string why; };\ninterface I { void f() raises (Bad); };" },
    { "raises-twice",
      "The exception is in the list already.",
      "exception Bad { string why; };\ninterface I { void f() raises (Bad, Bad); };",
      "exception Bad { string why; };\ninterface I { void f() raises (Bad); };" },
    { "attribute-raises",
      "Reading and writing an attribute fail apart: getraises and setraises. Only a\n"
      "readonly one has raises.",
      "exception Bad { string why; };\ninterface I { attribute long x raises (Bad); };",
      "exception Bad { string why; };\ninterface I { attribute long x getraises (Bad); };" },
    { "fault-clash",
      "Exceptions travel as a fault with a number: of @fault(n), or 1000 + n for the\n"
      "n-th exception of its file. Two of a file cannot have the same.",
      "exception A { };\n@fault(1001) exception B { };",
      "exception A { };\n@fault(2001) exception B { };" },
    { "fault-same",
      "A warning: the operation raises two exceptions of different files that have\n"
      "the same number. Peers that know only plain XML-RPC cannot tell them apart. It\n"
      "needs two files to happen: here, no example can show it.",
      "/* a.idl: */ /* exception A { }; */ /* b.idl: */ /* exception B { }; */",
      "/* a.idl: */ /* @fault(1) exception A { }; */ /* b.idl: */ /* @fault(2) exception B { }; */" },
    { "fault-reserved",
      "The fault codes -32768 to -32000 say what the runtime has to say.",
      "@fault(-32601) exception Mine { };",
      "@fault(601) exception Mine { };" },
    { "context-ignored",
      "A warning: 'context' passes properties of the caller in CORBA. XML-RPC has\n"
      "nothing for it.",
      "interface I { void f() context (\"LANG\"); };",
      "interface I { void f(in string lang); };" },
    { "interface-size",
      "An operation has at most 255 parameters and exceptions, an interface at most\n"
      "65535 operations. (The example would be too long to show.)",
      "/* interface I { void f(in long p1, ... in long p256); }; */",
      "/* struct Arguments { ... }; interface I { void f(in Arguments all); }; */" },
    { "empty-module",
      "--module makes a module of rpc-server, which serves interfaces: a file without\n"
      "operations has nothing to serve.",
      "struct P { long x; };",
      "struct P { long x; };\ninterface I { P get(); };" },
    { "annotation-unknown",
      "idlgen does not know this annotation and skips it. It is a warning when it\n"
      "looks like a slip of the pen.",
      "struct S { @optionl long x; };",
      "struct S { @optional long x; };" },
    { "annotation-target",
      "The annotation has no meaning here. Parameters, for example, cannot be\n"
      "optional: XML-RPC counts them.",
      "interface I { void f(@optional in long x); };",
      "struct Arguments { @optional long x; };\ninterface I { void f(in Arguments all); };" },
    { "annotation-twice",
      "The annotation is there twice.",
      "struct S { @unit(\"m\") @unit(\"km\") long x; };",
      "struct S { @unit(\"km\") long x; };" },
    { "annotation-argument",
      "The annotation's argument is missing, or has another name, or is nothing it\n"
      "can use.",
      "interface I { @timeout(\"soon\") void f(); };",
      "interface I { @timeout(\"5s\") void f(); };" },
    { "annotation-type",
      "The annotation has no meaning for this type: @unique is for sequences, @min,\n"
      "@max and @range are for numbers, @wire is for integers, and for enums where\n"
      "they are defined.",
      "struct S { @unique long x; };",
      "struct S { @unique sequence<long> x; };" },
    { "annotation-conflict",
      "Two annotations contradict each other: a default outside the range, say, or an\n"
      "optional key.",
      "struct S { @range(min=1, max=9) @default(10) long x; };",
      "struct S { @range(min=1, max=9) @default(5) long x; };" },
    { NULL, NULL, NULL, NULL }
};
