/* SPDX-License-Identifier: MIT */
/* Forms to be filled in. */
#include "command/form.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "command/show.h"
#include "command/value.h"
#include "wire/writer.h"

enum {
    TEMPLATE_MOST = 4096, /* bytes of a value that is shown as an example */
    GIVEN_MOST = 16384    /* bytes of given values that are shown again: they may take five times as many, escaped */
};

static const char *field_type(const jrpc_type *type)
{
    switch (type->kind) {
    case JRPC_KIND_BOOL:
        return "boolean";
    case JRPC_KIND_ENUM:
        return "list-single";
    case JRPC_KIND_BITMASK:
        return "list-multi";
    case JRPC_KIND_BYTES:
        return "text-multi";
    default:
        return value_is_simple(type) && type->kind != JRPC_KIND_ARRAY ? "text-single" : "text-multi";
    }
}

/* Nothing at all is a value of these. */
static bool may_be_left_out(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_BOOL || type->kind == JRPC_KIND_STRING || type->kind == JRPC_KIND_BITMASK ||
           type->kind == JRPC_KIND_BYTES || type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_MAP;
}

void form_write_element(buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    writer_safe_text(out, text);
    buf_printf(out, "</%s>", name);
}

/* ---- validation: XEP-0122 ---- */

static const char *datatype_of(const jrpc_type *type)
{
    switch (type->kind) {
    case JRPC_KIND_I8:
        return "xs:byte";
    case JRPC_KIND_I16:
        return "xs:short";
    case JRPC_KIND_I32:
        return "xs:int";
    case JRPC_KIND_I64:
        return "xs:long";
    case JRPC_KIND_U8:
    case JRPC_KIND_U16:
    case JRPC_KIND_U32:
    case JRPC_KIND_U64:
        return "xs:integer";
    case JRPC_KIND_FLOAT:
    case JRPC_KIND_DOUBLE:
        return "xs:double";
    case JRPC_KIND_DATETIME:
        return "xs:dateTime";
    default:
        return NULL;
    }
}

static bool is_unsigned(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_U8 || type->kind == JRPC_KIND_U16 || type->kind == JRPC_KIND_U32 ||
           type->kind == JRPC_KIND_U64;
}

static void write_real_range(buf *out, const jrpc_range *range)
{
    if (isfinite(range->min_double)) {
        buf_append_lit(out, " min='");
        writer_double(out, range->min_double);
        buf_append_char(out, '\'');
    }
    if (isfinite(range->max_double)) {
        buf_append_lit(out, " max='");
        writer_double(out, range->max_double);
        buf_append_char(out, '\'');
    }
}

static void write_integer_range(buf *out, const jrpc_type *type, const jrpc_range *range)
{
    uint64_t widest = type->size < 8 ? (UINT64_C(1) << (8 * type->size)) - 1 : UINT64_MAX;
    int64_t least = range ? range->min_integer : INT64_MIN;
    if (is_unsigned(type) && least < 0)
        least = 0;
    if (least != INT64_MIN)
        buf_printf(out, " min='%" PRId64 "'", least);
    if (range && range->max_integer != INT64_MAX && (range->max_integer < 0 || (uint64_t)range->max_integer < widest))
        buf_printf(out, " max='%" PRId64 "'", range->max_integer);
    else if (is_unsigned(type))
        buf_printf(out, " max='%" PRIu64 "'", widest);
}

static void write_validation(buf *out, const jrpc_type *type, const jrpc_range *range)
{
    const char *datatype = datatype_of(type);
    if (!datatype)
        return;
    buf_printf(out, "<validate xmlns='" FORM_NS_VALIDATE "' datatype='%s'>", datatype);
    if (is_unsigned(type) || (range && type->kind != JRPC_KIND_DATETIME)) {
        buf_append_lit(out, "<range");
        if (type->kind == JRPC_KIND_FLOAT || type->kind == JRPC_KIND_DOUBLE)
            write_real_range(out, range);
        else
            write_integer_range(out, type, range);
        buf_append_lit(out, "/>");
    } else {
        buf_append_lit(out, "<basic/>");
    }
    buf_append_lit(out, "</validate>");
}

/* ---- values ---- */

void form_write_lines(buf *out, const char *text)
{
    for (;;) {
        size_t len = strcspn(text, "\n");
        autofree char *line = strndup(text, len);
        if (line)
            form_write_element(out, "value", line);
        else
            out->failed = true;
        if (!text[len])
            return;
        text += len + 1;
    }
}

/* What JSON of the type looks like: its default value. */
static void show_default(buf *out, const jrpc_type *type, bool lines)
{
    autofree void *value = malloc(type->size ? type->size : 1);
    if (!value || jrpc_value_init(type, value) != JRPC_OK) {
        out->failed = true;
        return;
    }
    show_json(out, type, value, lines, TEMPLATE_MOST);
    jrpc_value_clear(type, value);
}

static void write_template(buf *out, const jrpc_type *type)
{
    AUTO(buf_done) buf json = BUF_INIT;
    show_default(&json, type, true);
    if (buf_failed(&json))
        out->failed = true;
    else if (json.len)
        form_write_lines(out, json.data);
}

/* How one element is written. */
static void show_example(buf *out, const jrpc_type *type)
{
    bool is_map = type->kind == JRPC_KIND_MAP;
    buf_append_str(out, is_map ? "JSON, like {\"KEY\": " : "JSON, like [");
    show_default(out, is_map ? type->element->fields[1].type : type->element, false);
    buf_append_str(out, is_map ? ", ...}" : ", ...]");
}

