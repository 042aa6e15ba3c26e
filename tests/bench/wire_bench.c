/* SPDX-License-Identifier: MIT */
/*
 * What encoding and decoding cost, beside xmlrpc-c: Rot13, a struct of 10 members, 1,000 such structs. Run by
 * hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>
#include <xmlrpc-c/base.h>

#include "base/clock.h"
#include "base/mem.h"
#include "wire/envelope.h"

enum { ROUNDS = 9, MANY = 1000 };

/* ---- the three calls ---- */

typedef struct record {
    int32_t id, count, level;
    char *name, *city, *note;
    double weight, height;
    bool active;
    jrpc_datetime since;
} record;

#define FIELD(member, type_) \
    { \
        .name = #member, .type = &(type_), .offset = offsetof(record, member) \
    }

static const jrpc_field record_fields[] = {
    FIELD(id, jrpc_type_i32),         FIELD(count, jrpc_type_i32),     FIELD(level, jrpc_type_i32),
    FIELD(name, jrpc_type_string),    FIELD(city, jrpc_type_string),   FIELD(note, jrpc_type_string),
    FIELD(weight, jrpc_type_double),  FIELD(height, jrpc_type_double), FIELD(active, jrpc_type_bool),
    FIELD(since, jrpc_type_datetime),
};
static const jrpc_type record_type = {
    .kind = JRPC_KIND_STRUCT, .size = sizeof(record), .count = 10, .name = "record", .fields = record_fields
};

typedef struct records {
    record *data;
    size_t len, cap;
} records;
static const jrpc_type records_type = {
    .kind = JRPC_KIND_SEQUENCE, .size = sizeof(records), .name = "sequence<record>", .element = &record_type
};

static char text[] = "There was a young lady of Nantes";
static char town[] = "Nantes & <around>";
static char name[] = "Ada Lovelace";

static const record sample = { 12345, 7,    100000,    name, town,
                               text,  61.5, 1.7320508, true, { 2024, 12, 31, 23, 59, 59 } };

typedef struct subject {
    const char *title;
    const jrpc_type *type;
    const void *value;
    int repeats;
} subject;

static jrpc_param param = { .name = "x", .direction = JRPC_IN };
static jrpc_method method = { .name = "rotate", .wire_name = "Rot13", .params = &param, .param_count = 1 };

/* ---- xmlrpc-c's way ---- */

static xmlrpc_value *build_record(xmlrpc_env *env)
{
    xmlrpc_value *since = xmlrpc_datetime_new(env, (xmlrpc_datetime){ 2024, 12, 31, 23, 59, 59, 0 });
    xmlrpc_value *built = xmlrpc_build_value(
        env, "{s:i,s:i,s:i,s:s,s:s,s:s,s:d,s:d,s:b,s:V}", "id", sample.id, "count", sample.count, "level",
        sample.level, "name", sample.name, "city", sample.city, "note", sample.note, "weight", sample.weight,
        "height", sample.height, "active", 1, "since", since);
    xmlrpc_DECREF(since);
    return built;
}

static xmlrpc_value *build_params(xmlrpc_env *env, const subject *s)
{
    if (s->type == &jrpc_type_string)
        return xmlrpc_build_value(env, "(s)", text);
    xmlrpc_value *params = xmlrpc_array_new(env);
    xmlrpc_value *list = s->type == &records_type ? xmlrpc_array_new(env) : NULL;
    for (int i = 0; i < (list ? MANY : 1); i++) {
        xmlrpc_value *one = build_record(env);
        xmlrpc_array_append_item(env, list ? list : params, one);
        xmlrpc_DECREF(one);
    }
    if (list) {
        xmlrpc_array_append_item(env, params, list);
        xmlrpc_DECREF(list);
    }
    return params;
}

static void encode_theirs(const subject *s)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = build_params(&env, s);
    xmlrpc_mem_block *out = xmlrpc_mem_block_new(&env, 0);
    xmlrpc_serialize_call(&env, out, "Rot13", params);
    if (env.fault_occurred)
        abort();
    xmlrpc_mem_block_free(out);
    xmlrpc_DECREF(params);
    xmlrpc_env_clean(&env);
}

