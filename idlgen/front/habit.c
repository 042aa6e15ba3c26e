/* SPDX-License-Identifier: MIT */
/* Habits of other languages. */
#include "front/habit.h"

#include <stddef.h>
#include <string.h>

typedef struct habit {
    const char *name, *hint;
} habit;

static const char *find(const habit *table, const char *name)
{
    for (; table->name; table++) {
        if (strcmp(table->name, name) == 0)
            return table->hint;
    }
    return NULL;
}

static const habit types[] = {
    { "int", "use 'long' or 'int32'" },
    { "signed", "integers are signed without it: use 'short', 'long' or 'long long'" },
    { "bool", "use 'boolean'" },
    { "Bool", "use 'boolean'" },
    { "byte", "use 'octet'" },
    { "Byte", "use 'octet'" },
    { "bytes", "use 'sequence<octet>'" },
    { "blob", "use 'sequence<octet>'" },
    { "uint", "use 'unsigned long' or 'uint32'" },
    { "ulong", "use 'unsigned long'" },
    { "ushort", "use 'unsigned short'" },
    { "uchar", "use 'octet'" },
    { "int8_t", "use 'int8'" },
    { "int16_t", "use 'short' or 'int16'" },
    { "int32_t", "use 'long' or 'int32'" },
    { "int64_t", "use 'long long' or 'int64'" },
    { "uint8_t", "use 'octet' or 'uint8'" },
    { "uint16_t", "use 'unsigned short' or 'uint16'" },
    { "uint32_t", "use 'unsigned long' or 'uint32'" },
    { "uint64_t", "use 'unsigned long long' or 'uint64'" },
    { "i8", "use 'int8'" },
    { "i16", "use 'int16'" },
    { "i32", "use 'int32'" },
    { "i64", "use 'int64'" },
    { "u8", "use 'uint8'" },
    { "u16", "use 'uint16'" },
    { "u32", "use 'uint32'" },
    { "u64", "use 'uint64'" },
    { "f32", "use 'float'" },
    { "f64", "use 'double'" },
    { "float32", "use 'float'" },
    { "float64", "use 'double'" },
    { "Integer", "use 'long' or 'int32'" },
    { "integer", "use 'long' or 'int32'" },
    { "number", "use 'double', or 'long' for whole numbers" },
    { "real", "use 'double'" },
    { "size_t", "use 'unsigned long' or 'uint64'" },
    { "ssize_t", "use 'long' or 'int64'" },
    { "time_t", "use 'jrpc::DateTime' of jrpc.idl, or 'long long'" },
    { "Date", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "Timestamp", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "DateTime", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "dateTime", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "datetime", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "timestamp", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "str", "use 'string'" },
    { "text", "use 'string'" },
    { "wchar_t", "use 'wchar'" },
    { "list", "use 'sequence<T>'" },
    { "List", "use 'sequence<T>'" },
    { "vector", "use 'sequence<T>'" },
    { "array", "use 'sequence<T>', or 'T name[n]' for a fixed number" },
    { "Array", "use 'sequence<T>', or 'T name[n]' for a fixed number" },
    { "repeated", "use 'sequence<T>'" },
    { "Optional", "write '@optional' before the type" },
    { "set", "use '@unique sequence<T>'" },
    { "Set", "use '@unique sequence<T>'" },
    { "dict", "use 'map<K, V>'" },
    { "Map", "use 'map<K, V>'" },
    { "hash", "use 'map<K, V>'" },
    { "object", "use 'any', or a struct" },
    { "variant", "use 'any', or a union" },
    { "optional", "write '@optional' before the type" },
    { "required", "members are required without it" },
    { "decimal", "use 'double', or 'string' for exact numbers" },
    { "date", "include <jrpc.idl> and use 'jrpc::DateTime'" },
    { "std", "use IDL's own types: 'string', 'sequence<T>', 'map<K, V>'" },
    { "auto", "name the type" },
    { "var", "name the type" },
    { NULL, NULL }
};

static const habit definitions[] = {
    { "class", "use 'interface' for operations, 'struct' for data" },
    { "service", "use 'interface'" },
    { "protocol", "use 'interface'" },
    { "message", "use 'struct'" },
    { "record", "use 'struct'" },
    { "package", "use 'module'" },
    { "namespace", "use 'module'" },
    { "using", "write the name with its module: 'M::Name'" },
    { "include", "write '#include \"file.idl\"'" },
    { "define", "write '#define', or 'const long NAME = 1;'" },
    { "static", "leave it out" },
    { "virtual", "leave it out" },
    { "inline", "leave it out" },
    { "async", "leave it out: every operation has a form that does not wait" },
    { "extern", "leave it out" },
    { "type", "use 'typedef'" },
    { "error", "use 'exception'" },
    { "final", "write '@final'" },
    { "enumeration", "use 'enum'" },
    { NULL, NULL }
};

static const habit clauses[] = {
    { "extends", "use ':' before the base" },
    { "implements", "use ':' before the base" },
    { "inherits", "use ':' before the base" },
    { "throws", "use 'raises (E)'" },
    { "throw", "use 'raises (E)'" },
    { "raise", "use 'raises (E)'" },
    { "returns", "write the result's type before the operation's name" },
    { "const", "leave it out" },
    { NULL, NULL }
};

const char *habit_of_type(const char *name)
{
    return find(types, name);
}

const char *habit_of_qualified(const char *name, const char *otherwise)
{
    static const habit qualified[] = { { "string", "use 'string'" }, { "wstring", "use 'wstring'" },
                                       { "map", "use 'map<K, V>'" }, { "unordered_map", "use 'map<K, V>'" },
                                       { "pair", "use a struct" },   { NULL, NULL } };
    const char *hint = find(qualified, name);
    if (!hint)
        hint = find(types, name);
    return hint ? hint : otherwise;
}

const char *habit_of_definition(const char *name)
{
    return find(definitions, name);
}

const char *habit_of_clause(const char *name)
{
    return find(clauses, name);
}
