/* SPDX-License-Identifier: MIT */
/* One type of every kind. */
#include "wire_zoo.h"

#include "base/mem.h"

#define MEMBER(owner, member, type_) .name = #member, .type = &(type_), .offset = offsetof(owner, member)
#define STRUCT(id, ctype, name_) \
    const jrpc_type id##_type = { .kind = JRPC_KIND_STRUCT, \
                                  .size = sizeof(ctype), \
                                  .name = (name_), \
                                  .count = COUNT_OF(id##_fields), \
                                  .fields = id##_fields }
#define LIST(id, ctype, kind_, name_, element_, ...) \
    const jrpc_type id##_type = { \
        .kind = (kind_), .size = sizeof(ctype), .name = (name_), .element = &(element_), __VA_ARGS__ \
    }

/* ---- enums and bitmasks ---- */

static const jrpc_enumerator colours[] = { { "RED", RED }, { "GREEN", GREEN }, { "BLUE", BLUE } };
const jrpc_type colour_type = {
    .kind = JRPC_KIND_ENUM, .size = sizeof(colour), .name = "Colour", .count = 3, .enumerators = colours
};

static const jrpc_enumerator levels[] = { { "LOW", LOW }, { "HIGH", HIGH } };
const jrpc_type level_type = { .kind = JRPC_KIND_ENUM,
                               .flags = JRPC_TYPE_WIRE_INT,
                               .size = sizeof(level),
                               .name = "Level",
                               .count = 2,
                               .enumerators = levels };

static const jrpc_enumerator access_bits[] = { { "READ", 1 }, { "WRITE", 2 }, { "EXECUTE", 4 } };
const jrpc_type access_type = {
    .kind = JRPC_KIND_BITMASK, .size = 1, .name = "Access", .count = 3, .enumerators = access_bits
};

static const jrpc_enumerator feature_bits[] = { { "FIRST", 1 },
                                                { "MIDDLE", INT64_C(1) << 31 },
                                                { "HIGH_ONE", INT64_C(1) << 62 } };
const jrpc_type features_type = {
    .kind = JRPC_KIND_BITMASK, .size = 8, .name = "Features", .count = 3, .enumerators = feature_bits
};

/* ---- structs ---- */

static const jrpc_field point_fields[] = { { MEMBER(point, x, jrpc_type_double) },
                                           { MEMBER(point, y, jrpc_type_double) } };
STRUCT(point, point, "Point");

static const jrpc_field shape_fields[] = { { MEMBER(shape, id, jrpc_type_i32) },
                                           { MEMBER(shape, label, jrpc_type_string) } };
STRUCT(shape, shape, "Shape");

static const jrpc_field circle_fields[] = { { MEMBER(circle, base, shape_type), .flags = JRPC_FIELD_BASE },
                                            { MEMBER(circle, centre, point_type) },
                                            { MEMBER(circle, radius, jrpc_type_float) } };
STRUCT(circle, circle, "Circle");

static const jrpc_field disc_fields[] = { { MEMBER(disc, base, circle_type), .flags = JRPC_FIELD_BASE },
                                          { MEMBER(disc, paint, colour_type) } };
STRUCT(disc, disc, "Disc");

static const jrpc_field node_fields[] = { { MEMBER(node, name, jrpc_type_string) },
                                          { MEMBER(node, kids, nodes_type) },
                                          { MEMBER(node, next, node_type), .flags = JRPC_FIELD_OPTIONAL } };
STRUCT(node, node, "Node");
LIST(nodes, nodes, JRPC_KIND_SEQUENCE, "sequence<Node>", node_type, .bound = 0);

