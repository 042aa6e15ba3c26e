/* SPDX-License-Identifier: MIT */
/*
 * A bot to talk to: parrot [CONNECTION OPTION]... CALLER... It answers messages with what they say, does "hide",
 * "show STATUS" and "tell JID TEXT", and prints on standard error whom it sees and hears.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <jrpc/jrpc.h>

static jrpc_session *session;

static void on_signal(int number)
{
    (void)number;
    jrpc_session_interrupt(session);
}

/* "JID TEXT" */
static jrpc_status tell(jrpc_session *by, const char *words, jrpc_error *error)
{
    const char *space = strchr(words, ' ');
    char whom[256];
    if (!space || space - words >= (ptrdiff_t)sizeof whom)
        return jrpc_error_set(error, JRPC_E_INVALID, "whom?");
    snprintf(whom, sizeof whom, "%.*s", (int)(space - words), words);
    return jrpc_message_send(by, &(jrpc_message){ .to = whom, .type = JRPC_MESSAGE_CHAT, .body = space + 1 }, error);
}

static bool answer(const jrpc_message *message, void *userdata)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = JRPC_OK;
    (void)userdata;
    fprintf(stderr, "parrot: hears %s: %s\n", message->from, message->body);
    if (strcmp(message->body, "hide") == 0)
        status = jrpc_presence_unset(message->session, "hidden", &error);
    else if (strncmp(message->body, "show ", 5) == 0)
        status = jrpc_presence_set(message->session, JRPC_SHOW_AWAY, message->body + 5, 3, &error);
    else if (strncmp(message->body, "tell ", 5) == 0)
        status = tell(message->session, message->body + 5, &error);
    if (status == JRPC_OK)
        status = jrpc_message_reply(message, "You said: %s", message->body);
    if (status != JRPC_OK)
        fprintf(stderr, "parrot: not answered: %s\n", error.message ? error.message : jrpc_status_name(status));
    jrpc_error_done(&error);
    return true;
}

static void see(jrpc_session *of, const jrpc_presence *p, void *userdata)
{
    (void)of;
    (void)userdata;
    fprintf(stderr, "parrot: sees %s %s [%s]\n", p->from, p->available ? jrpc_show_name(p->show) : p->lost ? "lost" : "gone",
            p->status ? p->status : "");
}

static bool start(int callers, char **caller, jrpc_error *error)
{
    for (int i = 0; i < callers; i++)
        if (jrpc_session_allow(session, caller[i], error) != JRPC_OK)
            return false;
    return jrpc_presence_watch(session, see, NULL, error) == JRPC_OK &&
           jrpc_message_handle(session, answer, NULL, NULL, error) == JRPC_OK;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    if (options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK &&
        jrpc_options_open(options, &session, &error) == JRPC_OK && start(argc - 1, argv + 1, &error)) {
        signal(SIGTERM, on_signal);
        fprintf(stderr, "parrot: ready as %s\n", jrpc_session_jid(session));
        jrpc_session_wait(session, -1, &error);
        signal(SIGTERM, SIG_DFL);
    }
    jrpc_session_close(session);
    jrpc_options_free(options);
    int failed = error.status != JRPC_OK;
    if (failed)
        jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    return failed;
}
