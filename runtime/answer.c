/* SPDX-License-Identifier: MIT */
/* Reading answers. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "base/error.h"
#include "base/mem.h"
#include "wire/envelope.h"
#include "wire/fault.h"

static const wire_limits reply_limits = WIRE_LIMITS_DEFAULT;

wire_decoder answer_decoder(void)
{
    return (wire_decoder)WIRE_DECODER_INIT(&reply_limits, NULL);
}

jrpc_status answer_failure(const wire_failure *failure, const char *who, const char *method, jrpc_error *error)
{
    jrpc_error_set(error, failure->status, "%s", failure->message);
    error_path(error, *failure->path ? failure->path : NULL);
    error_who(error, who);
    error_what(error, method);
    return failure->status;
}

jrpc_status answer_read_badly(wire_failure *failure, const outcall *call, jrpc_error *error)
{
    if (failure->status != JRPC_E_NOMEM)
        failure->status = JRPC_E_BAD_REPLY;
    return answer_failure(failure, call->to, call->what, error);
}

static xmpp_stanza_t *find_query(xmpp_stanza_t *iq)
{
    return xmpp_stanza_get_child_by_name_and_ns(iq, "query", WIRE_NS_RPC);
}

jrpc_status answer_read_reply(xmpp_stanza_t *iq, envelope_reply *ret_reply, wire_failure *failure)
{
    xmpp_stanza_t *query = find_query(iq);
    if (!query)
        return failure_set(failure, JRPC_E_BAD_REPLY, "the answer holds no " WIRE_NS_RPC " query");
    return envelope_read_reply(query, ret_reply, failure);
}

static jrpc_status plain_fault(const envelope_reply *reply, jrpc_error *error)
{
    jrpc_status status = fault_status_of_code(reply->fault_code);
    error_set(error, JRPC_ERROR_FAULT, status, "%s", reply->fault_text ? reply->fault_text : "no text");
    error_code(error, reply->fault_code);
    return status;
}

static void free_exception_value(const struct jrpc_exception *exception, void *value)
{
    jrpc_value_clear(exception->type, value);
    free(value);
}

static void print_members(const struct jrpc_exception *exception, const void *value, FILE *stream)
{
    jrpc_value_print(stream, exception->type, value);
}

static jrpc_status declared_fault(const jrpc_exception *exception, const envelope_reply *reply, jrpc_error *error)
{
    error_set(error, JRPC_ERROR_APP, JRPC_E_FAULT, "%s", reply->fault_text ? reply->fault_text : exception->name);
    error_code(error, reply->fault_code);
    void *value = calloc(1, exception->type->size ? exception->type->size : 1);
    if (!value)
        return error_nomem(error);
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (envelope_read_exception(&d, exception, reply, value) != JRPC_OK) {
        free(value);
        return plain_fault(reply, error);
    }
    error_exception_take(error, exception, value, free_exception_value);
    if (exception->type->count)
        error_exception_printer(error, print_members);
    return JRPC_E_FAULT;
}

/* ---- the exception of a call without descriptor: error->value, beside no error->exception ---- */

typedef struct untyped_exception {
    char *name;
    xmlrpc_value *members;
} untyped_exception;

static void free_untyped(const struct jrpc_exception *exception, void *value)
{
    UNUSED(exception);
    untyped_exception *untyped = value;
    free(untyped->name);
    xmlrpc_DECREF(untyped->members);
    free(untyped);
}

bool jrpc_error_exception(const jrpc_error *error, const char **ret_name, xmlrpc_value **ret_members)
{
    if (!error || error->exception || !error->value)
        return false;
    const untyped_exception *untyped = error->value;
    if (ret_name)
        *ret_name = untyped->name;
    if (ret_members)
        *ret_members = untyped->members;
    return true;
}

/* What cannot be read is left out: the fault itself is known. */
static void add_untyped(const envelope_reply *reply, jrpc_error *error)
{
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    const char *name = NULL;
    xmlrpc_value *members = NULL;
    if (!error || envelope_read_value_exception(&d, reply, &name, &members) != JRPC_OK)
        return;
    untyped_exception *untyped = calloc(1, sizeof *untyped);
    char *copy = untyped ? strdup(name) : NULL;
    if (!copy) {
        xmlrpc_DECREF(members);
        free(untyped);
        return;
    }
    *untyped = (untyped_exception){ copy, members };
    error_exception_take(error, NULL, untyped, free_untyped);
}

jrpc_status answer_read_fault(const jrpc_method *method, const envelope_reply *reply, jrpc_error *error)
{
    for (size_t i = 0; method && i < method->exception_count; i++) {
        if (method->exceptions[i]->code == reply->fault_code)
            return declared_fault(method->exceptions[i], reply, error);
    }
    jrpc_status status = plain_fault(reply, error);
    if (!method)
        add_untyped(reply, error);
    return status;
}

jrpc_status answer_typed(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    const outs *wanted = call->answer_userdata;
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (answer_read_reply(iq, &reply, &d.failure) != JRPC_OK)
        return answer_read_badly(&d.failure, call, error);
    if (reply.is_fault)
        return answer_read_fault(wanted->method, &reply, error);
    if (envelope_read_result(&d, wanted->method, &reply, wanted->storage) != JRPC_OK)
        return answer_read_badly(&d.failure, call, error);
    return JRPC_OK;
}

jrpc_status answer_value(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (answer_read_reply(iq, &reply, &d.failure) != JRPC_OK)
        return answer_read_badly(&d.failure, call, error);
    if (reply.is_fault)
        return answer_read_fault(NULL, &reply, error);
    if (envelope_read_value_result(&d, &reply, call->answer_userdata) != JRPC_OK)
        return answer_read_badly(&d.failure, call, error);
    return JRPC_OK;
}
