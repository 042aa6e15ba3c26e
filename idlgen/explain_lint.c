/* SPDX-License-Identifier: MIT */
/* Pages about what `idlgen lint` finds. */
#include "explain.h"

#include <stddef.h>

const explain_page explain_lint[] = {
    { "type-name",
      "Lint: names of types, exceptions and interfaces are CapWords: words with a\n"
      "capital, without '_' between them. In C a '_' stands for '::', so that A_B could\n"
      "be B in module A as well. Names of interfaces and exceptions are seen on the\n"
      "wire: what is in use already keeps its name, with\n"
      "// idl-lint: allow(type-name), or keeps it on the wire only, with @wire_name.",
      "struct map_point { long x; };",
      "struct MapPoint { long x; };" },
    { "module-name",
      "Lint: modules are CapWords or lower_case.",
      "module MAP_tools {\n    const long N = 1;\n};",
      "module MapTools {\n    const long N = 1;\n};" },
    { "operation-name",
      "Lint: operations and attributes are lowerCamel or lower_case, not both in one\n"
      "name. The name is part of the method's name on the wire: one that is in use\n"
      "stays there with @wire_name, or is allowed with // idl-lint: allow(operation-name).",
      "interface Shop { void SellAll(); };",
      "interface Shop { void sellAll(); };" },
    { "member-name",
      "Lint: members, arms of unions and parameters are lowerCamel or lower_case, not\n"
      "both in one name. Members are seen on the wire: @wire_name keeps an old name\n"
      "there.",
      "struct Point { long PosX; };",
      "struct Point { long pos_x; };" },
    { "constant-name",
      "Lint: constants, enumerators and the bits of a bitmask are UPPER_CASE.\n"
      "Enumerators are seen on the wire, as strings: @wire_name keeps an old name there.",
      "enum Colour { red, darkGreen };",
      "enum Colour { RED, DARK_GREEN };" },
    { "doc-missing",
      "Lint: interfaces, operations, attributes, structs, unions, enums, bitmasks and\n"
      "exceptions say what they are for, in a comment that begins with ///. It goes into\n"
      "the header, into the reference and into what system.methodHelp answers.",
      "/// Sells things.\ninterface Shop { void sell(in string item); };",
      "/// Sells things.\ninterface Shop {\n"
      "    /// Takes one of the item from the shelf and puts it on the bill.\n"
      "    void sell(in string item);\n};" },
    { "fault-implicit",
      "Lint: the code of an exception without @fault is 1000 and its position in the\n"
      "file: another exception put before it changes the code, and clients that were\n"
      "built before take one exception for the other.",
      "exception SoldOut { string item; };\ninterface Shop { void sell() raises (SoldOut); };",
      "@fault(1) exception SoldOut { string item; };\ninterface Shop { void sell() raises (SoldOut); };" },
    { "enum-zero",
      "Lint: memory that was cleared holds 0. When no enumerator is 0, a struct that was\n"
      "set up in C, or that came with the member left out, holds none of them until it\n"
      "is assigned, and cannot be sent.",
      "enum State { @value(1) ON, @value(2) OFF };",
      "enum State { UNKNOWN, ON, OFF };" },
    { "deprecated-why",
      "Lint: who is told by the compiler that something is deprecated wants to know what\n"
      "to use in its place.",
      "interface Shop { @deprecated void sell(); };",
      "interface Shop { @deprecated(\"use order\") void sell(); };" },
    { "boolean-parameters",
      "Lint: a call like sell(item, true, false) shows no reader which is which, and two\n"
      "that were swapped compile. An enum, a bitmask or a struct has names.",
      "interface Shop { void sell(in boolean wrapped, in boolean gift); };",
      "bitmask Options { WRAPPED, GIFT };\ninterface Shop { void sell(in Options how); };" },
    { "include-unused",
      "Lint: the file names nothing that comes through this #include, neither a\n"
      "definition nor a macro. Who includes this file reads the other one for nothing.",
      "#include <jrpc.idl>\nstruct Visit { string when; };",
      "#include <jrpc.idl>\nstruct Visit { jrpc::DateTime when; };" },
    { "type-unused",
      "Lint: no operation, attribute or other type of this file uses the type, or no\n"
      "operation raises the exception. (Files without operations are there to be\n"
      "included, and are not asked.)",
      "struct Price { long cents; };\ninterface Shop { long ask(in string item); };",
      "struct Price { long cents; };\ninterface Shop { Price ask(in string item); };" },
    { "wire-wide-integer",
      "Lint: XML-RPC has integers of 32 bits. What does not fit travels as <i8>, which\n"
      "slixmpp refuses and Net::Jabber reads as nothing. Smaller values of the same type\n"
      "are fine, which makes it a surprise. 'long' or a @range may do; @wire(\"string\")\n"
      "sends text. Where all callers are made with idlgen, or 64 bits are needed, allow it.",
      "struct Disk { long long bytes; };",
      "struct Disk { long kilobytes; @wire(\"string\") long long bytes; };" },
    { "wire-any",
      "Lint: an any can be <nil/>, <i8> or a type that no reader of the interface\n"
      "expects; generated code can check nothing. A union says what there can be.",
      "interface Store { any get(in string key); };",
      "union Item switch (long) { case 0: long number; case 1: string text; };\n"
      "interface Store { Item get(in string key); };" },
    { "wire-optional",
      "Lint, off by default: a member that is @optional is left out of its <struct> when\n"
      "it is absent (never sent as <nil/>). Peers that were not made with idlgen may\n"
      "expect all members each time; @default does not help them either, it fills in\n"
      "only what we read.",
      "struct Person { @optional string email; };",
      "struct Person { string email; };" },
    { "wire-empty-struct",
      "Lint: the schema in XEP-0009 has at least one <member> in a <struct>. idlgen reads\n"
      "and writes empty ones, strict peers may not.",
      "struct Nothing {};",
      "struct Something { boolean really; };" },
    { "allow-unknown",
      "Lint: a comment that begins with idl-lint: has allow(RULE), enable(RULE) or\n"
      "disable(RULE) behind it, with the names that `idlgen lint --rules` lists; the\n"
      "last two stand before the first declaration.",
      "// idl-lint: allow(type-nmae)\nstruct Point { long x; };",
      "// idl-lint: allow(type-name)\nstruct point { long x; };" },
    { "allow-unused",
      "Lint: nothing on the line, or in the declaration, is against the rule that the\n"
      "comment allows. It was mended, or the comment is in the wrong place.",
      "// idl-lint: allow(member-name)\nstruct Point { long x; };",
      "// idl-lint: allow(member-name)\nstruct Point { long X; };" },
    { NULL, NULL, NULL, NULL }
};
