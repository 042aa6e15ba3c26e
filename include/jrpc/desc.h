/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: the tables that generated code fills and the runtime works by.
 * Only generated code and introspecting programs need this header. Everything here is const and lives for ever.
 */
#ifndef JRPC_DESC_H
#define JRPC_DESC_H

#include <stddef.h>
#include <stdint.h>

#include <jrpc/error.h>
#include <jrpc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when the layout of a descriptor changes; the runtime refuses interfaces of another one. */
#define JRPC_DESC_ABI 1

/* The C storage of each kind is in the comment. */
typedef enum jrpc_kind {
    JRPC_KIND_BOOL = 1, /* bool */
    JRPC_KIND_I8,       /* int8_t: int8 */
    JRPC_KIND_U8,       /* uint8_t: octet, uint8 */
    JRPC_KIND_I16,      /* int16_t: short, int16 */
    JRPC_KIND_U16,      /* uint16_t: unsigned short, uint16 */
    JRPC_KIND_I32,      /* int32_t: long, int32 */
    JRPC_KIND_U32,      /* uint32_t: unsigned long, uint32 */
    JRPC_KIND_I64,      /* int64_t: long long, int64 */
    JRPC_KIND_U64,      /* uint64_t: unsigned long long, uint64 */
    JRPC_KIND_FLOAT,    /* float */
    JRPC_KIND_DOUBLE,   /* double */
    JRPC_KIND_CHAR,     /* char: one ASCII character */
    JRPC_KIND_WCHAR,    /* uint32_t: one code point */
    JRPC_KIND_STRING,   /* char *: UTF-8; NULL is sent as "" */
    JRPC_KIND_BYTES,    /* jrpc_bytes: sequence<octet> */
    JRPC_KIND_DATETIME, /* jrpc_datetime */
    JRPC_KIND_ENUM,     /* the generated enum, 4 bytes */
    JRPC_KIND_BITMASK,  /* unsigned integer of the type's size: 1, 2, 4 or 8 bytes */
    JRPC_KIND_STRUCT,   /* the generated struct */
    JRPC_KIND_UNION,    /* struct { discriminator _d; union { ... } _u; } */
    JRPC_KIND_SEQUENCE, /* struct { T *data; size_t len, cap; } */
    JRPC_KIND_ARRAY,    /* T[n], elements side by side; several dimensions are arrays of arrays */
    JRPC_KIND_MAP,      /* struct { entry *data; size_t len, cap; }; entry is a struct of two fields, key and value */
    JRPC_KIND_ANY       /* xmlrpc_value *: one reference */
} jrpc_kind;

enum {
    JRPC_TYPE_WIRE_INT = 1,    /* enum sent as <i4> of its value: @wire("int") */
    JRPC_TYPE_WIRE_STRING = 2, /* integer sent as decimal <string>: @wire("string") */
    JRPC_TYPE_UNIQUE = 4       /* sequence without equal elements: @unique */
};

typedef struct jrpc_type jrpc_type;

typedef struct jrpc_enumerator {
    const char *name; /* wire name */
    int64_t value;    /* of the C constant; of a bit: its mask */
} jrpc_enumerator;

/* @min, @max, @range: both ends included. Integers count as integers, floating point values as doubles. */
typedef struct jrpc_range {
    int64_t min_integer, max_integer;
    double min_double, max_double;
} jrpc_range;

enum {
    JRPC_FIELD_BASE = 1,     /* the base struct, embedded first: its members are flattened on the wire */
    JRPC_FIELD_OPTIONAL = 2, /* STRING, ANY: NULL is absent. Scalars with has_offset: the bool there says. Others: T *, NULL is absent */
    JRPC_FIELD_HAS = 4,      /* optional by the bool at has_offset; the value is stored in place */
    JRPC_FIELD_DEFAULT_ARM = 8, /* union: the arm of `default:` */
    JRPC_FIELD_KEY = 16      /* @key */
};

