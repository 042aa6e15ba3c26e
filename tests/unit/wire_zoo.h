/* SPDX-License-Identifier: MIT */
/* One type of every kind, as generated code would describe them, for the tests of runtime/wire. */
#ifndef WIRE_ZOO_H
#define WIRE_ZOO_H

#include <jrpc/desc.h>

typedef enum colour { RED, GREEN, BLUE = 7 } colour;
typedef enum level { LOW = -1, HIGH = 5 } level; /* @wire("int") */

typedef struct point {
    double x, y;
} point;

typedef struct shape {
    int32_t id;
    char *label;
} shape;

typedef struct circle { /* : shape */
    shape base;
    point centre;
    float radius;
} circle;

typedef struct disc { /* : circle */
    circle base;
    colour paint;
} disc;

typedef struct pick { /* switch (colour): RED: long number; GREEN: string text; default: point *place */
    colour _d;
    union {
        int32_t number;
        char *text;
        point place;
    } _u;
} pick;

typedef struct choice { /* switch (long): 1, 2: sequence<long> longs; 3: bytes */
    int32_t _d;
    union {
        jrpc_seq_i32 longs;
        jrpc_bytes bytes;
    } _u;
} choice;

typedef struct by_name_entry {
    char *key;
    point value;
} by_name_entry;
typedef struct by_name {
    by_name_entry *data;
    size_t len, cap;
} by_name;

typedef struct by_number_entry {
    int64_t key;
    char *value;
} by_number_entry;
typedef struct by_number {
    by_number_entry *data;
    size_t len, cap;
} by_number;

typedef struct by_colour_entry {
    colour key;
    bool value;
} by_colour_entry;
typedef struct by_colour {
    by_colour_entry *data;
    size_t len, cap;
} by_colour;

typedef struct by_truth_entry {
    bool key;
    int32_t value;
} by_truth_entry;
typedef struct by_truth {
    by_truth_entry *data;
    size_t len, cap;
} by_truth;

typedef struct points {
    point *data;
    size_t len, cap;
} points;

typedef struct grid {
    jrpc_seq_i32 *data; /* sequence<sequence<long>> */
    size_t len, cap;
} grid;

typedef struct node node;
typedef struct nodes {
    node *data;
    size_t len, cap;
} nodes;
struct node {
    char *name;
    nodes kids;
    node *next; /* @optional */
};

typedef struct options { /* all optional */
    bool has_number, has_paint;
    int32_t number;
    colour paint;
    char *text;
    struct _xmlrpc_value *anything;
    point *place;
    jrpc_seq_i32 *longs;
    pick *chosen;
} options;

typedef struct defaults { /* all with @default */
    int32_t number;
    char *text;
    colour paint;
    point place;
    bool truth;
} defaults;

typedef struct narrowed { /* with @range, bounds, @unique */
    int32_t percent;
    double ratio;
    char *code;
    jrpc_seq_i32 few;
    jrpc_seq_string different;
} narrowed;

typedef struct zoo {
    bool truth;
    int8_t i8;
    uint8_t u8;
    int16_t i16;
    uint16_t u16;
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    uint64_t u64;     /* @wire("string") */
    int64_t i64_text; /* @wire("string") */
    float narrow;
    double wide;
    char character;
    uint32_t wide_character;
    char *text;
    jrpc_bytes bytes;
    jrpc_datetime moment;
    colour paint;
    level depth;
    uint8_t access;    /* bitmask */
    uint64_t features; /* bitmask of 64 bits */
    disc round;
    pick chosen;
    choice listed;
    points path;
    grid matrix;
    int32_t triple[3];
    uint8_t octets[4];
    char *table[2][2];
    by_name names;
    by_number numbers;
    by_colour colours;
    by_truth truths;
    struct _xmlrpc_value *anything;
    options maybe;
    narrowed narrowed;
    nodes tree;
} zoo;

extern const jrpc_type colour_type, level_type, access_type, features_type, point_type, shape_type,
    circle_type, disc_type, pick_type, choice_type, by_name_type, by_number_type, by_colour_type,
    by_truth_type, points_type, grid_type, node_type, nodes_type, options_type, defaults_type, limits_type,
    zoo_type, triple_type, octets_type, string5_type, ulong_text_type, llong_text_type, unique_type, few_type,
    bytes4_type, table_type, few_names_type;
extern const jrpc_range percent_range;

/*
 * void ping(); long add(in long a, in long b); string split(in string text, out long at, inout string rest);
 * void get(out point p)
 */
extern const jrpc_method ping_method, add_method, split_method, get_method;
extern const jrpc_exception no_money_exception;
typedef struct no_money {
    int64_t missing;
    char *account;
} no_money;

/* A type or method by its name, NULL when there is none: for tests that read names from files. */
const jrpc_type *zoo_find_type(const char *name);
const jrpc_method *zoo_find_method(const char *name);

/*
 * Fills zeroed storage of any type with a random value that can be sent. The seed is the generator's state.
 */
void zoo_fill(const jrpc_type *type, const jrpc_range *range, void *value, unsigned depth, uint64_t *seed);

#endif
