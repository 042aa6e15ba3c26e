/* SPDX-License-Identifier: MIT */
/* Questions that are no method calls. */
#include "chat/ask.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/xml.h"

jrpc_status ask_run(jrpc_session *session, const ask *question, const buf *payload, jrpc_error *error)
{
    if (buf_failed(payload))
        return error_nomem(error);
    if (!question->to && session->settings.component)
        return jrpc_error_set(error, JRPC_E_INVALID, "a component has no account: say whom to ask");
    outcall call = {
        .to = question->to,
        .what = question->what,
        .gets = question->gets,
        .payload = payload,
        .answer = question->read,
        .answer_userdata = question->result,
        .error = error,
        .timeout_ms = question->timeout_ms,
    };
    jrpc_status status = outcall_run(session, &call);
    if (status != JRPC_E_NO_SUCH_METHOD)
        return status;
    /* The condition that calls of methods give that status is about what was asked for here. */
    return jrpc_error_set(error, JRPC_E_NOT_FOUND, "%s: %s has nothing under that name",
                          question->what, question->to ? question->to : "the server");
}

jrpc_status ask_read_nothing(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    UNUSED(call);
    UNUSED(iq);
    UNUSED(error);
    return JRPC_OK;
}

jrpc_status ask_bad_reply(outcall *call, jrpc_error *error, const char *why)
{
    jrpc_error_set(error, JRPC_E_BAD_REPLY, "%s", why);
    error_who(error, call->to);
    error_what(error, call->what);
    return JRPC_E_BAD_REPLY;
}

bool ask_keep_attribute(arena *memory, xmpp_stanza_t *element, const char *name, const char **ret_text)
{
    const char *text = xmpp_stanza_get_attribute(element, name);
    *ret_text = text ? arena_strdup(memory, text) : NULL;
    return !text || *ret_text;
}

bool ask_keep_text(arena *memory, xmpp_stanza_t *element, const char **ret_text)
{
    *ret_text = NULL;
    if (!element)
        return true;
    autofree char *text = xml_text(element);
    *ret_text = text ? arena_strdup(memory, text) : NULL;
    return *ret_text != NULL;
}

void ask_open_query(buf *out, const char *ns, const char *node)
{
    buf_append_lit(out, "<query xmlns='");
    buf_append_str(out, ns);
    if (node) {
        buf_append_lit(out, "' node='");
        xml_append(out, node);
    }
    buf_append_lit(out, "'>");
}
