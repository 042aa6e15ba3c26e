/* SPDX-License-Identifier: MIT */
/* How IDL types are written in C: storage, parameters, descriptors. */
#ifndef EMIT_CTYPE_H
#define EMIT_CTYPE_H

#include "emit/gen.h"

/* How a parameter of a type passes (the table in IDL.md). */
typedef enum ctype_pass {
    CTYPE_VALUE,   /* scalars: by value; out: T * */
    CTYPE_STRING,  /* const char *; out: char ** */
    CTYPE_POINTER, /* const T *; out: T * */
    CTYPE_ANY      /* xmlrpc_value *; out: xmlrpc_value ** */
} ctype_pass;

ctype_pass ctype_pass_of(const ast_type *type);

/* An optional member. */
typedef enum ctype_optional {
    CTYPE_REQUIRED,
    CTYPE_NULL, /* a pointer anyway: NULL is absent */
    CTYPE_HAS,  /* a bool beside it says */
    CTYPE_BOXED /* a pointer to it */
} ctype_optional;

ctype_optional ctype_optional_of(const ast_node *member);

/* The C type of a value: "int32_t", "char *", "M_Point", "jrpc_seq_i32", "M_Point_seq". Not for arrays. */
const char *ctype_name(gen *g, const ast_type *type);
/* A declaration: "int32_t name[2][3]", "char *name". */
const char *ctype_declare(gen *g, const ast_type *type, const char *name);
/* What sizeof takes: "int32_t[2][3]". */
const char *ctype_size(gen *g, const ast_type *type);
/* A parameter: "int32_t name", "const char *name", "const M_Point *name", or "M_Point *name" for outs. */
const char *ctype_param(gen *g, const ast_type *type, bool out, const char *name);

/* Follows typedefs to what C sees: an array behind a typedef is a structure with that name. */
const ast_type *ctype_visible(const ast_type *type);

/* Whether C needs a type of its own for this sequence or map: neither in <jrpc/types.h> nor named. */
bool ctype_is_anonymous(const ast_type *type);
/* Such a type that is made of nothing from this file, so that another file may need it too. */
bool ctype_is_foreign(const ast_type *type);

/* The descriptor of exactly this type: "jrpc_type_i32", "M_Point_type", "type_string_max8" (static). */
const char *ctype_descriptor(gen *g, const ast_type *type);
/* The type with the annotation, for a typedef used with @unique or @wire: it has its own descriptor. */
const ast_type *ctype_annotated(const ast_type *type, ast_type *scratch);
/* The descriptor of its C type, without bounds: what the functions of an anonymous type use. */
const char *ctype_plain_descriptor(gen *g, const ast_type *type);
/* A typedef without a descriptor of its own: another name for a basic or defined type. */
bool ctype_is_alias(const ast_node *typedef_node);

/* Basic kinds: the part in jrpc_type_X, jrpc_seq_X, and the constant JRPC_KIND_X. */
const char *ctype_basic(const ast_type *type);
const char *ctype_kind(const ast_type *type);

#endif
