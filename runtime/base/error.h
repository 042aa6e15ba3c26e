/* SPDX-License-Identifier: MIT */
/* Filling in errors: internal side of <jrpc/error.h>. All accept a NULL error and keep a static text without memory. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

#include <jrpc/error.h>

jrpc_status error_setv(jrpc_error *error, jrpc_error_domain domain, jrpc_status status, const char *format, va_list ap)
    __attribute__((format(printf, 4, 0)));
jrpc_status error_set(jrpc_error *error, jrpc_error_domain domain, jrpc_status status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
jrpc_status error_nomem(jrpc_error *error);
/* These add to an error that was set; each copies its string; NULL is fine. */
void error_who(jrpc_error *error, const char *who);
void error_what(jrpc_error *error, const char *what);
void error_path(jrpc_error *error, const char *path);
void error_condition(jrpc_error *error, const char *condition);
void error_code(jrpc_error *error, int32_t code);

/*
 * How an exception's value is freed. Set by the part that creates such values, so that this folder needs no codec.
 * The error takes value over.
 */
typedef void error_value_free_fn(const struct jrpc_exception *exception, void *value);
void error_exception_take(jrpc_error *error, const struct jrpc_exception *exception, void *value,
                          error_value_free_fn *free_value);

/* How the members of such an exception are written for people; without it they are not. */
typedef void error_value_print_fn(const struct jrpc_exception *exception, const void *value, FILE *stream);
void error_exception_printer(jrpc_error *error, error_value_print_fn *print);

#endif
