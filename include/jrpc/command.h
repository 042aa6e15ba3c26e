/* SPDX-License-Identifier: MIT */
/*
 * Methods for people. Whoever may call a method can run it from an ordinary chat client, without a program: as an
 * ad-hoc command (XEP-0050), whose form is made of the interface's types (XEP-0004), or as a line typed to the
 * account that serves it: `help`, `help METHOD`, `METHOD arguments...`. All methods that were registered with types
 * are offered, but those that the IDL marks @command(FALSE), and those of jrpc_serve_registry() that have one signature. The same access list, quotas and log hold as for all
 * calls.
 */
#ifndef JRPC_COMMAND_H
#define JRPC_COMMAND_H

#include <jrpc/error.h>
#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    JRPC_COMMANDS_FORMS = 1, /* ad-hoc commands */
    JRPC_COMMANDS_LINES = 2  /* lines of chat */
};

/*
 * Offers the session's methods, those of now and later, in these ways; more may be added by another call, none taken
 * back. LINES adds a handler of messages, with all that jrpc_message_handle() says: handlers that were added before
 * are asked first, the session is shown as online, each sender has a pace; programs, rooms and strangers are not
 * answered. Answers are cut after 8,192 bytes. EXISTS (one of the ways is offered already; nothing has changed),
 * INVALID, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_commands_serve(jrpc_session *session, unsigned ways, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
