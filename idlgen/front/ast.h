/* SPDX-License-Identifier: MIT */
/*
 * The checked tree of one IDL file: what the front end makes and the emitters read.
 *
 * After front_read() without errors everything here is resolved: no name is left to look up, every constant
 * has its value, every annotation is checked and every wire name is known. All memory belongs to the `front`
 * that made it. Readers treat the tree as const. A struct, union or enum that is defined inside another one
 * (as old IDL has it: `struct S { struct T { long a; } t; };`) stands in the list that holds the outer one,
 * before it; its parent is S.
 *
 *     for (size_t i = 0; i < unit->definitions.len; i++) {
 *         const ast_node *node = unit->definitions.at[i];
 *         if (!node->include && node->kind == AST_STRUCT) ... node->structure.members ...
 *     }
 */
#ifndef FRONT_AST_H
#define FRONT_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front/place.h"

typedef struct ast_node ast_node;
typedef struct ast_type ast_type;
typedef struct ast_value ast_value;

/* Nodes in the order of the source. */
typedef struct ast_list {
    ast_node **at;
    size_t len, cap;
} ast_list;

/* ---- files ---- */

/* One #include of the main file; definitions that came through it, at any depth, point to it. */
typedef struct ast_include {
    const char *name; /* as written between the quotes: "bank/types.idl" */
    const char *path; /* of the file that was read; NULL for the built-in one */
    bool angled;      /* <name> */
    bool builtin;     /* <jrpc.idl>: module jrpc */
    place place;
    struct ast_include *next;
} ast_include;

typedef struct ast_unit {
    const char *name;     /* of the main file as given: "idl/bank.idl"; "-" is standard input */
    ast_list definitions; /* top level, included ones too, in order */
    ast_include *includes; /* of the main file, in order, each file once */
    size_t include_count;
} ast_unit;

/* ---- types ---- */

typedef enum ast_type_kind {
    AST_TYPE_VOID = 0, /* results only */
    AST_TYPE_BOOLEAN,
    AST_TYPE_INT8,
    AST_TYPE_UINT8, /* octet too */
    AST_TYPE_INT16, /* short */
    AST_TYPE_UINT16,
    AST_TYPE_INT32, /* long */
    AST_TYPE_UINT32,
    AST_TYPE_INT64, /* long long */
    AST_TYPE_UINT64,
    AST_TYPE_FLOAT,
    AST_TYPE_DOUBLE,
    AST_TYPE_CHAR,
    AST_TYPE_WCHAR,
    AST_TYPE_STRING,
    AST_TYPE_WSTRING,
    AST_TYPE_ANY,
    AST_TYPE_DATETIME, /* jrpc::DateTime */
    AST_TYPE_SEQUENCE, /* element, bound; ast_type_is_bytes() tells sequence<octet> */
    AST_TYPE_ARRAY,    /* element, bound = number of elements; long a[2][3] is an array of 2 arrays of 3 */
    AST_TYPE_MAP,      /* key, element (the value), bound */
    AST_TYPE_NAMED,    /* def: struct, union, enum, bitmask or typedef */
    AST_TYPE_ERROR     /* never in a tree without errors */
} ast_type_kind;

/* One use of a type; every use has its own node. */
struct ast_type {
    ast_type_kind kind;
    bool unique;             /* @unique: a sequence without equal elements */
    bool wire_string;        /* @wire("string"): an integer that travels as text */
    uint32_t bound;          /* string, sequence, map: at most; 0 = no bound. Array: elements, never 0 */
    const ast_type *element; /* sequence, array; map: the value */
    const ast_type *key;     /* map */
    ast_node *def;           /* NAMED: the definition, never a forward declaration */
    const char *name; /* canonical IDL: "unsigned long", "sequence<M::Point, 5>", "string<8>", "long[2][3]" */
    place place;
};

/* Follows typedefs to the type itself: never a NAMED one whose def is a typedef. */
const ast_type *ast_type_resolve(const ast_type *type);
/* sequence<octet>, also through typedefs. */
bool ast_type_is_bytes(const ast_type *type);
bool ast_type_is_integer(ast_type_kind kind);
/* boolean, integers, floating point, char, wchar, enum, bitmask: what C passes by value. Through typedefs. */
bool ast_type_is_scalar(const ast_type *type);

/* ---- constants ---- */

