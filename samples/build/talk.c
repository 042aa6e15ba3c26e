/* SPDX-License-Identifier: MIT */
/* The conversation: a message is the name of a target, or "targets", "status", "cancel", "help". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"

static const char *const outcomes[] = { "succeeded", "failed", "was cancelled", "took too long", "wrote too much",
                                        "could not be started" };

/* ---- a build for somebody who talks ---- */

static void tell_progress(const char *line, void *userdata)
{
    jrpc_message_reply_with(userdata, NULL, line, NULL);
}

static void tell_end(const job_report *report, void *userdata)
{
    jrpc_message *message = userdata;
    char subject[100], status[40] = "", *body = NULL;
    if (report->run.outcome == RUNNER_SUCCEEDED || report->run.outcome == RUNNER_FAILED)
        snprintf(status, sizeof status, " (exit status %d)", report->run.status);
    snprintf(subject, sizeof subject, "Build of %s", report->target);
    int len = asprintf(&body, "%s %s%s after %.1f s.\n%s\nAll of it is in %s", report->target,
                       outcomes[report->run.outcome], status, report->run.seconds,
                       *report->run.tail ? report->run.tail : "It wrote nothing.", report->log);
    jrpc_message_reply_with(message, subject, len < 0 ? "out of memory" : body, NULL);
    if (len >= 0)
        free(body);
    jrpc_message_free(message);
}

static void build(bot *b, const jrpc_message *message, const target *what)
{
    jrpc_message *copy = jrpc_message_copy(message);
    const job_owner owner = { message->from, tell_progress, tell_end, copy };
    jobs_result result = copy ? jobs_start(&b->jobs, what, &owner) : JOBS_FAILED;
    if (result == JOBS_STARTED)
        return;
    jrpc_message_free(copy);
    if (result == JOBS_BUSY_SELF)
        jrpc_message_reply(message, "I am at your last one still. Say \"cancel\" to end it.");
    else if (result == JOBS_BUSY)
        jrpc_message_reply(message, "I am building for %d others; please ask again later.", (int)JOBS_MOST);
    else
        jrpc_message_reply(message, "I am sorry: I cannot start it: no memory, no thread or no room for its log.");
}

/* ---- what else can be said ---- */

/* A heap string. */
static char *list_targets(const targets *t)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; i < t->count; i++)
        fprintf(out, "%s%s%s\n", t->list[i].name, *t->list[i].help ? "  " : "", t->list[i].help);
    return fclose(out) == 0 ? text : NULL;
}

static void tell_targets(bot *b, const jrpc_message *message, const char *before)
{
    char *list = list_targets(&b->targets);
    jrpc_message_reply(message, "%sI build:\n%sAlso: status, cancel, help.", before, list ? list : "");
    free(list);
}

/* The end of the build tells of itself: it comes after the answer. */
static void cancel(bot *b, const jrpc_message *message)
{
    const char *name = jobs_find(&b->jobs, message->from);
    if (name)
        jrpc_message_reply(message, "I am ending %s.", name);
    if (!jobs_cancel(&b->jobs, message->from) && !name)
        jrpc_message_reply(message, "I am building nothing for you.");
}

static void tell_status(bot *b, const jrpc_message *message)
{
    const char *name = jobs_find(&b->jobs, message->from);
    if (name)
        jrpc_message_reply(message, "I am building %s for you.", name);
    else
        jrpc_message_reply(message, "I am building nothing for you.");
}

/* Without blanks around; false: too long for the name of anything. */
static bool trim(const char *body, char *line, size_t room)
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
    return true;
}

static bool on_message(const jrpc_message *message, void *userdata)
{
    bot *b = userdata;
    char line[100];
    const target *what = NULL;
    if (!trim(message->body, line, sizeof line))
        tell_targets(b, message, "That is too long to be a target. ");
    else if (strcmp(line, "cancel") == 0)
        cancel(b, message);
    else if ((what = targets_find(&b->targets, line)))
        build(b, message, what);
    else if (strcmp(line, "status") == 0)
        tell_status(b, message);
    else if (strcmp(line, "help") == 0 || strcmp(line, "targets") == 0)
        tell_targets(b, message, "Say the name of a target, and I build it. ");
    else
        tell_targets(b, message, "There is no such target. ");
    return true;
}

/* Nothing that a terminal would obey. */
static void print_safely(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7F ? '?' : *text, out);
}

/* The article's program printed who came and went. */
static void on_presence(jrpc_session *session, const jrpc_presence *presence, void *userdata)
{
    (void)session;
    (void)userdata;
    flockfile(stderr);
    fputs("build-bot: ", stderr);
    print_safely(stderr, presence->from);
    fprintf(stderr, " is %s", presence->available ? jrpc_show_name(presence->show) : presence->lost ? "out of sight" : "gone");
    if (presence->status) {
        fputs(": ", stderr);
        print_safely(stderr, presence->status);
    }
    fputc('\n', stderr);
    funlockfile(stderr);
}

jrpc_status talk_start(bot *b, jrpc_error *error)
{
    jrpc_status status = jrpc_subscription_set_policy(b->session, JRPC_SUBSCRIPTION_ALLOWED, NULL, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_presence_watch(b->session, on_presence, b, error);
    if (status == JRPC_OK)
        status = jrpc_presence_set(b->session, JRPC_SHOW_ONLINE, b->targets.is_ant ? "builds with ant" : "builds with make", 0,
                                   error);
    return status == JRPC_OK ? jrpc_message_handle(b->session, on_message, b, NULL, error) : status;
}
