/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: what somebody types. A line is divided into words or refused. As any type, a text is refused and leaves
 * nothing behind, or gives a value that is shown as a text which gives the same value again.
 */
#include <stdlib.h>
#include <string.h>

#include <xmlrpc-c/base.h>

#include "../../unit/wire_zoo.h"
#include "../fuzz.h"
#include "base/mem.h"
#include "command/show.h"
#include "command/value.h"
#include "text/words.h"

const char *const fuzz_folders[] = { "fuzz/command/seeds", NULL };

enum { MOST = 1 << 24 };

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void check_type(const jrpc_type *type, const char *text)
{
    AUTO(buf_done) buf shown = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    unsigned char *first = malloc(type->size), *second = malloc(type->size);
    must(first && second);
    if (value_read(type, NULL, text, first, &failure) == JRPC_OK) {
        show_value(&shown, type, first, strlen(text) % 2, MOST);
        must(!buf_failed(&shown));
        must(value_read(type, NULL, shown.data ? shown.data : "", second, &failure) == JRPC_OK);
        must(jrpc_value_equal(type, first, second));
        jrpc_value_clear(type, second);
    }
    jrpc_value_clear(type, first);
    free(first);
    free(second);
}

static void check_words(const char *line)
{
    words w;
    if (words_split(line, &w, NULL) == JRPC_OK) {
        for (size_t i = 0; i < w.len; i++) {
            json_t *json = NULL;
            must(strlen(w.list[i].text) <= strlen(line));
            if (words_to_json(&w.list[i], &json, NULL) == JRPC_OK)
                json_decref(json);
        }
    }
    words_done(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const jrpc_type *const types[] = {
        &jrpc_type_bool,   &jrpc_type_i32,     &ulong_text_type,    &jrpc_type_double, &jrpc_type_float, &jrpc_type_wchar,
        &jrpc_type_string, &jrpc_type_bytes,   &jrpc_type_datetime, &colour_type,      &level_type,      &features_type,
        &point_type,       &disc_type,         &pick_type,          &choice_type,      &node_type,       &defaults_type,
        &table_type,       &jrpc_type_seq_i32, &by_name_type,       &by_number_type,   &by_colour_type,  &by_truth_type,
        &unique_type,      &octets_type,       &limits_type,        &jrpc_type_seq_datetime
    };
    char *text = strndup((const char *)data, size);
    must(text);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        check_type(types[i], text);
    check_words(text);
    free(text);
    return 0;
}