typedef enum ast_value_kind {
    AST_VALUE_NONE = 0,
    AST_VALUE_BOOLEAN, /* integer: 0 or 1 */
    AST_VALUE_INTEGER, /* integer; when big: the value is (uint64_t)integer, above INT64_MAX. A bitmask's bits
                          too */
    AST_VALUE_DOUBLE,  /* real; finite. A float's value is already rounded to float */
    AST_VALUE_CHAR,    /* integer: the code point */
    AST_VALUE_STRING,  /* text: UTF-8, NUL-terminated, without NUL inside */
    AST_VALUE_ENUM     /* enumerator; integer: its value */
} ast_value_kind;

struct ast_value {
    ast_value_kind kind;
    bool big;
    int64_t integer;
    double real;
    const char *text;
    const ast_node *enumerator;
};

/* ---- annotations ---- */

typedef enum ast_wire { AST_WIRE_DEFAULT = 0, AST_WIRE_INT, AST_WIRE_STRING } ast_wire;

/* @verbatim(language="c", placement=..., text=...) */
typedef enum ast_placement {
    AST_BEFORE_DECLARATION = 0,
    AST_BEGIN_DECLARATION,
    AST_END_DECLARATION,
    AST_AFTER_DECLARATION,
    AST_BEGIN_FILE,
    AST_END_FILE
} ast_placement;

typedef struct ast_verbatim {
    const char *language; /* "c", "*", ... lower case */
    ast_placement placement;
    const char *text;
    struct ast_verbatim *next;
} ast_verbatim;

/* Checked: present only where allowed, values converted to the type they belong to. Never NULL in a node. */
typedef struct ast_notes {
    bool optional;          /* members */
    bool key;               /* members */
    bool unique;            /* sequences; the type has it too */
    bool idempotent;        /* operations; attributes' getters always are */
    bool no_command;        /* operations, attributes; an interface's is inherited by its own operations */
    bool deprecated;
    bool has_fault;         /* @fault(n) was written; the code is in exception.fault */
    ast_wire wire;          /* enums: INT. Integers: STRING, and the type has it too */
    uint32_t
        timeout_ms; /* operations, attributes and interfaces (then every operation of it has it); 0: none */
    const char *deprecated_text; /* "use X", or NULL */
    const char *wire_name;  /* as written; the result is in node->wire_name */
    const char *c_name;     /* replaces the C name that emitters would make, or NULL */
    const char *acl;        /* operations, attributes; an interface's is inherited by its own operations */
    const char *unit;       /* members, parameters, typedefs */
    const ast_value *value;         /* @value of an enumerator, @position of a bit; NULL: counted */
    const ast_value *default_value; /* members: of the member's type. NULL: none */
    const ast_value *min, *max;     /* numbers, both included; @range sets both. Of the type's kind */
    const ast_verbatim *verbatim;
} ast_notes;

/* The range of a member, parameter, arm or typedef: its own, or that of its typedefs. False: none. */
bool ast_range_of(const ast_node *node, const ast_value **ret_min, const ast_value **ret_max);

/* ---- nodes ---- */

typedef enum ast_kind {
    AST_MODULE = 1,
    AST_INTERFACE,
    AST_OPERATION,
    AST_ATTRIBUTE,
    AST_PARAM,
    AST_STRUCT,
    AST_MEMBER, /* of a struct or exception; one declarator each: `long a, b;` is two */
    AST_EXCEPTION,
    AST_UNION,
    AST_ARM,
    AST_ENUM,
    AST_ENUMERATOR,
    AST_BITMASK,
    AST_BIT,
    AST_TYPEDEF, /* one declarator each */
    AST_CONST,
    AST_FORWARD,   /* interface I; struct S; union U; */
    AST_NATIVE,    /* only jrpc::DateTime */
    AST_ANNOTATION, /* @annotation X { ... }; nothing to emit */
    AST_UNSUPPORTED /* valuetype and the like; never in a tree without errors */
} ast_kind;

/* Values as in jrpc_direction. */
typedef enum ast_direction { AST_IN = 1, AST_OUT = 2, AST_INOUT = 3 } ast_direction;

typedef struct ast_module {
    ast_list definitions;
    ast_node *first; /* the node that opened the module first; itself unless reopened. They share one scope */
} ast_module;

typedef struct ast_interface {
    ast_list bases;      /* interfaces, direct ones */
    ast_list body;       /* types, constants, exceptions, operations, attributes, in order */
    ast_list operations; /* operations and attributes that it has: inherited first (base by base, each once),
                            then own */
} ast_interface;

typedef struct ast_operation {
    ast_node *interface;
    ast_type *result;
    ast_list params;
    ast_list raises; /* exceptions */
    bool oneway;
} ast_operation;

