/* SPDX-License-Identifier: MIT */
/*
 * A method's parameters as a data form (XEP-0004, with XEP-0122's validation), one field for each in and inout
 * parameter, named as the parameter is. Any thread.
 *
 *   boolean                  boolean; not given is false
 *   enum                     list-single; bitmask: list-multi
 *   numbers, DateTime, char  text-single, validated by their range
 *   string                   text-single; not given is ""
 *   sequence<octet>          text-multi: base64
 *   sequences and arrays of such    text-multi: one element a line
 *   other sequences, maps    text-multi: JSON, see value.h; the description shows what it looks like; nothing is none
 *   structs, unions, any     text-multi: JSON; the form has the default value in it, but of any
 */
#ifndef COMMAND_FORM_H
#define COMMAND_FORM_H

#include <strophe.h>

#include "command/arguments.h"

#define FORM_NS "jabber:x:data"
#define FORM_NS_VALIDATE "http://jabber.org/protocol/xdata-validate"

/* What is wrong with a form that somebody sent. */
typedef struct form_problem {
    char field[256]; /* name of the field, as sent; "" when it is none */
    char text[512];  /* "a: 'x' is not an integer"; may hold what XML cannot */
} form_problem;

/*
 * Appends the form to be filled in. given: one that was sent and is wrong, whose values are shown again, and problem
 * says why; both may be NULL.
 */
void form_write(buf *out, const jrpc_method *method, xmpp_stanza_t *given, const form_problem *problem);

/* Reads a form of type submit into arguments that are zero. INVALID, TOO_LARGE: the problem is filled in; NOMEM. */
jrpc_status form_read(xmpp_stanza_t *form, arguments *ret_arguments, form_problem *ret_problem);

/* <name>text</name>; what XML cannot carry becomes "?". */
void form_write_element(buf *out, const char *name, const char *text);
/* A <value> for each line of the text. */
void form_write_lines(buf *out, const char *text);

/* "JSON, like [{"x": 0}, ...]" for a type that has to be typed as JSON and is no any; nothing else gets an example. */
void form_show_example(buf *out, const jrpc_type *type);

/* ---- between form.c and form-read.c ---- */

enum { FORM_FIELDS_MOST = 256 };

/* The texts of a field's values; heap. */
typedef struct form_values {
    char **list;
    size_t len;
} form_values;

/* NOMEM. form_values_done() in any case. */
jrpc_status form_values_of(xmpp_stanza_t *field, form_values *ret_values);
void form_values_done(form_values *v);
/* The first field of that name; NULL. */
xmpp_stanza_t *form_field(xmpp_stanza_t *form, const char *name);

#endif
