/* SPDX-License-Identifier: MIT */
/* Help. */
#include "command/usage.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "command/adhoc.h"
#include "command/arguments.h"
#include "command/form.h"
#include "command/show.h"
#include "command/value.h"
#include "serve/access.h"

enum { EXAMPLE_MOST = 600 };

void usage_write_call(buf *out, const jrpc_method *method)
{
    buf_append_str(out, method->wire_name);
    const jrpc_param *param;
    for (size_t i = 0; (param = arguments_param(method, i)); i++)
        buf_printf(out, " %s", param->name);
}

/* ---- one method ---- */

static void write_value(buf *out, const char *name, const jrpc_type *type, const jrpc_range *range, const char *help)
{
    buf_printf(out, "\n  %s: ", name);
    value_describe(out, type, range);
    if (help)
        buf_printf(out, ". %s", help);
}

static void write_results(buf *out, const jrpc_method *method)
{
    bool any = method->result != NULL;
    for (size_t i = 0; i < method->param_count; i++)
        any = any || method->params[i].direction & JRPC_OUT;
    if (!any)
        return;
    buf_append_lit(out, "\nIt answers:");
    for (size_t i = 0; i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        if (param->direction & JRPC_OUT)
            write_value(out, param->name, param->type, param->range, param->help);
    }
    if (method->result)
        write_value(out, "result", method->result, NULL, NULL);
}

/* Nobody knows by its name how a structure is typed. */
static void write_example(buf *out, const jrpc_type *type)
{
    AUTO(buf_done) buf example = BUF_INIT;
    form_show_example(&example, type);
    if (buf_failed(&example)) {
        out->failed = true;
    } else if (example.len) {
        show_cut(&example, 0, EXAMPLE_MOST);
        buf_printf(out, "\n    %s", example.data);
    }
}

void usage_write_method(buf *out, const jrpc_method *method)
{
    usage_write_call(out, method);
    if (method->help)
        buf_printf(out, "\n%s", method->help);
    const jrpc_param *param;
    for (size_t i = 0; (param = arguments_param(method, i)); i++) {
        write_value(out, param->name, param->type, param->range, param->help);
        write_example(out, param->type);
    }
    write_results(out, method);
    if (method->exception_count)
        buf_append_lit(out, "\nIt may fail with:");
    for (size_t i = 0; i < method->exception_count; i++) {
        const jrpc_exception *exception = method->exceptions[i];
        buf_printf(out, "\n  %s%s%s", exception->name, exception->help ? ": " : "",
                   exception->help ? exception->help : "");
    }
}

/* ---- all methods ---- */

/* The first one, from *at on, that there is and that he may call: a new reference, or NULL behind the last. */
static registry_method *next_shown(server *s, const jid *who, const jrpc_seq_string *names, size_t *at)
{
    while (*at < names->len) {
        const char *name = names->data[(*at)++];
        registry_method *m = command_find(s, name);
        if (m && access_shows(s, who, name))
            return m;
        registry_method_unref(m);
    }
    return NULL;
}

static void write_line(buf *out, const jrpc_method *method)
{
    usage_write_call(out, method);
    const char *help = method->help;
    if (help)
        buf_printf(out, ": %.*s", (int)strcspn(help, "\n"), help);
    buf_append_char(out, '\n');
}

void usage_write_list(buf *out, server *s, const jid *who, size_t most)
{
    jrpc_seq_string names = { NULL, 0, 0 };
    if (registry_list(&s->registry, &names) != JRPC_OK)
        return;
    size_t at = 0, start = out->len, left_out = 0, count = 0;
    registry_method *m;
    while ((m = next_shown(s, who, &names, &at))) {
        size_t before = out->len;
        write_line(out, registry_described(m));
        registry_method_unref(m);
        count++;
        if (out->len - start > most) {
            buf_truncate(out, before);
            left_out++;
        }
    }
    jrpc_value_clear(&jrpc_type_seq_string, &names);
    if (left_out)
        buf_printf(out, "... and %zu more\n", left_out);
    buf_append_str(
        out, count ? "help METHOD tells more. Text with blanks is put in quotes, \"like this\"; structures are JSON."
                   : "There is nothing here that you may call.");
}

/* ---- what was meant ---- */

char *usage_nearest(server *s, const jid *who, const char *name)
{
    jrpc_seq_string names = { NULL, 0, 0 };
    if (registry_list(&s->registry, &names) != JRPC_OK)
        return NULL;
    suggestion near;
    suggest_init(&near, name);
    const char *same_part = NULL;
    size_t at = 0;
    registry_method *m;
    while ((m = next_shown(s, who, &names, &at))) {
        const char *candidate = names.data[at - 1];
        if (suggest_same_part(name, candidate))
            same_part = candidate;
        suggest_try(&near, candidate);
        registry_method_unref(m);
    }
    const char *best = near.best ? near.best : same_part;
    char *copy = best ? strdup(best) : NULL;
    jrpc_value_clear(&jrpc_type_seq_string, &names);
    return copy;
}
