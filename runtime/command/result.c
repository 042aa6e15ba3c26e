/* SPDX-License-Identifier: MIT */
/* Results and faults for people. */
#include "command/result.h"

#include <stdlib.h>

#include "base/mem.h"
#include "command/form.h"
#include "command/show.h"
#include "command/value.h"
#include "wire/envelope.h"
#include "wire/storage.h"
#include "wire/writer.h"

/* One value of a result. */
typedef struct shown {
    const char *name; /* of a parameter; "result" otherwise */
    const char *help;
    const jrpc_type *type;
    const void *value;
} shown;

/* "result", unless an out parameter has that name: then as on the wire, where no parameter can have it. */
static const char *result_name(const jrpc_method *method)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_OUT && strcmp(method->params[i].name, "result") == 0)
            return ENVELOPE_RESULT;
    }
    return "result";
}

/* The value of this index, from 0; false behind the last. */
static bool value_at(const call_outcome *outcome, size_t index, shown *ret)
{
    const jrpc_method *method = outcome->method;
    if (!method) {
        *ret = (shown){ "result", NULL, &jrpc_type_any, &outcome->value };
        return index == 0;
    }
    size_t n = 0;
    for (size_t i = 0; i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        if (!(param->direction & JRPC_OUT) || n++ != index)
            continue;
        *ret = (shown){ param->name, param->help, param->type, outcome->outs[index] };
        return true;
    }
    if (!method->result || index != n)
        return false;
    *ret = (shown){ result_name(method), NULL, method->result, outcome->outs[index] };
    return true;
}

static size_t value_count(const call_outcome *outcome)
{
    shown value;
    size_t count = 0;
    while (value_at(outcome, count, &value))
        count++;
    return count;
}

/* ---- text ---- */

static void write_values(buf *out, const call_outcome *outcome, size_t most)
{
    shown value;
    size_t start = out->len, count = value_count(outcome);
    if (count == 0)
        buf_append_lit(out, "Done.");
    for (size_t i = 0; value_at(outcome, i, &value) && out->len - start <= most; i++) {
        if (count > 1)
            buf_printf(out, "%s%s: ", i ? "\n" : "", value.name);
        show_value(out, value.type, value.value, false, most);
    }
    show_cut(out, start, most);
}

static void write_fault(buf *out, const call_outcome *outcome, size_t most)
{
    size_t start = out->len;
    buf_printf(out, "Fault %ld: %s", (long)outcome->code, outcome->text ? outcome->text : "no text");
    if (outcome->exception && outcome->exception_value && outcome->exception->type->count) {
        buf_append_char(out, ' ');
        show_json(out, outcome->exception->type, outcome->exception_value, false, most);
    }
    if (outcome->exception && outcome->exception->help)
        buf_printf(out, "\n%s", outcome->exception->help);
    show_cut(out, start, most);
}

static void write_error(buf *out, const call_outcome *outcome)
{
    if (strcmp(outcome->condition, "forbidden") == 0)
        buf_append_lit(out, "Refused: you may not call this.");
    else
        buf_printf(out, "Not done: %s", outcome->text ? outcome->text : outcome->condition);
}

void result_write_text(buf *out, const call_outcome *outcome, size_t most)
{
    switch (outcome->kind) {
    case OUTCOME_RESULT:
        write_values(out, outcome, most);
        break;
    case OUTCOME_FAULT:
        write_fault(out, outcome, most);
        break;
    case OUTCOME_ERROR:
        write_error(out, outcome);
        break;
    }
}

/* ---- form ---- */

static void write_shown(buf *out, const jrpc_type *type, const void *value, bool lines, size_t most)
{
    AUTO(buf_done) buf text = BUF_INIT;
    show_value(&text, type, value, lines, most);
    if (buf_failed(&text))
        out->failed = true;
    else if (lines)
        form_write_lines(out, text.data ? text.data : "");
    else
        form_write_element(out, "value", text.data ? text.data : "");
}