/* A member of a struct or exception, or an arm of a union. */
typedef struct jrpc_field {
    const char *name; /* wire name */
    const jrpc_type *type;
    uint32_t offset;
    uint32_t flags;
    uint32_t has_offset;
    uint32_t label_count;      /* arms */
    const int64_t *labels;     /* arms: the discriminator's values */
    const void *default_value; /* storage of the type that @default gives, or NULL */
    const jrpc_range *range;   /* or NULL */
    const char *help;          /* doc comment, or NULL */
} jrpc_field;

struct jrpc_type {
    uint8_t kind;   /* jrpc_kind */
    uint8_t flags;  /* JRPC_TYPE_... */
    uint16_t spare;
    uint32_t size;  /* sizeof the C storage */
    uint32_t bound; /* STRING: characters at most; SEQUENCE, BYTES, MAP: elements at most; 0 = no bound. ARRAY: elements */
    uint32_t count; /* of fields or enumerators */
    const char *name;                   /* in IDL: "long", "sequence<long>", "M::Point" */
    const jrpc_type *element;           /* SEQUENCE, ARRAY: element; MAP: entry */
    const jrpc_type *discriminator;     /* UNION */
    const jrpc_field *fields;           /* STRUCT, UNION */
    const jrpc_enumerator *enumerators; /* ENUM, BITMASK */
    const char *help;                   /* doc comment, or NULL */
};

/* Built-in types, shared by all interfaces. */
extern JRPC_EXPORT const jrpc_type jrpc_type_bool, jrpc_type_i8, jrpc_type_u8, jrpc_type_i16, jrpc_type_u16,
    jrpc_type_i32, jrpc_type_u32, jrpc_type_i64, jrpc_type_u64, jrpc_type_float, jrpc_type_double, jrpc_type_char,
    jrpc_type_wchar, jrpc_type_string, jrpc_type_bytes, jrpc_type_datetime, jrpc_type_any;
extern JRPC_EXPORT const jrpc_type jrpc_type_seq_bool, jrpc_type_seq_i8, jrpc_type_seq_i16, jrpc_type_seq_u16,
    jrpc_type_seq_i32, jrpc_type_seq_u32, jrpc_type_seq_i64, jrpc_type_seq_u64, jrpc_type_seq_float,
    jrpc_type_seq_double, jrpc_type_seq_char, jrpc_type_seq_wchar, jrpc_type_seq_string, jrpc_type_seq_bytes,
    jrpc_type_seq_datetime, jrpc_type_seq_any;

