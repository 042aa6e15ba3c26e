/* SPDX-License-Identifier: MIT */
/*
 * Ad-hoc commands (XEP-0050): every method that is registered with types, under its wire name as node, but those that the
 * IDL marks @command(FALSE). A first request gets the form of its parameters, or runs the method when there are none or
 * they came with it; the form that comes back runs it, with `complete` or `execute`, or `cancel`s. There is one stage, so
 * `prev` and `next` are no actions. Each caller sees and runs what he may call, by the same way in as all other calls.
 */
#ifndef COMMAND_ADHOC_H
#define COMMAND_ADHOC_H

#include "command/dialog.h"
#include "command/form.h"
#include "serve/server.h"

#define ADHOC_NS "http://jabber.org/protocol/commands"

typedef struct adhoc {
    server_extra extra; /* first: the server knows it by that, and frees it */
    server *server;
    dialogs dialogs;
} adhoc;

/* For server_extend(). NULL without memory. */
adhoc *adhoc_new(server *s);

/* A method that is offered to people. A new reference, or NULL. */
registry_method *command_find(server *s, const char *name);

/* ---- between adhoc.c and adhoc-run.c ---- */

/* One request, while it is looked at; all is borrowed. */
typedef struct adhoc_request {
    adhoc *adhoc;
    const reply_address *address;
    const jid *who;
    const char *node;
    const char *dialog;  /* id, or NULL */
    xmpp_stanza_t *form; /* that came along, or NULL */
} adhoc_request;

/* Reads the form (NULL: there are no parameters) and runs the method; a wrong form is sent back. The dialog is busy. */
void adhoc_run(const adhoc_request *request, const jrpc_method *method);
/* Sends the form; given and problem as for form_write(). */
void adhoc_send_form(const adhoc_request *request, const jrpc_method *method, const char *dialog,
                     xmpp_stanza_t *given, const form_problem *problem);
/* <iq><command xmlns node sessionid status>, and the end of that. */
void adhoc_open_answer(buf *out, const reply_address *address, const char *node, const char *dialog,
                       const char *status);
void adhoc_close_answer(buf *out);
/* A stanza error with a condition of XEP-0050's besides, or NULL. */
void adhoc_refuse(adhoc *a, const reply_address *address, const char *type, const char *condition,
                  const char *special, const char *text);

#endif
