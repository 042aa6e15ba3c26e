/* SPDX-License-Identifier: MIT */
/* <query xmlns='jabber:iq:rpc'>: method calls and responses (XEP-0009 sections 3 and 4, XML-RPC). */
#ifndef WIRE_ENVELOPE_H
#define WIRE_ENVELOPE_H

#include <stdbool.h>

#include "wire/dynamic.h"
#include "wire/extension.h"
#include "wire/native.h"

#define WIRE_NS_RPC "jabber:iq:rpc"
/* The result's member in the struct of a method that has out parameters too. */
#define ENVELOPE_RESULT "_result"

/* ---- writing: each appends one whole <query>...</query>, or nothing when it fails ---- */

/*
 * in: storage of each in and inout parameter in order. A failure's path begins with the parameter:
 * "params[1].n".
 */
jrpc_status envelope_write_call(buf *out, const jrpc_method *method, const void *const *in,
                                unsigned max_depth, wire_failure *failure);
/* params: an array value or NULL. */
jrpc_status envelope_write_value_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                      wire_failure *failure);
/* The <methodCall> alone, as XML-RPC over HTTP has it, each number with the type that its value has. */
jrpc_status envelope_write_bare_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                     wire_failure *failure);
/*
 * out_values: storage of each out and inout parameter in order, then the result unless void. No outs: the
 * result's value, or boolean 1 for void. With outs: one struct with "_result" (unless void) and each by its
 * wire name.
 */
jrpc_status envelope_write_result(buf *out, const jrpc_method *method, void *const *out_values,
                                  unsigned max_depth, wire_failure *failure);
jrpc_status envelope_write_value_result(buf *out, xmlrpc_value *result, unsigned max_depth,
                                        wire_failure *failure);
/* One whole <value>...</value> that was written before. */
void envelope_write_ready_result(buf *out, const buf *value);
/* A fault with exactly faultCode and faultString. What cannot be in XML in the text is replaced by "?". */
void envelope_write_fault(buf *out, int32_t code, const char *text);
/*
 * The fault of a declared exception, and, when with_members, its members in an <exception> of our extension
 * namespace after the methodResponse. value may be NULL: no members.
 */
jrpc_status envelope_write_exception(buf *out, const jrpc_exception *exception, const char *text,
                                     const void *value, bool with_members, unsigned max_depth,
                                     wire_failure *failure);

/* ---- reading: what is found stays borrowed from the stanza ---- */

typedef struct envelope_call {
    const char
        *method; /* trimmed, 1 to 255 bytes, [A-Za-z0-9/.:_]* or any other printable text without spaces */
    xmpp_stanza_t *params; /* <params>; in an entry of a batch its <array>; or NULL */
} envelope_call;

/* The name in an element, trimmed. */
jrpc_status envelope_read_name(wire_decoder *d, xmpp_stanza_t *element, const char **ret_method);
/* query is the element <query>. INVALID: not a well-formed XML-RPC call (fault -32600). */
jrpc_status envelope_read_call(xmpp_stanza_t *query, envelope_call *ret_call, wire_failure *failure);

/*
 * Decodes exactly the method's in and inout parameters. storage: one pointer per such parameter. INVALID
 * (-32602): path "params[0]"; or both counts: "expected 2 parameters, got 3". On failure nothing is left to
 * free.
 */
jrpc_status envelope_read_params(wire_decoder *d, const jrpc_method *method, xmpp_stanza_t *params,
                                 void *const *storage);
/* All parameters as one array value; a new reference. */
jrpc_status envelope_read_value_params(wire_decoder *d, xmpp_stanza_t *params, xmlrpc_value **ret_params);

typedef struct envelope_reply {
    bool is_fault;
    xmpp_stanza_t *value;     /* <value> of the result; NULL for an empty response (void of some peers) */
    int32_t fault_code;       /* 0 when a foreign peer sent none that is a number */
    char *fault_text;         /* heap: envelope_reply_done() */
    xmpp_stanza_t *exception; /* <exception> of our extension, or NULL */
} envelope_reply;

/* query is the element <query>. INVALID: not a methodResponse. */
jrpc_status envelope_read_reply(xmpp_stanza_t *query, envelope_reply *ret_reply, wire_failure *failure);
void envelope_reply_done(envelope_reply *reply);
/* The <struct> of a fault. */
jrpc_status envelope_read_fault(wire_decoder *d, xmpp_stanza_t *structure, envelope_reply *reply);

/*
 * Decodes the result into storage of each out and inout parameter in order, then the result. Failure as for
 * params: "result.x".
 */
jrpc_status envelope_read_result(wire_decoder *d, const jrpc_method *method, const envelope_reply *reply,
                                 void *const *storage);
/* A reply without value gives nil. */
jrpc_status envelope_read_value_result(wire_decoder *d, const envelope_reply *reply,
                                       xmlrpc_value **ret_result);
/* Its members as they came; *ret_name is borrowed from the reply. NOT_FOUND: there is no <exception>, or without a name. */
jrpc_status envelope_read_value_exception(wire_decoder *d, const envelope_reply *reply, const char **ret_name,
                                          xmlrpc_value **ret_members);
/* The members of an exception into storage of its type; without <exception> they are the type's defaults. */
jrpc_status envelope_read_exception(wire_decoder *d, const jrpc_exception *exception,
                                    const envelope_reply *reply, void *storage);

#endif
