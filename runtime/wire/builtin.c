/* SPDX-License-Identifier: MIT */
/* Descriptors of the types that every interface shares. */
#include <jrpc/desc.h>

#define BUILTIN(id, kind_, ctype, name_) \
    const jrpc_type jrpc_type_##id = { .kind = (kind_), .size = sizeof(ctype), .name = (name_) };

BUILTIN(bool, JRPC_KIND_BOOL, bool, "boolean")
BUILTIN(i8, JRPC_KIND_I8, int8_t, "int8")
BUILTIN(u8, JRPC_KIND_U8, uint8_t, "octet")
BUILTIN(i16, JRPC_KIND_I16, int16_t, "short")
BUILTIN(u16, JRPC_KIND_U16, uint16_t, "unsigned short")
BUILTIN(i32, JRPC_KIND_I32, int32_t, "long")
BUILTIN(u32, JRPC_KIND_U32, uint32_t, "unsigned long")
BUILTIN(i64, JRPC_KIND_I64, int64_t, "long long")
BUILTIN(u64, JRPC_KIND_U64, uint64_t, "unsigned long long")
BUILTIN(float, JRPC_KIND_FLOAT, float, "float")
BUILTIN(double, JRPC_KIND_DOUBLE, double, "double")
BUILTIN(char, JRPC_KIND_CHAR, char, "char")
BUILTIN(wchar, JRPC_KIND_WCHAR, uint32_t, "wchar")
BUILTIN(string, JRPC_KIND_STRING, char *, "string")
BUILTIN(bytes, JRPC_KIND_BYTES, jrpc_bytes, "sequence<octet>")
BUILTIN(datetime, JRPC_KIND_DATETIME, jrpc_datetime, "jrpc::DateTime")
BUILTIN(any, JRPC_KIND_ANY, struct _xmlrpc_value *, "any")

#define BUILTIN_SEQUENCE(id, name_) \
    const jrpc_type jrpc_type_seq_##id = { .kind = JRPC_KIND_SEQUENCE, \
                                           .size = sizeof(jrpc_seq_##id), \
                                           .name = "sequence<" name_ ">", \
                                           .element = &jrpc_type_##id };

BUILTIN_SEQUENCE(bool, "boolean")
BUILTIN_SEQUENCE(i8, "int8")
BUILTIN_SEQUENCE(i16, "short")
BUILTIN_SEQUENCE(u16, "unsigned short")
BUILTIN_SEQUENCE(i32, "long")
BUILTIN_SEQUENCE(u32, "unsigned long")
BUILTIN_SEQUENCE(i64, "long long")
BUILTIN_SEQUENCE(u64, "unsigned long long")
BUILTIN_SEQUENCE(float, "float")
BUILTIN_SEQUENCE(double, "double")
BUILTIN_SEQUENCE(char, "char")
BUILTIN_SEQUENCE(wchar, "wchar")
BUILTIN_SEQUENCE(string, "string")
BUILTIN_SEQUENCE(bytes, "sequence<octet>")
BUILTIN_SEQUENCE(datetime, "jrpc::DateTime")
BUILTIN_SEQUENCE(any, "any")
