/* SPDX-License-Identifier: MIT */
/* Forms that were filled in. */
#include "command/form.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "command/value.h"
#include "link/xml.h"

/* ---- the form's parts ---- */

static bool is(xmpp_stanza_t *child, const char *name)
{
    const char *own = xmpp_stanza_is_tag(child) ? xmpp_stanza_get_name(child) : NULL;
    return own && strcmp(own, name) == 0;
}

xmpp_stanza_t *form_field(xmpp_stanza_t *form, const char *name)
{
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(form); child; child = xmpp_stanza_get_next(child)) {
        const char *var = is(child, "field") ? xmpp_stanza_get_attribute(child, "var") : NULL;
        if (var && strcmp(var, name) == 0)
            return child;
    }
    return NULL;
}

jrpc_status form_values_of(xmpp_stanza_t *field, form_values *ret_values)
{
    *ret_values = (form_values){ NULL, 0 };
    size_t count = 0;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(field); child; child = xmpp_stanza_get_next(child))
        count += is(child, "value");
    ret_values->list = calloc(count + 1, sizeof *ret_values->list);
    if (!ret_values->list)
        return JRPC_E_NOMEM;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(field); child; child = xmpp_stanza_get_next(child)) {
        if (!is(child, "value"))
            continue;
        char *text = xml_text(child);
        if (!text)
            return JRPC_E_NOMEM;
        ret_values->list[ret_values->len++] = text;
    }
    return JRPC_OK;
}

void form_values_done(form_values *v)
{
    for (size_t i = 0; i < v->len; i++)
        free(v->list[i]);
    free(v->list);
    *v = (form_values){ NULL, 0 };
}

/* ---- problems ---- */

static jrpc_status wrong(form_problem *problem, jrpc_status status, const char *field, const char *path,
                         const char *text)
{
    snprintf(problem->field, sizeof problem->field, "%s", field);
    snprintf(problem->text, sizeof problem->text, "%.80s%s%s%s", field, path, *field ? ": " : "", text);
    return status;
}

/* ---- which fields there are ---- */

static bool is_parameter(const jrpc_method *method, const char *name)
{
    const jrpc_param *param;
    for (size_t i = 0; (param = arguments_param(method, i)); i++) {
        if (strcmp(param->name, name) == 0)
            return true;
    }
    return false;
}

static jrpc_status check_field(xmpp_stanza_t *form, xmpp_stanza_t *field, const jrpc_method *method,
                               form_problem *problem)
{
    const char *var = xmpp_stanza_get_attribute(field, "var");
    const char *type = xmpp_stanza_get_type(field);
    if (type && strcmp(type, "fixed") == 0)
        return JRPC_OK;
    if (!var)
        return wrong(problem, JRPC_E_INVALID, "", "", "a field has no name");
    if (strcmp(var, "FORM_TYPE") == 0)
        return JRPC_OK;
    if (!is_parameter(method, var))
        return wrong(problem, JRPC_E_INVALID, var, "", "there is no such field in this form");
    if (form_field(form, var) != field)
        return wrong(problem, JRPC_E_INVALID, var, "", "this field is there twice");
    return JRPC_OK;
}

static jrpc_status check_fields(xmpp_stanza_t *form, const jrpc_method *method, form_problem *problem)
{
    size_t count = 0;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(form); child; child = xmpp_stanza_get_next(child)) {
        if (!is(child, "field"))
            continue;
        if (++count > FORM_FIELDS_MOST)
            return wrong(problem, JRPC_E_TOO_LARGE, "", "", "the form has too many fields");
        jrpc_status status = check_field(form, child, method, problem);
        if (status != JRPC_OK)
            return status;
    }
    return JRPC_OK;
}

/* ---- values ---- */

/* All of them as one text, with this between them. NULL without memory. */
static char *join(const form_values *values, const char *between)
{
    AUTO(buf_done) buf text = BUF_INIT;
    for (size_t i = 0; i < values->len; i++)
        buf_printf(&text, "%s%s", i ? between : "", values->list[i]);
    return buf_take(&text);
}

/* Lines as elements; those at the end that are empty are how people stop writing. */
static jrpc_status read_list(const jrpc_type *type, const form_values *values, void *storage, wire_failure *failure)
{
    autofree char *text = join(values, "\n");
    size_t count = 1;
    for (const char *c = text; c && *c; c++)
        count += *c == '\n';
    autofree const char **lines = text ? calloc(count, sizeof *lines) : NULL;
    if (!lines)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    count = 0;
    for (char *at = text, *line; (line = strsep(&at, "\n"));) {
        size_t len = strlen(line);
        if (len && line[len - 1] == '\r')
            line[len - 1] = '\0';
        lines[count++] = line;
    }
    while (count && !*lines[count - 1])
        count--;
    return value_read_items(type, lines, count, storage, failure);
}

static jrpc_status read_values(const jrpc_param *param, const form_values *values, void *storage,
                               wire_failure *failure)
{
    const jrpc_type *type = param->type;
    if (value_is_list(type))
        return read_list(type, values, storage, failure);
    bool is_one = value_is_simple(type) && type->kind != JRPC_KIND_BITMASK && type->kind != JRPC_KIND_BYTES &&
                  type->kind != JRPC_KIND_ARRAY;
    if (is_one && values->len > 1)
        return failure_set(failure, JRPC_E_INVALID, "expected one value, got %zu", values->len);
    if (type->kind == JRPC_KIND_BOOL && values->len == 0)
        return value_read(type, NULL, "false", storage, failure);
    autofree char *text = join(values, type->kind == JRPC_KIND_BITMASK ? "|" : "\n");
    if (!text)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    bool is_blank = text[strspn(text, " \t\r\n")] == '\0';
    bool is_none = is_blank && (type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_MAP);
    const char *none = type->kind == JRPC_KIND_MAP ? "{}" : "[]";
    return value_read(type, param->range, is_none ? none : text, storage, failure);
}

static jrpc_status read_field(xmpp_stanza_t *form, const jrpc_param *param, void *storage, form_problem *problem)
{
    AUTO(form_values_done) form_values values = { NULL, 0 };
    wire_failure failure;
    failure_init(&failure);
    xmpp_stanza_t *field = form_field(form, param->name);
    jrpc_status status = field ? form_values_of(field, &values) : JRPC_OK;
    if (status == JRPC_OK)
        status = read_values(param, &values, storage, &failure);
    if (status != JRPC_OK && status != JRPC_E_NOMEM)
        wrong(problem, status, param->name, failure.path, values.len ? failure.message : "a value is missing");
    return status;
}

jrpc_status form_read(xmpp_stanza_t *form, arguments *ret_arguments, form_problem *ret_problem)
{
    *ret_problem = (form_problem){ "", "" };
    jrpc_status status = check_fields(form, ret_arguments->method, ret_problem);
    for (size_t i = 0; i < ret_arguments->count && status == JRPC_OK; i++)
        status = read_field(form, arguments_param(ret_arguments->method, i), ret_arguments->values[i], ret_problem);
    return status;
}