static xmlrpc_mem_block *serialized; /* for decode_theirs() */

static void decode_theirs(const subject *s)
{
    UNUSED(s);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    const char *called = NULL;
    xmlrpc_value *params = NULL;
    xmlrpc_parse_call(&env, xmlrpc_mem_block_contents(serialized), xmlrpc_mem_block_size(serialized), &called,
                      &params);
    if (env.fault_occurred)
        abort();
    xmlrpc_DECREF(params);
    free((void *)(uintptr_t)called);
    xmlrpc_env_clean(&env);
}

/* ---- ours ---- */

static buf out = BUF_INIT;
static xmpp_stanza_t *tree;
static const wire_limits limits = WIRE_LIMITS_DEFAULT;

static void encode_ours(const subject *s)
{
    wire_failure failure;
    failure_init(&failure);
    const void *const in[] = { s->value };
    buf_reset(&out);
    if (envelope_write_call(&out, &method, in, WIRE_DEPTH_DEFAULT, &failure) < 0)
        abort();
}

static void decode_ours(const subject *s)
{
    arena a = ARENA_INIT(0);
    wire_decoder d;
    wire_failure failure;
    envelope_call call;
    wire_decoder_init(&d, &limits, &a);
    failure_init(&failure);
    void *value = arena_alloc(&a, s->type->size);
    void *const storage[] = { value };
    if (envelope_read_call(tree, &call, &failure) < 0 ||
        envelope_read_params(&d, &method, call.params, storage) < 0)
        abort();
    arena_done(&a);
}

/* ---- measuring ---- */

static double once(void (*run)(const subject *), const subject *s, int repeats)
{
    int64_t start = clock_now();
    for (int i = 0; i < repeats; i++)
        run(s);
    return (double)(clock_now() - start) / repeats / 1000;
}

/* Best of some rounds, the two interleaved: the machine's own noise only ever adds. */
static void compare(const char *what, const subject *s, void (*ours)(const subject *),
                    void (*theirs)(const subject *))
{
    double best_ours = 1e30, best_theirs = 1e30;
    int fewer = s->repeats / 20 > 0 ? s->repeats / 20 : 1;
    for (int i = 0; i < ROUNDS; i++) {
        double a = once(ours, s, s->repeats), b = once(theirs, s, fewer);
        best_ours = a < best_ours ? a : best_ours;
        best_theirs = b < best_theirs ? b : best_theirs;
    }
    printf("%-16s %-8s %12.3f us %14.3f us %8.1f x\n", s->title, what, best_ours, best_theirs,
           best_theirs / best_ours);
}

static void run_subject(xmpp_ctx_t *ctx, const subject *s)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    param.type = s->type;
    encode_ours(s);
    tree = xmpp_stanza_new_from_string(ctx, out.data);
    xmlrpc_value *params = build_params(&env, s);
    serialized = xmlrpc_mem_block_new(&env, 0);
    xmlrpc_serialize_call(&env, serialized, "Rot13", params);
    if (!tree || env.fault_occurred)
        abort();
    compare("encode", s, encode_ours, encode_theirs);
    compare("decode", s, decode_ours, decode_theirs);
    xmlrpc_DECREF(params);
    xmlrpc_mem_block_free(serialized);
    xmpp_stanza_release(tree);
    xmlrpc_env_clean(&env);
}

int main(void)
{
    xmpp_initialize();
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, 16 << 20);
    record *many = calloc(MANY, sizeof *many);
    if (!ctx || !many)
        return EXIT_FAILURE;
    for (size_t i = 0; i < MANY; i++)
        many[i] = sample;
    char *rot = text;
    records list = { many, MANY, MANY };
    const subject subjects[] = { { "Rot13", &jrpc_type_string, &rot, 200000 },
                                 { "struct of 10", &record_type, &sample, 50000 },
                                 { "1,000 structs", &records_type, &list, 40 } };
    printf("%-16s %-8s %15s %17s\n", "", "", "ours", "xmlrpc-c");
    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        run_subject(ctx, &subjects[i]);
    free(many);
    buf_done(&out);
    xmpp_ctx_free(ctx);
    xmpp_shutdown();
    return EXIT_SUCCESS;
}