static void open_field(buf *out, const char *name, const jrpc_type *type, bool lines)
{
    buf_append_lit(out, "<field var='");
    writer_attribute(out, name);
    buf_append_lit(out, "' label='");
    writer_attribute(out, name);
    buf_printf(out, "' type='%s'>", type->kind == JRPC_KIND_BOOL ? "boolean" : lines ? "text-multi" : "text-single");
}

static void write_items(buf *out, const jrpc_type *type, const void *value, size_t most)
{
    bool is_array = type->kind == JRPC_KIND_ARRAY;
    storage_list list =
        is_array ? (storage_list){ (void *)(uintptr_t)value, type->bound, 0 } : storage_list_get(value);
    size_t start = out->len;
    for (size_t i = 0; i < list.len && out->len - start <= most; i++)
        write_shown(out, type->element, storage_at(list.data, i * type->element->size), false, most);
}

static bool has_lines(const shown *value)
{
    if (!value_is_simple(value->type))
        return true;
    const char *text = value->type->kind == JRPC_KIND_STRING ? storage_pointer(value->value) : NULL;
    return text && strchr(text, '\n');
}

static void write_field(buf *out, const shown *value, size_t most)
{
    bool lines = has_lines(value);
    open_field(out, value->name, value->type, lines);
    if (value->help)
        form_write_element(out, "desc", value->help);
    if (value->type->kind == JRPC_KIND_BOOL)
        form_write_element(out, "value", storage_integer(value->type, value->value) ? "1" : "0");
    else if (value_is_list(value->type))
        write_items(out, value->type, value->value, most);
    else
        write_shown(out, value->type, value->value, lines, most);
    buf_append_lit(out, "</field>");
}

/* ---- tables: XEP-0004 section 3.4 ---- */

/* A sequence of plain structs, whose members are all simple, there, and their own. */
static bool is_table(const jrpc_type *type)
{
    if (type->kind != JRPC_KIND_SEQUENCE || type->element->kind != JRPC_KIND_STRUCT || type->element->count == 0)
        return false;
    for (uint32_t i = 0; i < type->element->count; i++) {
        const jrpc_field *field = &type->element->fields[i];
        if (field->flags & (JRPC_FIELD_BASE | JRPC_FIELD_OPTIONAL) || !value_is_simple(field->type))
            return false;
    }
    return true;
}

static void write_row(buf *out, const jrpc_type *row, const void *value, size_t most)
{
    buf_append_lit(out, "<item>");
    for (uint32_t i = 0; i < row->count; i++) {
        buf_append_lit(out, "<field var='");
        writer_attribute(out, row->fields[i].name);
        buf_append_lit(out, "'>");
        write_shown(out, row->fields[i].type, storage_member(&row->fields[i], value), false, most);
        buf_append_lit(out, "</field>");
    }
    buf_append_lit(out, "</item>");
}

static void write_table(buf *out, const jrpc_type *type, const void *value, size_t most)
{
    const jrpc_type *row = type->element;
    buf_append_lit(out, "<reported>");
    for (uint32_t i = 0; i < row->count; i++) {
        open_field(out, row->fields[i].name, row->fields[i].type, false);
        buf_append_lit(out, "</field>");
    }
    buf_append_lit(out, "</reported>");
    storage_list list = storage_list_get(value);
    size_t start = out->len;
    for (size_t i = 0; i < list.len && out->len - start <= most; i++)
        write_row(out, row, storage_at(list.data, i * row->size), most);
}

bool result_write_form(buf *out, const call_outcome *outcome, const char *title, size_t most)
{
    shown value;
    size_t start = out->len, count = value_count(outcome);
    if (count == 0)
        return true;
    buf_append_lit(out, "<x xmlns='" FORM_NS "' type='result'>");
    form_write_element(out, "title", title);
    for (size_t i = 0; value_at(outcome, i, &value) && out->len - start <= most; i++) {
        if (count == 1 && is_table(value.type))
            write_table(out, value.type, value.value, most);
        else
            write_field(out, &value, most);
    }
    buf_append_lit(out, "</x>");
    return out->len - start <= most;
}
