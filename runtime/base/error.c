/* SPDX-License-Identifier: MIT */
/* Errors. */
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum { MESSAGE_STATIC = 1 };

/* The functions for an exception's value hide in the reserved room. */
typedef struct value_free {
    error_value_free_fn *call;
} value_free;

typedef struct value_print {
    error_value_print_fn *call;
} value_print;

static void free_text(const char **text)
{
    free((char *)(uintptr_t)*text);
    *text = NULL;
}

void jrpc_error_done(jrpc_error *error)
{
    if (!error)
        return;
    if (error->value) {
        value_free with;
        memcpy(&with, &error->reserved[0], sizeof with);
        with.call(error->exception, error->value);
    }
    if (!(error->flags & MESSAGE_STATIC))
        free_text(&error->message);
    free_text(&error->who);
    free_text(&error->what);
    free_text(&error->path);
    free_text(&error->condition);
    *error = (jrpc_error)JRPC_ERROR_INIT;
}

jrpc_status error_setv(jrpc_error *error, jrpc_error_domain domain, jrpc_status status, const char *format, va_list ap)
{
    if (!error)
        return status;
    /* The arguments may point into the error that is replaced. */
    AUTO(buf_done) buf text = BUF_INIT;
    buf_vprintf(&text, format, ap);
    char *message = buf_take(&text);
    jrpc_error_done(error);
    error->status = status;
    error->domain = domain;
    error->message = message;
    if (!message) {
        error->message = jrpc_status_text(status);
        error->flags = MESSAGE_STATIC;
    }
    return status;
}

jrpc_status error_set(jrpc_error *error, jrpc_error_domain domain, jrpc_status status, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    error_setv(error, domain, status, format, ap);
    va_end(ap);
    return status;
}

jrpc_status jrpc_error_set(jrpc_error *error, jrpc_status status, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    error_setv(error, JRPC_ERROR_LOCAL, status, format, ap);
    va_end(ap);
    return status;
}

jrpc_status error_nomem(jrpc_error *error)
{
    if (error) {
        jrpc_error_done(error);
        error->status = JRPC_E_NOMEM;
        error->domain = JRPC_ERROR_LOCAL;
        error->message = jrpc_status_text(JRPC_E_NOMEM);
        error->flags = MESSAGE_STATIC;
    }
    return JRPC_E_NOMEM;
}

/* Without memory the detail is left out: the status and the message are there. */
static void set_text(const char **field, const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    free_text(field);
    *field = copy;
}

void error_who(jrpc_error *error, const char *who)
{
    if (error)
        set_text(&error->who, who);
}

void error_what(jrpc_error *error, const char *what)
{
    if (error)
        set_text(&error->what, what);
}

void error_path(jrpc_error *error, const char *path)
{
    if (error)
        set_text(&error->path, path);
}

void error_condition(jrpc_error *error, const char *condition)
{
    if (error)
        set_text(&error->condition, condition);
}

void error_code(jrpc_error *error, int32_t code)
{
    if (error)
        error->code = code;
}

void error_exception_take(jrpc_error *error, const struct jrpc_exception *exception, void *value,
                          error_value_free_fn *free_value)
{
    if (!error) {
        free_value(exception, value);
        return;
    }
    value_free with = { free_value };
    error->exception = exception;
    error->value = value;
    memcpy(&error->reserved[0], &with, sizeof with);
}

void error_exception_printer(jrpc_error *error, error_value_print_fn *print)
{
    value_print with = { print };
    if (error)
        memcpy(&error->reserved[1], &with, sizeof with);
}

/* " { name: \"x\" }" */
static void append_members(buf *b, const jrpc_error *error)
{
    value_print with;
    memcpy(&with, &error->reserved[1], sizeof with);
    if (!error->value || !with.call)
        return;
    autofree char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    if (!stream)
        return;
    with.call(error->exception, error->value, stream);
    if (fclose(stream) == 0 && len > 0)
        buf_printf(b, " %.1000s", text);
}

void jrpc_error_move(jrpc_error *to, jrpc_error *from)
{
    if (to == from)
        return;
    if (!to) {
        jrpc_error_done(from);
        return;
    }
    jrpc_error_done(to);
    *to = *from;
    *from = (jrpc_error)JRPC_ERROR_INIT;
}

static void append_part(buf *b, const char *text)
{
    if (!text || !*text)
        return;
    buf_append_safe(b, text);
    buf_append_lit(b, ": ");
}

char *jrpc_error_to_string(const jrpc_error *error)
{
    AUTO(buf_done) buf b = BUF_INIT;
    append_part(&b, error->what);
    append_part(&b, error->who);
    if (error->status == JRPC_OK) {
        buf_append_lit(&b, "no error");
        return buf_take(&b);
    }
    buf_printf(&b, "%s: ", jrpc_status_name(error->status));
    if (error->domain == JRPC_ERROR_FAULT || error->domain == JRPC_ERROR_APP)
        buf_printf(&b, "fault %ld: ", (long)error->code);
    append_part(&b, error->path);
    buf_append_safe(&b, error->message ? error->message : jrpc_status_text(error->status));
    append_members(&b, error);
    if (error->condition && !strstr(error->message ? error->message : "", error->condition)) {
        buf_append_lit(&b, " (");
        buf_append_safe(&b, error->condition);
        buf_append_char(&b, ')');
    }
    return buf_take(&b);
}

void jrpc_error_print(FILE *stream, const jrpc_error *error)
{
    autofree char *line = jrpc_error_to_string(error);
    fprintf(stream, "%s\n", line ? line : jrpc_status_text(error->status));
}