#define OPTIONAL .flags = JRPC_FIELD_OPTIONAL
#define HAS(owner, member) \
    .flags = JRPC_FIELD_OPTIONAL | JRPC_FIELD_HAS, .has_offset = offsetof(owner, has_##member)

static const jrpc_field options_fields[] = {
    { MEMBER(options, number, jrpc_type_i32), HAS(options, number) },
    { MEMBER(options, paint, colour_type), HAS(options, paint) },
    { MEMBER(options, text, jrpc_type_string), OPTIONAL },
    { MEMBER(options, anything, jrpc_type_any), OPTIONAL },
    { MEMBER(options, place, point_type), OPTIONAL },
    { MEMBER(options, longs, jrpc_type_seq_i32), OPTIONAL },
    { MEMBER(options, chosen, pick_type), OPTIONAL },
};
STRUCT(options, options, "Options");

static const int32_t default_number = 42;
static const char *const default_text = "hello";
static const colour default_paint = BLUE;
static const point default_place = { 1.5, -2.0 };
static const bool default_truth = true;
static const jrpc_field defaults_fields[] = {
    { MEMBER(defaults, number, jrpc_type_i32), .default_value = &default_number },
    { MEMBER(defaults, text, jrpc_type_string), .default_value = &default_text },
    { MEMBER(defaults, paint, colour_type), .default_value = &default_paint },
    { MEMBER(defaults, place, point_type), .default_value = &default_place },
    { MEMBER(defaults, truth, jrpc_type_bool), .default_value = &default_truth },
};
STRUCT(defaults, defaults, "Defaults");

/* ---- limited types ---- */

const jrpc_range percent_range = { .min_integer = 0, .max_integer = 100 };
static const jrpc_range ratio_range = { .min_double = -1.0, .max_double = 1.0 };
const jrpc_type string5_type = {
    .kind = JRPC_KIND_STRING, .size = sizeof(char *), .bound = 5, .name = "string<5>"
};
LIST(few, jrpc_seq_i32, JRPC_KIND_SEQUENCE, "sequence<long, 3>", jrpc_type_i32, .bound = 3);
LIST(unique, jrpc_seq_string, JRPC_KIND_SEQUENCE, "sequence<string>", jrpc_type_string,
     .flags = JRPC_TYPE_UNIQUE);
const jrpc_type bytes4_type = {
    .kind = JRPC_KIND_BYTES, .size = sizeof(jrpc_bytes), .bound = 4, .name = "sequence<octet, 4>"
};
const jrpc_type ulong_text_type = {
    .kind = JRPC_KIND_U64, .flags = JRPC_TYPE_WIRE_STRING, .size = 8, .name = "unsigned long long"
};
const jrpc_type llong_text_type = {
    .kind = JRPC_KIND_I64, .flags = JRPC_TYPE_WIRE_STRING, .size = 8, .name = "long long"
};
static const jrpc_field limits_fields[] = {
    { MEMBER(narrowed, percent, jrpc_type_i32), .range = &percent_range },
    { MEMBER(narrowed, ratio, jrpc_type_double), .range = &ratio_range },
    { MEMBER(narrowed, code, string5_type) },
    { MEMBER(narrowed, few, few_type) },
    { MEMBER(narrowed, different, unique_type) },
};
STRUCT(limits, narrowed, "Limits");

/* ---- unions ---- */

static const int64_t red_label[] = { RED }, green_label[] = { GREEN };
static const jrpc_field pick_fields[] = {
    { .name = "number",
      .type = &jrpc_type_i32,
      .offset = offsetof(pick, _u),
      .label_count = 1,
      .labels = red_label },
    { .name = "text",
      .type = &jrpc_type_string,
      .offset = offsetof(pick, _u),
      .label_count = 1,
      .labels = green_label },
    { .name = "place", .type = &point_type, .offset = offsetof(pick, _u), .flags = JRPC_FIELD_DEFAULT_ARM },
};
const jrpc_type pick_type = { .kind = JRPC_KIND_UNION,
                              .size = sizeof(pick),
                              .name = "Pick",
                              .count = 3,
                              .discriminator = &colour_type,
                              .fields = pick_fields };

static const int64_t long_labels[] = { 1, 2 }, bytes_labels[] = { 3 };
static const jrpc_field choice_fields[] = {
    { .name = "longs",
      .type = &jrpc_type_seq_i32,
      .offset = offsetof(choice, _u),
      .label_count = 2,
      .labels = long_labels },
    { .name = "bytes",
      .type = &jrpc_type_bytes,
      .offset = offsetof(choice, _u),
      .label_count = 1,
      .labels = bytes_labels },
};
const jrpc_type choice_type = { .kind = JRPC_KIND_UNION,
                                .size = sizeof(choice),
                                .name = "Choice",
                                .count = 2,
                                .discriminator = &jrpc_type_i32,
                                .fields = choice_fields };

/* ---- lists and maps ---- */

LIST(points, points, JRPC_KIND_SEQUENCE, "sequence<Point>", point_type, .bound = 0);
LIST(grid, grid, JRPC_KIND_SEQUENCE, "sequence<sequence<long>>", jrpc_type_seq_i32, .bound = 0);
LIST(triple, int32_t[3], JRPC_KIND_ARRAY, "long[3]", jrpc_type_i32, .bound = 3);
LIST(octets, uint8_t[4], JRPC_KIND_ARRAY, "octet[4]", jrpc_type_u8, .bound = 4);
LIST(row, char *[2], JRPC_KIND_ARRAY, "string[2]", jrpc_type_string, .bound = 2);
LIST(table, char *[2][2], JRPC_KIND_ARRAY, "string[2][2]", row_type, .bound = 2);

#define MAP_OF(id, name_, key_, value_) \
    static const jrpc_field id##_entry_fields[] = { { MEMBER(id##_entry, key, key_) }, \
                                                    { MEMBER(id##_entry, value, value_) } }; \
    static const jrpc_type id##_entry_type = { .kind = JRPC_KIND_STRUCT, \
                                               .size = sizeof(id##_entry), \
                                               .name = "entry", \
                                               .count = 2, \
                                               .fields = id##_entry_fields }; \
    LIST(id, id, JRPC_KIND_MAP, name_, id##_entry_type, .bound = 0)

MAP_OF(by_name, "map<string, Point>", jrpc_type_string, point_type);
MAP_OF(by_number, "map<long long, string>", jrpc_type_i64, jrpc_type_string);
MAP_OF(by_colour, "map<Colour, boolean>", colour_type, jrpc_type_bool);
MAP_OF(by_truth, "map<boolean, long>", jrpc_type_bool, jrpc_type_i32);
LIST(few_names, by_name, JRPC_KIND_MAP, "map<string, Point, 1>", by_name_entry_type, .bound = 1);

/* ---- all of them ---- */

static const jrpc_field zoo_fields[] = {
    { MEMBER(zoo, truth, jrpc_type_bool) },      { MEMBER(zoo, i8, jrpc_type_i8) },
    { MEMBER(zoo, u8, jrpc_type_u8) },           { MEMBER(zoo, i16, jrpc_type_i16) },
    { MEMBER(zoo, u16, jrpc_type_u16) },         { MEMBER(zoo, i32, jrpc_type_i32) },
    { MEMBER(zoo, u32, jrpc_type_u32) },         { MEMBER(zoo, i64, jrpc_type_i64) },
    { MEMBER(zoo, u64, ulong_text_type) },       { MEMBER(zoo, i64_text, llong_text_type) },
    { MEMBER(zoo, narrow, jrpc_type_float) },    { MEMBER(zoo, wide, jrpc_type_double) },
    { MEMBER(zoo, character, jrpc_type_char) },  { MEMBER(zoo, wide_character, jrpc_type_wchar) },
    { MEMBER(zoo, text, jrpc_type_string) },     { MEMBER(zoo, bytes, jrpc_type_bytes) },
    { MEMBER(zoo, moment, jrpc_type_datetime) }, { MEMBER(zoo, paint, colour_type) },
    { MEMBER(zoo, depth, level_type) },          { MEMBER(zoo, access, access_type) },
    { MEMBER(zoo, features, features_type) },    { MEMBER(zoo, round, disc_type) },
    { MEMBER(zoo, chosen, pick_type) },          { MEMBER(zoo, listed, choice_type) },
    { MEMBER(zoo, path, points_type) },          { MEMBER(zoo, matrix, grid_type) },
    { MEMBER(zoo, triple, triple_type) },        { MEMBER(zoo, octets, octets_type) },
    { MEMBER(zoo, table, table_type) },          { MEMBER(zoo, names, by_name_type) },
    { MEMBER(zoo, numbers, by_number_type) },    { MEMBER(zoo, colours, by_colour_type) },
    { MEMBER(zoo, truths, by_truth_type) },      { MEMBER(zoo, anything, jrpc_type_any) },
    { MEMBER(zoo, maybe, options_type) },        { MEMBER(zoo, narrowed, limits_type) },
    { MEMBER(zoo, tree, nodes_type) },
};
STRUCT(zoo, zoo, "Zoo");

/* ---- methods ---- */

const jrpc_method ping_method = { .name = "ping", .wire_name = "Zoo.ping" };

static const jrpc_param add_params[] = {
    { .name = "a", .type = &jrpc_type_i32, .direction = JRPC_IN },
    { .name = "b", .type = &jrpc_type_i32, .direction = JRPC_IN, .range = &percent_range },
};
const jrpc_method add_method = {
    .name = "add", .wire_name = "Zoo.add", .params = add_params, .param_count = 2, .result = &jrpc_type_i32
};

static const jrpc_param split_params[] = {
    { .name = "text", .type = &jrpc_type_string, .direction = JRPC_IN },
    { .name = "at", .type = &jrpc_type_i32, .direction = JRPC_OUT },
    { .name = "rest", .type = &jrpc_type_string, .direction = JRPC_INOUT },
};
const jrpc_method split_method = { .name = "split",
                                   .wire_name = "Zoo.split",
                                   .params = split_params,
                                   .param_count = 3,
                                   .result = &jrpc_type_string };

static const jrpc_param get_params[] = { { .name = "p", .type = &point_type, .direction = JRPC_OUT } };
const jrpc_method get_method = {
    .name = "get", .wire_name = "Zoo.get", .params = get_params, .param_count = 1
};

static const jrpc_field no_money_fields[] = { { MEMBER(no_money, missing, jrpc_type_i64) },
                                              { MEMBER(no_money, account, jrpc_type_string) } };
static const jrpc_type no_money_type = { .kind = JRPC_KIND_STRUCT,
                                         .size = sizeof(no_money),
                                         .name = "NoMoney",
                                         .count = 2,
                                         .fields = no_money_fields };
const jrpc_exception no_money_exception = { .name = "Bank::NoMoney", .code = 1001, .type = &no_money_type };
