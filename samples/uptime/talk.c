/* SPDX-License-Identifier: MIT */
/* The conversation: start NUMBER, stop, status, help. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bot.h"

static const char help[] = "start NUMBER  I tell you when the load of one minute comes to NUMBER, 1.5 for example\n"
                           "stop          ends that\n"
                           "status        the load now, and what you have started\n"
                           "help          this";

static void start(bot *b, const jrpc_message *message, const char *number)
{
    double threshold = 0;
    if (!*number) {
        jrpc_message_reply(message, "Say the load to watch for as well, a number from 0 to %.0f, as in: start 1.5",
                           WATCHERS_THRESHOLD_MOST);
        return;
    }
    if (!watchers_read_threshold(number, &threshold)) {
        jrpc_message_reply(message, "\"%.20s\" is no load to watch for: say a number from 0 to %.0f, as in: start 1.5", number,
                           WATCHERS_THRESHOLD_MOST);
        return;
    }
    watchers_start_result result =
        watchers_start(&b->watchers, message->from, message->type, message->thread, threshold);
    state_save(&b->state, &b->watchers); /* what was promised holds */
    switch (result) {
    case WATCHERS_NEW:
        jrpc_message_reply(message, "I look every %u s, and tell you when the load comes to %g.", b->interval, threshold);
        break;
    case WATCHERS_CHANGED:
        jrpc_message_reply(message, "From now on I tell you when the load comes to %g.", threshold);
        break;
    case WATCHERS_FULL:
        jrpc_message_reply(message, "I am sorry: %d others watch already.", (int)WATCHERS_MOST);
        break;
    default:
        jrpc_message_reply(message, "I am sorry: I am out of memory.");
    }
}

static void stop(bot *b, const jrpc_message *message)
{
    bool stopped = watchers_stop(&b->watchers, message->from);
    state_save(&b->state, &b->watchers);
    jrpc_message_reply(message, stopped ? "I tell you no more." : "You have started nothing.");
}

static void tell_status(bot *b, const jrpc_message *message)
{
    double load[3], threshold = 0;
    monitor_load(load);
    if (watchers_find(&b->watchers, message->from, &threshold))
        jrpc_message_reply(message, "The load is %.2f, %.2f, %.2f. You are told when it comes to %g.", load[0], load[1],
                           load[2], threshold);
    else
        jrpc_message_reply(message, "The load is %.2f, %.2f, %.2f. You have started nothing.", load[0], load[1], load[2]);
}

/* A watcher from before the bot was started is there. Its client saw the bot go: it shall not wait for nothing. */
static void tell_return(const watcher *one, double load, void *userdata)
{
    bot *b = userdata;
    char body[100];
    (void)load;
    snprintf(body, sizeof body, "I was started again, and go on: I tell you when the load comes to %g.", one->threshold);
    const jrpc_message message = {
        .to = one->jid,
        .type = one->type,
        .thread = one->thread,
        .subject = "Your uptime request",
        .body = body,
        .automatic = true,
    };
    if (jrpc_message_send(b->session, &message, NULL) != JRPC_OK)
        fprintf(stderr, "uptime-bot: %s was not told\n", one->jid);
}

/* Who may not talk to the bot any more could not end what it has started. */
static bool is_caller(const bot *b, const char *jid)
{
    for (char **caller = b->callers; *caller; caller++) {
        bool domain = strncmp(*caller, "*@", 2) == 0;
        const char *wanted = *caller + domain, *begin = jid + (domain ? strcspn(jid, "@") : 0);
        size_t len = strcspn(begin, "/");
        if (strlen(wanted) == len && strncasecmp(wanted, begin, len) == 0)
            return true;
    }
    return false;
}

/* Splits off the first word; *ret_rest is what follows it, without the blanks around. False: the line is too long. */
static bool split(const char *body, char *line, size_t room, const char **ret_rest)
{
    static const char blanks[] = " \t\r\n";
    body += strspn(body, blanks);
    size_t len = strlen(body);
    while (len && strchr(blanks, body[len - 1]))
        len--;
    if (len >= room)
        return false;
    memcpy(line, body, len);
    line[len] = '\0';
    char *end = line + strcspn(line, blanks);
    *ret_rest = *end ? end + 1 + strspn(end + 1, blanks) : end;
    *end = '\0';
    return true;
}

static bool on_message(const jrpc_message *message, void *userdata)
{
    bot *b = userdata;
    char word[80];
    const char *rest = "";
    watchers_return(&b->watchers, message->from, tell_return, b);
    if (!split(message->body, word, sizeof word, &rest))
        jrpc_message_reply(message, "That is too long for me. I understand:\n%s", help);
    else if (strcasecmp(word, "start") == 0)
        start(b, message, rest);
    else if (strcasecmp(word, "stop") == 0 && !*rest)
        stop(b, message);
    else if (strcasecmp(word, "status") == 0 && !*rest)
        tell_status(b, message);
    else if (strcasecmp(word, "help") == 0)
        jrpc_message_reply(message, "%s", help);
    else
        jrpc_message_reply(message, "I do not know \"%.40s%s%.40s\". I understand:\n%s", word, *rest ? " " : "", rest, help);
    return true;
}

/* What could not be delivered comes back: nobody is there. */
static bool on_error(const jrpc_message *message, void *userdata)
{
    bot *b = userdata;
    if (message->type == JRPC_MESSAGE_ERROR)
        watchers_stop(&b->watchers, message->from);
    return message->type == JRPC_MESSAGE_ERROR;
}

/* While it is we who cannot see anybody, they may still be there. */
static void on_presence(jrpc_session *session, const jrpc_presence *presence, void *userdata)
{
    bot *b = userdata;
    (void)session;
    if (presence->available && is_caller(b, presence->from))
        watchers_return(&b->watchers, presence->from, tell_return, b);
    else if (!presence->available && !presence->lost)
        watchers_stop(&b->watchers, presence->from);
}

jrpc_status talk_start(bot *b, jrpc_error *error)
{
    jrpc_message_options errors = JRPC_MESSAGE_OPTIONS_INIT;
    errors.errors = true;
    jrpc_status status = jrpc_subscription_set_policy(b->session, JRPC_SUBSCRIPTION_ALLOWED, NULL, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_presence_watch(b->session, on_presence, b, error);
    if (status == JRPC_OK)
        status = jrpc_message_handle(b->session, on_error, b, &errors, error);
    return status == JRPC_OK ? jrpc_message_handle(b->session, on_message, b, NULL, error) : status;
}
