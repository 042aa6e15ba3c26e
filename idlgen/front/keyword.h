/* SPDX-License-Identifier: MIT */
/* Keywords: the reserved words of IDL, and newer ones that count only where they can be meant. */
#ifndef FRONT_KEYWORD_H
#define FRONT_KEYWORD_H

#include <stdbool.h>

/* XX(NAME, spelling) */
#define KEYWORD_RESERVED_MAP(XX) \
    XX(ABSTRACT, "abstract") \
    XX(ANY, "any") \
    XX(ATTRIBUTE, "attribute") \
    XX(BOOLEAN, "boolean") \
    XX(CASE, "case") \
    XX(CHAR, "char") \
    XX(CONST, "const") \
    XX(CONTEXT, "context") \
    XX(CUSTOM, "custom") \
    XX(DEFAULT, "default") \
    XX(DOUBLE, "double") \
    XX(ENUM, "enum") \
    XX(EXCEPTION, "exception") \
    XX(FACTORY, "factory") \
    XX(FALSE, "FALSE") \
    XX(FIXED, "fixed") \
    XX(FLOAT, "float") \
    XX(IN, "in") \
    XX(INOUT, "inout") \
    XX(INTERFACE, "interface") \
    XX(LOCAL, "local") \
    XX(LONG, "long") \
    XX(MODULE, "module") \
    XX(NATIVE, "native") \
    XX(OBJECT, "Object") \
    XX(OCTET, "octet") \
    XX(ONEWAY, "oneway") \
    XX(OUT, "out") \
    XX(PRIVATE, "private") \
    XX(PUBLIC, "public") \
    XX(RAISES, "raises") \
    XX(READONLY, "readonly") \
    XX(SEQUENCE, "sequence") \
    XX(SHORT, "short") \
    XX(STRING, "string") \
    XX(STRUCT, "struct") \
    XX(SUPPORTS, "supports") \
    XX(SWITCH, "switch") \
    XX(TRUE, "TRUE") \
    XX(TRUNCATABLE, "truncatable") \
    XX(TYPEDEF, "typedef") \
    XX(UNION, "union") \
    XX(UNSIGNED, "unsigned") \
    XX(VALUEBASE, "ValueBase") \
    XX(VALUETYPE, "valuetype") \
    XX(VOID, "void") \
    XX(WCHAR, "wchar") \
    XX(WSTRING, "wstring")

/* IDL 3 and 4 added these; older files use them as names. */
#define KEYWORD_CONTEXTUAL_MAP(XX) \
    XX(BITMASK, "bitmask") \
    XX(BITSET, "bitset") \
    XX(COMPONENT, "component") \
    XX(CONNECTOR, "connector") \
    XX(EVENTTYPE, "eventtype") \
    XX(GETRAISES, "getraises") \
    XX(HOME, "home") \
    XX(IMPORT, "import") \
    XX(INT8, "int8") \
    XX(INT16, "int16") \
    XX(INT32, "int32") \
    XX(INT64, "int64") \
    XX(MAP, "map") \
    XX(PORTTYPE, "porttype") \
    XX(SETRAISES, "setraises") \
    XX(TYPEID, "typeid") \
    XX(TYPEPREFIX, "typeprefix") \
    XX(UINT8, "uint8") \
    XX(UINT16, "uint16") \
    XX(UINT32, "uint32") \
    XX(UINT64, "uint64")

typedef enum keyword {
    KW_NONE = 0,
#define KEYWORD_ENUM(name, text) KW_##name,
    KEYWORD_RESERVED_MAP(KEYWORD_ENUM)
    KW_LAST_RESERVED = KW_WSTRING,
    KEYWORD_CONTEXTUAL_MAP(KEYWORD_ENUM)
#undef KEYWORD_ENUM
    KW_COUNT
} keyword;

/* By lower-case spelling; KW_NONE when it is none. */
keyword keyword_find(const char *lower);
const char *keyword_text(keyword k);

static inline bool keyword_is_reserved(keyword k)
{
    return k != KW_NONE && k <= KW_LAST_RESERVED;
}

#endif
