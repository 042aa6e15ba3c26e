/* SPDX-License-Identifier: MIT */
/* Arguments of a call. */
#include "command/arguments.h"

#include <stdlib.h>

#include "command/value.h"

const jrpc_param *arguments_param(const jrpc_method *method, size_t index)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_IN && index-- == 0)
            return &method->params[i];
    }
    return NULL;
}

size_t arguments_expected(const jrpc_method *method)
{
    size_t count = 0;
    for (size_t i = 0; i < method->param_count; i++)
        count += (method->params[i].direction & JRPC_IN) != 0;
    return count;
}

jrpc_status arguments_init(arguments *a, const jrpc_method *method)
{
    size_t count = arguments_expected(method);
    *a = (arguments){ method, 0, calloc(count + 1, sizeof *a->values) };
    if (!a->values)
        return JRPC_E_NOMEM;
    for (; a->count < count; a->count++) {
        uint32_t size = arguments_param(method, a->count)->type->size;
        a->values[a->count] = calloc(1, size ? size : 1);
        if (!a->values[a->count])
            return JRPC_E_NOMEM;
    }
    return JRPC_OK;
}

void arguments_done(arguments *a)
{
    for (size_t i = 0; i < a->count; i++) {
        jrpc_value_clear(arguments_param(a->method, i)->type, a->values[i]);
        free(a->values[i]);
    }
    free(a->values);
    *a = (arguments){ NULL, 0, NULL };
}

/* ---- words ---- */

static jrpc_status wrong_count(const arguments *a, size_t got, buf *why)
{
    buf_printf(why, "%s takes %zu argument%s", a->method->wire_name, a->count, a->count == 1 ? "" : "s");
    for (size_t i = 0; i < a->count; i++) {
        const jrpc_param *param = arguments_param(a->method, i);
        buf_printf(why, "%s%s (", i ? ", " : ": ", param->name);
        value_describe(why, param->type, param->range);
        buf_append_char(why, ')');
    }
    buf_printf(why, "; got %zu", got);
    if (got > a->count && a->count)
        buf_append_lit(why, ". Text with blanks is put in quotes, \"like this\"");
    return JRPC_E_INVALID;
}

static jrpc_status wrong_argument(const jrpc_param *param, size_t index, const wire_failure *failure, buf *why)
{
    if (failure->status == JRPC_E_NOMEM)
        return JRPC_E_NOMEM;
    buf_printf(why, "argument %zu, %s%s: %s; expected ", index + 1, param->name, failure->path, failure->message);
    value_describe(why, param->type, param->range);
    return JRPC_E_INVALID;
}

/* Text in quotes is no JSON, whatever it looks like, but text. */
static jrpc_status read_word(const jrpc_param *param, const word *w, void *storage, wire_failure *failure)
{
    if (w->form == WORD_QUOTED && param->type->kind == JRPC_KIND_ANY) {
        json_t *json = json_string(w->text);
        char *quoted = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
        jrpc_status status = quoted ? value_read(param->type, NULL, quoted, storage, failure)
                                    : failure_set(failure, JRPC_E_INVALID, "not text in UTF-8");
        free(quoted);
        json_decref(json);
        return status;
    }
    return value_read(param->type, param->range, w->text, storage, failure);
}

jrpc_status arguments_read_words(arguments *a, const word *list, size_t count, buf *why)
{
    if (count != a->count)
        return wrong_count(a, count, why);
    for (size_t i = 0; i < count; i++) {
        const jrpc_param *param = arguments_param(a->method, i);
        wire_failure failure;
        failure_init(&failure);
        if (read_word(param, &list[i], a->values[i], &failure) != JRPC_OK)
            return wrong_argument(param, i, &failure, why);
    }
    return JRPC_OK;
}
