/* SPDX-License-Identifier: MIT */
/* The one table between statuses, XMPP stanza errors and fault codes. */
#include "wire/fault.h"

#include <string.h>

#include <xmlrpc-c/base.h>

#include "base/error.h"
#include "base/mem.h"
#include "wire/extension.h"
#include "wire/writer.h"

typedef struct code_status {
    int32_t code;
    jrpc_status status;
} code_status;

/*
 * Codes of the interoperability list and of xmlrpc-c's own. Those that are not here are faults like any
 * other.
 */
static const code_status codes[] = {
    { FAULT_NO_METHOD, JRPC_E_NO_SUCH_METHOD },
    { FAULT_INVALID_REQUEST, JRPC_E_BAD_REQUEST },
    { FAULT_DEADLINE, JRPC_E_TIMEOUT },
    { FAULT_RESULT_TOO_LARGE, JRPC_E_TOO_LARGE },
    { FAULT_CANCELLED, JRPC_E_CANCELLED },
    { FAULT_BUSY, JRPC_E_BUSY },
    { FAULT_UNAVAILABLE, JRPC_E_UNAVAILABLE },
    { FAULT_REFUSED, JRPC_E_REFUSED },
    { -32700, JRPC_E_BAD_REQUEST },
    { -32701, JRPC_E_BAD_REQUEST },
    { -32702, JRPC_E_BAD_REQUEST },
    { XMLRPC_NO_SUCH_METHOD_ERROR, JRPC_E_NO_SUCH_METHOD },
    { XMLRPC_PARSE_ERROR, JRPC_E_BAD_REQUEST },
    { XMLRPC_TIMEOUT_ERROR, JRPC_E_TIMEOUT },
    { XMLRPC_REQUEST_REFUSED_ERROR, JRPC_E_REFUSED },
    { XMLRPC_LIMIT_EXCEEDED_ERROR, JRPC_E_TOO_LARGE },
};

typedef struct condition_status {
    const char *condition;
    jrpc_status status;
} condition_status;

/* RFC 6120 section 8.3.3. item-not-found is what slixmpp and QXmpp answer for an unknown method. */
static const condition_status conditions[] = {
    { "service-unavailable", JRPC_E_UNAVAILABLE },
    { "recipient-unavailable", JRPC_E_UNAVAILABLE },
    { "feature-not-implemented", JRPC_E_UNAVAILABLE },
    { "gone", JRPC_E_UNAVAILABLE },
    { "redirect", JRPC_E_UNAVAILABLE },
    { "remote-server-not-found", JRPC_E_UNAVAILABLE },
    { "remote-server-timeout", JRPC_E_UNAVAILABLE },
    { "item-not-found", JRPC_E_NO_SUCH_METHOD },
    { "forbidden", JRPC_E_REFUSED },
    { "not-allowed", JRPC_E_REFUSED },
    { "not-authorized", JRPC_E_REFUSED },
    { "payment-required", JRPC_E_REFUSED },
    { "registration-required", JRPC_E_REFUSED },
    { "subscription-required", JRPC_E_REFUSED },
    { "resource-constraint", JRPC_E_BUSY },
    { "policy-violation", JRPC_E_TOO_LARGE },
    { "internal-server-error", JRPC_E_FAULT },
};

jrpc_status fault_status_of_code(int32_t code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].code == code)
            return codes[i].status;
    }
    return JRPC_E_FAULT;
}

jrpc_status fault_status_of_condition(const char *condition)
{
    for (size_t i = 0; i < COUNT_OF(conditions); i++) {
        if (strcmp(conditions[i].condition, condition) == 0)
            return conditions[i].status;
    }
    return JRPC_E_BAD_REQUEST;
}

int32_t fault_code_of_condition(const char *condition)
{
    jrpc_status status = fault_status_of_condition(condition);
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].status == status)
            return codes[i].code;
    }
    return FAULT_INTERNAL;
}

static bool is_condition(xmpp_stanza_t *child)
{
    const char *name = xmpp_stanza_get_name(child), *ns = xmpp_stanza_get_ns(child);
    return name && ns && strcmp(ns, XMPP_NS_STANZAS_IETF) == 0 && strcmp(name, "text") != 0;
}

static const char *find_condition(xmpp_stanza_t *error)
{
    for (xmpp_stanza_t *child = error ? xmpp_stanza_get_children(error) : NULL; child;
         child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_tag(child) && is_condition(child))
            return xmpp_stanza_get_name(child);
    }
    return "undefined-condition";
}

/* The text of <text>, NULL when there is none; borrowed. */
static const char *find_text(xmpp_stanza_t *error)
{
    xmpp_stanza_t *text =
        error ? xmpp_stanza_get_child_by_name_and_ns(error, "text", XMPP_NS_STANZAS_IETF) : NULL;
    xmpp_stanza_t *node = text ? xmpp_stanza_get_children(text) : NULL;
    const char *content = node ? xmpp_stanza_get_text_ptr(node) : NULL;
    return content && *content ? content : NULL;
}

static const char *describe(const char *condition, jrpc_status status)
{
    /* Servers on the way say this one too, of domains that they do not talk to. */
    if (strcmp(condition, "not-allowed") == 0)
        return "a server on the way, or the peer, does not allow this";
    /* Somebody is there: it shuts down, or is no client that is online (RFC 6120 section 8.3.3.13). */
    if (strcmp(condition, "recipient-unavailable") == 0)
        return "the peer takes no calls at the moment";
    return jrpc_status_text(status);
}

jrpc_status fault_read_stanza_error(xmpp_stanza_t *iq, const char *who, const char *method, jrpc_error *error)
{
    xmpp_stanza_t *element = xmpp_stanza_get_child_by_name(iq, "error");
    const char *condition = find_condition(element);
    const char *text = find_text(element);
    jrpc_status status = fault_status_of_condition(condition);
    if (element && xmpp_stanza_get_child_by_name_and_ns(element, "unknown-outcome", WIRE_NS_EXTENSION))
        status = JRPC_E_UNKNOWN_OUTCOME;
    const char *what = describe(condition, status);
    if (text)
        error_set(error, JRPC_ERROR_TRANSPORT, status, "%s: %.400s", what, text);
    else
        error_set(error, JRPC_ERROR_TRANSPORT, status, "%s", what);
    error_who(error, who);
    error_what(error, method);
    error_condition(error, condition);
    return status;
}

static void write_error(buf *out, const char *type, const char *condition, const char *text,
                        const char *more)
{
    writer_lit(out, "<error type='");
    writer_attribute(out, type);
    writer_lit(out, "'><");
    buf_append_str(out, condition);
    writer_lit(out, " xmlns='" XMPP_NS_STANZAS_IETF "'/>");
    if (text) {
        writer_lit(out, "<text xmlns='" XMPP_NS_STANZAS_IETF "'>");
        writer_safe_text(out, text);
        writer_lit(out, "</text>");
    }
    buf_append_str(out, more);
    writer_lit(out, "</error>");
}

void fault_write_stanza_error(buf *out, const char *type, const char *condition, const char *text)
{
    write_error(out, type, condition, text, "");
}

void fault_write_unknown_outcome(buf *out, const char *text)
{
    write_error(out, "cancel", "undefined-condition", text, "<unknown-outcome xmlns='" WIRE_NS_EXTENSION "'/>");
}
