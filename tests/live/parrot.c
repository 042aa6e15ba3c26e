/* SPDX-License-Identifier: MIT */
/*
 * A bot to talk to: parrot [CONNECTION OPTION]... CALLER... It answers messages with what they say, does "hide",
 * "show STATUS", "tell JID TEXT", "contacts", "meet JID", "forget JID", "ask JID", "password TEXT" and "resign", lets those see it that may talk to it,
 * and prints on standard error whom it sees and hears.
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

/* The contacts in one line. */
static jrpc_status list_contacts(const jrpc_message *message, jrpc_error *error)
{
    jrpc_roster *roster = NULL;
    char line[512] = "";
    jrpc_status status = jrpc_roster_get(message->session, &roster, error);
    for (size_t i = 0; status == JRPC_OK && i < roster->count; i++) {
        const jrpc_contact *one = &roster->contacts[i];
        size_t at = strlen(line);
        snprintf(line + at, sizeof line - at, "%s=%s(%s) ", one->jid, jrpc_subscription_name(one->subscription),
                 one->name ? one->name : "");
    }
    jrpc_roster_free(roster);
    return status == JRPC_OK ? jrpc_message_reply(message, "contacts: %s", line) : status;
}

/* What somebody says of himself. */
static jrpc_status ask(const jrpc_message *message, const char *whom, jrpc_error *error)
{
    jrpc_software *software = NULL;
    jrpc_disco_info *info = NULL;
    jrpc_disco_items *items = NULL;
    jrpc_status status = jrpc_ping(message->session, whom, 0, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_software_get(message->session, whom, 0, &software, error);
    if (status == JRPC_OK)
        status = jrpc_disco_info_get(message->session, whom, NULL, 0, &info, error);
    bool has_items = status == JRPC_OK && jrpc_disco_items_get(message->session, whom, NULL, 0, &items, error) == JRPC_OK;
    if (status == JRPC_OK)
        status = jrpc_message_reply(message, "%s is %s: %s/%s, ping %d, %zu items", whom, software->name,
                                    info->identities[0].category, info->identities[0].type,
                                    jrpc_disco_info_has(info, "urn:xmpp:ping"), has_items ? items->count : 0);
    jrpc_software_free(software);
    jrpc_disco_info_free(info);
    jrpc_disco_items_free(items);
    return status;
}

/* NOT_FOUND: it is none of these. */
static jrpc_status obey(const jrpc_message *message, jrpc_error *error)
{
    const char *body = message->body;
    if (strcmp(body, "contacts") == 0)
        return list_contacts(message, error);
    if (strncmp(body, "ask ", 4) == 0)
        return ask(message, body + 4, error);
    if (strncmp(body, "forget ", 7) == 0)
        return jrpc_roster_remove(message->session, body + 7, error);
    if (strncmp(body, "password ", 9) == 0) {
        jrpc_session_options new_password = JRPC_SESSION_OPTIONS_INIT;
        new_password.password = body + 9;
        return jrpc_account_set_password(message->session, &new_password, error);
    }
    if (strcmp(body, "resign") == 0)
        return jrpc_account_remove(message->session, error);
    if (strncmp(body, "meet ", 5) != 0)
        return JRPC_E_NOT_FOUND;
    jrpc_status status = jrpc_roster_put(message->session, &(jrpc_contact){ .jid = body + 5, .name = "A <friend>" }, error);
    return status == JRPC_OK ? jrpc_subscribe(message->session, body + 5, error) : status;
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
    else
        status = obey(message, &error);
    if (status == JRPC_OK || (status == JRPC_E_NOT_FOUND && !error.status))
        status = jrpc_message_reply(message, "You said: %s", message->body);
    if (status != JRPC_OK)
        jrpc_message_reply(message, "That did not work: %s", error.message ? error.message : jrpc_status_name(status));
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

static void note_change(jrpc_session *of, const jrpc_contact *one, void *userdata)
{
    (void)of;
    (void)userdata;
    fprintf(stderr, "parrot: contact %s %s\n", one->jid, one->removed ? "removed" : jrpc_subscription_name(one->subscription));
}

static bool start(int callers, char **caller, jrpc_error *error)
{
    for (int i = 0; i < callers; i++)
        if (jrpc_session_allow(session, caller[i], error) != JRPC_OK)
            return false;
    jrpc_session *by = session;
    return jrpc_subscription_set_policy(by, JRPC_SUBSCRIPTION_ALLOWED, NULL, NULL, error) == JRPC_OK &&
           jrpc_roster_watch(by, note_change, NULL, error) == JRPC_OK && jrpc_presence_watch(session, see, NULL, error) == JRPC_OK &&
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