/* jrpc_seq_i32_clear(&seq), jrpc_bytes_clear(&bytes): free the elements and make it empty. */
#define JRPC_SEQUENCE_CLEAR(name, element) \
    static inline void jrpc_seq_##name##_clear(jrpc_seq_##name *seq) \
    { \
        jrpc_value_clear(&jrpc_type_seq_##name, seq); \
    }
JRPC_SEQUENCE_MAP(JRPC_SEQUENCE_CLEAR)
#undef JRPC_SEQUENCE_CLEAR
static inline void jrpc_bytes_clear(jrpc_bytes *bytes)
{
    jrpc_value_clear(&jrpc_type_bytes, bytes);
}

typedef struct jrpc_exception {
    const char *name;      /* "M::Bank::NoMoney": begins the fault's text */
    int32_t code;          /* faultCode */
    uint32_t spare;
    const jrpc_type *type; /* STRUCT of its members */
    const char *help;
} jrpc_exception;

typedef enum jrpc_direction { JRPC_IN = 1, JRPC_OUT = 2, JRPC_INOUT = 3 } jrpc_direction;

typedef struct jrpc_param {
    const char *name; /* wire name: of the member in the result's struct, for out and inout */
    const jrpc_type *type;
    uint32_t direction;
    uint32_t flags;
    const jrpc_range *range;
    const char *help;
} jrpc_param;

enum {
    JRPC_METHOD_ONEWAY = 1,
    JRPC_METHOD_IDEMPOTENT = 2,
    JRPC_METHOD_DEPRECATED = 4,
    JRPC_METHOD_INLINE = 8, /* its handler never blocks and may run on the driving thread */
    JRPC_METHOD_NO_COMMAND = 16, /* not offered to people as a command */
    JRPC_METHOD_INHERITED = 32   /* from a base interface, under whose wire name it is known */
};

/* How the runtime calls the implementation. */
typedef enum jrpc_convention {
    JRPC_CALL_HANDLER = 0, /* jrpc_status f(jrpc_call *, parameters in order, result pointer) */
    JRPC_CALL_DIRECT = 1   /* result f(parameters in order): any plain C function */
} jrpc_convention;

struct jrpc_interface;

typedef struct jrpc_method {
    const char *name;      /* of the operation in IDL: "rotate" */
    const char *wire_name; /* methodName: "Rot13" */
    const struct jrpc_interface *interface_;
    const jrpc_param *params;
    const jrpc_type *result;                 /* NULL: void */
    const jrpc_exception *const *exceptions; /* raises */
    uint16_t param_count;
    uint16_t exception_count;
    uint16_t slot;       /* index of its function in the _impl structure */
    uint16_t convention; /* jrpc_convention */
    uint32_t flags;
    uint32_t timeout_ms; /* @timeout, or 0 for the peer's */
    const char *acl;     /* @acl tag, or NULL */
    const char *help;    /* doc comment, or NULL */
} jrpc_method;

typedef struct jrpc_interface {
    uint32_t abi; /* JRPC_DESC_ABI */
    uint32_t method_count;
    const char *name; /* "M::Bank" */
    const jrpc_method *methods;
    const char *help;
} jrpc_interface;

/* ---- what generated stubs and skeletons call ---- */

struct jrpc_peer;
struct jrpc_call;

/*
 * A blocking call. in: pointers to the storage of each in and inout parameter, in order; out: the same for each out and
 * inout parameter in order, then the result unless void. Outs are overwritten without being read; after a failure they
 * are zero, but inout ones are as before. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_invoke(struct jrpc_peer *peer, const jrpc_method *method,
                                                    const void *const *in, void *const *out, jrpc_error *error);

struct jrpc_future;

/*
 * The same without waiting. callback may be NULL: then *ret_future is the caller's, to finish or free. With a callback
 * ret_future may be NULL; the future given to the callback is then the callback's. in is not needed after it returns.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_send(struct jrpc_peer *peer, const jrpc_method *method,
                                                  const void *const *in,
                                                  void (*callback)(struct jrpc_future *future, void *userdata),
                                                  void *userdata, struct jrpc_future **ret_future, jrpc_error *error);

/* Waits for the end of a call of that method, gives its outs as jrpc_invoke() does, and frees the future in any case. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_finish(struct jrpc_future *future, const jrpc_method *method,
                                                    void *const *out, jrpc_error *error);

/* The members of the error's exception if it is this one; NULL otherwise. Borrowed from the error. */
JRPC_EXPORT const void *jrpc_exception_of(const jrpc_error *error, const jrpc_exception *exception);

/*
 * From a handler: ends the call with this exception, whose members are copied. Returns what the handler must return.
 */
JRPC_EXPORT jrpc_status jrpc_call_raise(struct jrpc_call *call, const jrpc_exception *exception, const void *value);

/*
 * Answers a deferred call of that method. values: the storage of each out and inout parameter in order, then of the result
 * unless void; borrowed. The call is gone afterwards. Any thread.
 */
JRPC_EXPORT void jrpc_call_reply(struct jrpc_call *call, const jrpc_method *method, const void *const *values);

/* The name of an enum's value, or NULL; and back: false when there is no such name. */
JRPC_EXPORT const char *jrpc_enum_to_string(const jrpc_type *type, int64_t value);
JRPC_EXPORT bool jrpc_enum_from_string(const jrpc_type *type, const char *name, int64_t *ret_value);

/*
 * Makes label the discriminator of a union if it selects the arm with this index among the fields: what the union held
 * is cleared, and the member is the caller's to store. INVALID, and nothing has changed, if it does not.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_union_select(const jrpc_type *type, void *value, uint32_t arm,
                                                          int64_t label);

#ifdef __cplusplus
}
#endif
#endif
