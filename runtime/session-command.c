/* SPDX-License-Identifier: MIT */
/* What a session offers to people. */
#include <jrpc/command.h>

#include "base/error.h"
#include "command/adhoc.h"
#include "command/chatline.h"
#include "session.h"

static jrpc_status serve_forms(jrpc_session *session, jrpc_error *error)
{
    adhoc *commands = adhoc_new(session->server);
    if (!commands)
        return error_nomem(error);
    if (server_extend(session->server, &commands->extra))
        return JRPC_OK;
    commands->extra.free(&commands->extra);
    return jrpc_error_set(error, JRPC_E_EXISTS, "this session offers ad-hoc commands already");
}

jrpc_status jrpc_commands_serve(jrpc_session *session, unsigned ways, jrpc_error *error)
{
    if (!ways || ways & ~(unsigned)(JRPC_COMMANDS_FORMS | JRPC_COMMANDS_LINES))
        return jrpc_error_set(error, JRPC_E_INVALID, "%u: no ways to offer methods", ways);
    bool lines = ways & JRPC_COMMANDS_LINES, forms = ways & JRPC_COMMANDS_FORMS;
    jrpc_status status = lines ? jrpc_message_handle(session, chatline_take, session->server, NULL, error) : JRPC_OK;
    if (status != JRPC_OK || !forms)
        return status;
    status = serve_forms(session, error);
    if (status != JRPC_OK && lines)
        (void)jrpc_message_unhandle(session, chatline_take, session->server, NULL);
    return status;
}