void form_show_example(buf *out, const jrpc_type *type)
{
    if (value_is_simple(type) || value_is_list(type) || type->kind == JRPC_KIND_ANY)
        return;
    if (type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_MAP) {
        show_example(out, type);
    } else {
        buf_append_lit(out, "JSON, like ");
        show_default(out, type, false);
    }
}

static void write_given(buf *out, const form_values *given)
{
    for (size_t i = 0; i < given->len; i++)
        form_write_element(out, "value", given->list[i]);
}

static void write_options(buf *out, const jrpc_type *type)
{
    for (uint32_t i = 0; i < type->count; i++) {
        buf_append_lit(out, "<option label='");
        writer_attribute(out, type->enumerators[i].name);
        buf_append_lit(out, "'>");
        form_write_element(out, "value", type->enumerators[i].name);
        buf_append_lit(out, "</option>");
    }
}

/* ---- fields ---- */

static void write_label(buf *out, const jrpc_param *param)
{
    AUTO(buf_done) buf label = BUF_INIT;
    buf_printf(&label, "%s (", param->name);
    if (param->type->kind == JRPC_KIND_ENUM || param->type->kind == JRPC_KIND_BITMASK)
        buf_append_str(&label, param->type->name);
    else
        value_describe(&label, param->type, param->range);
    buf_append_char(&label, ')');
    buf_append_lit(out, " label='");
    if (buf_failed(&label))
        out->failed = true;
    else
        writer_attribute(out, label.data);
    buf_append_char(out, '\'');
}

static void say_how_to_fill(buf *out, const jrpc_type *type)
{
    if (value_is_list(type))
        buf_append_lit(out, "One element a line.");
    else if (type->kind == JRPC_KIND_ANY)
        buf_append_lit(out, "JSON, or text.");
    else if (type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_MAP)
        show_example(out, type);
    else if (!value_is_simple(type))
        buf_append_lit(out, "JSON.");
    else if (type->kind == JRPC_KIND_BYTES || type->kind == JRPC_KIND_ARRAY)
        buf_append_lit(out, "Base64.");
}

static void write_description(buf *out, const jrpc_param *param, const char *problem)
{
    AUTO(buf_done) buf text = BUF_INIT, how = BUF_INIT;
    say_how_to_fill(&how, param->type);
    const char *parts[] = { problem, param->help, how.data,
                            value_is_simple(param->type) ? NULL : param->type->help };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i])
            buf_printf(&text, "%s%s", text.len ? "\n" : "", parts[i]);
    }
    if (buf_failed(&how) || buf_failed(&text))
        out->failed = true;
    else if (text.len)
        form_write_element(out, "desc", text.data);
}

static void write_field(buf *out, const jrpc_param *param, const form_values *given, const char *problem)
{
    const jrpc_type *type = param->type;
    buf_append_lit(out, "<field var='");
    writer_attribute(out, param->name);
    buf_printf(out, "' type='%s'", field_type(type));
    write_label(out, param);
    buf_append_char(out, '>');
    write_description(out, param, problem);
    if (!may_be_left_out(type))
        buf_append_lit(out, "<required/>");
    if (given)
        write_given(out, given);
    else if (type->kind == JRPC_KIND_BOOL)
        buf_append_lit(out, "<value>0</value>");
    else if (type->kind == JRPC_KIND_STRUCT || type->kind == JRPC_KIND_UNION ||
             (type->kind == JRPC_KIND_ARRAY && !value_is_simple(type) && !value_is_list(type)))
        write_template(out, type);
    if (type->kind == JRPC_KIND_ENUM || type->kind == JRPC_KIND_BITMASK)
        write_options(out, type);
    write_validation(out, type, param->range);
    buf_append_lit(out, "</field>");
}

/* False: it is not shown again; values are to be given to form_values_done() in any case. Without memory out has failed. */
static bool take_given(buf *out, xmpp_stanza_t *given, const char *name, size_t *left, form_values *ret_values)
{
    *ret_values = (form_values){ NULL, 0 };
    xmpp_stanza_t *field = given ? form_field(given, name) : NULL;
    if (!field)
        return false;
    if (form_values_of(field, ret_values) != JRPC_OK) {
        out->failed = true;
        return false;
    }
    for (size_t i = 0; i < ret_values->len; i++) {
        size_t len = strlen(ret_values->list[i]) + sizeof "<value></value>";
        if (len > *left)
            return false;
        *left -= len;
    }
    return true;
}

void form_write(buf *out, const jrpc_method *method, xmpp_stanza_t *given, const form_problem *problem)
{
    buf_append_lit(out, "<x xmlns='" FORM_NS "' type='form'>");
    form_write_element(out, "title", method->wire_name);
    if (problem)
        form_write_element(out, "instructions", problem->text);
    if (method->help)
        form_write_element(out, "instructions", method->help);
    size_t left = GIVEN_MOST;
    const jrpc_param *param;
    for (size_t i = 0; (param = arguments_param(method, i)); i++) {
        AUTO(form_values_done) form_values values;
        bool again = take_given(out, given, param->name, &left, &values);
        write_field(out, param, again ? &values : NULL,
                    problem && strcmp(problem->field, param->name) == 0 ? problem->text : NULL);
    }
    buf_append_lit(out, "</x>");
}