typedef struct ast_attribute {
    ast_node *interface;
    ast_type *type;
    bool readonly;
    ast_list get_raises, set_raises;
    const char *get_wire_name; /* "M.I._get_x" */
    const char *set_wire_name; /* "M.I._set_x"; NULL when readonly */
} ast_attribute;

typedef struct ast_param {
    ast_direction direction;
    ast_type *type;
} ast_param;

typedef struct ast_struct {
    ast_node *base; /* struct, or NULL */
    ast_list members; /* own ones only */
    bool recursive; /* named before its end: it may hold itself through a sequence or map */
} ast_struct;

typedef struct ast_member {
    ast_type *type;
} ast_member;

/* Its members are like a struct's. */
typedef struct ast_exception {
    ast_list members;
    int32_t fault; /* @fault(n), or 1000 + n for the n-th exception of its file, from 1 */
} ast_exception;

typedef struct ast_label {
    int64_t value;              /* of the discriminator; a uint64 above INT64_MAX as its bits */
    const ast_node *enumerator; /* enums, else NULL */
    place place;
} ast_label;

typedef struct ast_arm {
    ast_type *type;
    ast_label *labels;
    size_t label_count;
    bool is_default; /* `default:` is among its labels */
} ast_arm;

typedef struct ast_union {
    ast_type *discriminator;
    ast_list arms;
    ast_node *default_arm;  /* or NULL */
    bool covered;           /* the labels name every value of the discriminator */
    int64_t default_label;  /* a discriminator that selects default_arm, or no arm when there is none; if
                               !covered */
    bool recursive;
} ast_union;

typedef struct ast_enum {
    ast_list enumerators;
} ast_enum;

typedef struct ast_enumerator {
    ast_node *owner;
    int64_t value; /* fits int32 */
} ast_enumerator;

typedef struct ast_bitmask {
    ast_list bits;
    uint32_t bit_bound; /* 1 to 64 */
    uint32_t size;      /* bytes of storage: 1, 2, 4 or 8 */
} ast_bitmask;

typedef struct ast_bit {
    ast_node *owner;
    uint32_t position;
} ast_bit;

typedef struct ast_typedef {
    ast_type *type;
} ast_typedef;

typedef struct ast_const {
    ast_type *type;
    ast_value value; /* of the type, in its range */
} ast_const;

typedef struct ast_forward {
    ast_kind of;      /* AST_INTERFACE, AST_STRUCT or AST_UNION */
    ast_node *target; /* the definition */
    bool blamed;      /* a use of it before its definition was reported */
} ast_forward;

struct ast_node {
    ast_kind kind;
    const char *name;      /* without the escape: _module is "module" */
    const char
        *scoped; /* "M::I::op", "M::Point::x", "M::RED" (enumerators belong to the scope of their enum) */
    const char *wire_name; /* operations: methodName, "M.I.op". Members, parameters, arms, enumerators, bits:
                              theirs. Interfaces: the prefix "M.I" ("" for bare names). Else the name */
    ast_node *parent;      /* what contains it; NULL at the top */
    place place;           /* of the name */
    const ast_include *include; /* NULL: from the main file */
    const char *const *doc;     /* doc comment's lines, cleaned; NULL when there is none */
    size_t doc_len;
    const ast_notes *notes;
    struct scope *scope;   /* what is defined in it: the front end's own, as is the rest */
    place used;            /* interfaces, structs, unions: of the first forward declaration */
    bool open;             /* its definition is being read */
    uint32_t depth;        /* of its type: containers inside each other */
    union { /* by kind */
        ast_module module;
        ast_interface interface;
        ast_operation operation;
        ast_attribute attribute;
        ast_param param;
        ast_struct structure;
        ast_member member;
        ast_exception exception;
        ast_union union_;
        ast_arm arm;
        ast_enum enumeration;
        ast_enumerator enumerator;
        ast_bitmask bitmask;
        ast_bit bit;
        ast_typedef alias;
        ast_const constant;
        ast_forward forward;
    };
};

/* "struct", "operation", "enumerator"...: for messages. */
const char *ast_kind_name(ast_kind kind);
/* The type of a member, parameter, arm, typedef, constant, attribute; an operation's result; else NULL. */
const ast_type *ast_node_type(const ast_node *node);
/* Members, arms, enumerators, bits, parameters: what stands between its brackets; NULL of others. */
const ast_list *ast_node_parts(const ast_node *node);

#endif
