/* SPDX-License-Identifier: MIT */
/* Lines of chat. */
#include "command/chatline.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "command/adhoc.h"
#include "command/arguments.h"
#include "command/result.h"
#include "command/show.h"
#include "command/usage.h"
#include "serve/access.h"
#include "serve/incoming.h"

/* One line under way. */
typedef struct asked {
    server *server;
    const char *caller;
    chatline_answer_fn *answer;
    void *userdata;
} asked;

static void give(const asked *a, buf *text)
{
    show_cut(text, 0, CHATLINE_ANSWER_MOST);
    a->answer(buf_failed(text) || !text->len ? "Out of memory." : text->data, a->userdata);
}

/* ---- the end ---- */

static void finish(const call_outcome *outcome, void *userdata)
{
    asked *a = userdata;
    AUTO(buf_done) buf text = BUF_INIT;
    result_write_text(&text, outcome, CHATLINE_ANSWER_MOST);
    if (!text.len && !buf_failed(&text))
        buf_append_lit(&text, "(an empty text)");
    give(a, &text);
    free(a);
}

static void call(const asked *a, const jrpc_method *method, arguments *values)
{
    asked *kept = malloc(sizeof *kept);
    if (!kept) {
        a->answer("Out of memory.", a->userdata);
        return;
    }
    *kept = *a;
    autofree char *caller = strdup(a->caller); /* answer() may end the life of the other one at any time */
    incoming_local local = {
        .caller = caller,
        .method = method->wire_name,
        .of = method,
        .ins = (const void *const *)values->values,
        .finish = finish,
        .userdata = kept,
    };
    incoming_start_local(a->server, &local);
}

/* ---- what was typed ---- */

/* At most this much of what somebody typed is said back. */
enum { ECHO_MOST = 60 };

static void no_method(const asked *a, const jid *who, const char *name)
{
    AUTO(buf_done) buf text = BUF_INIT;
    autofree char *near = usage_nearest(a->server, who, name);
    AUTO(buf_done) buf shown = BUF_INIT;
    buf_append_str(&shown, name);
    show_cut(&shown, 0, ECHO_MOST);
    buf_printf(&text, "There is no method \"%s\" here", buf_failed(&shown) ? "" : shown.data);
    if (near)
        buf_printf(&text, ". Did you mean %s?", near);
    else
        buf_append_lit(&text, "; help lists those that there are.");
    give(a, &text);
}

/* A new reference to the method that he may call; NULL: answered. */
static registry_method *find(const asked *a, const jid *who, const char *name)
{
    registry_method *m = command_find(a->server, name);
    if (m && access_shows(a->server, who, name))
        return m;
    registry_method_unref(m);
    no_method(a, who, name);
    return NULL;
}

static void help(const asked *a, const jid *who, const words *w)
{
    AUTO(buf_done) buf text = BUF_INIT;
    if (w->len < 2) {
        usage_write_list(&text, a->server, who, CHATLINE_ANSWER_MOST / 2);
        give(a, &text);
        return;
    }
    registry_method *m = find(a, who, w->list[1].text);
    if (!m)
        return;
    usage_write_method(&text, registry_described(m));
    give(a, &text);
    registry_method_unref(m);
}

static void run(const asked *a, const jid *who, const words *w)
{
    registry_method *m = find(a, who, w->list[0].text);
    if (!m)
        return;
    AUTO(arguments_done) arguments values;
    AUTO(buf_done) buf why = BUF_INIT;
    jrpc_status status = arguments_init(&values, registry_described(m));
    if (status == JRPC_OK)
        status = arguments_read_words(&values, w->list + 1, w->len - 1, &why);
    if (status == JRPC_OK)
        call(a, registry_described(m), &values);
    else
        give(a, &why);
    registry_method_unref(m);
}

static bool is_help(const char *text)
{
    return strcasecmp(text, "help") == 0 || strcmp(text, "?") == 0;
}

static void refuse(const asked *a)
{
    a->answer("Refused: you may not call anything here.", a->userdata);
}

void chatline_run(server *s, const char *caller, const char *line, chatline_answer_fn *answer, void *userdata)
{
    asked a = { s, caller, answer, userdata };
    AUTO(jid_done) jid who;
    access_read_caller(caller, &who);
    if (!access_admits(s, &who, &(reply_address){ .from = caller })) {
        refuse(&a);
        return;
    }
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    AUTO(words_done) words w;
    if (words_split(line, &w, &why) != JRPC_OK)
        answer(why.message ? why.message : "Out of memory.", userdata);
    else if (w.len == 0 || is_help(w.list[0].text))
        help(&a, &who, &w);
    else
        run(&a, &who, &w);
}

/* ---- messages ---- */

static void reply(const char *text, void *userdata)
{
    jrpc_message *message = userdata;
    (void)jrpc_message_reply_with(message, NULL, text, NULL); /* lost: he will ask again */
    jrpc_message_free(message);
}

bool chatline_take(const jrpc_message *message, void *userdata)
{
    if (message->type != JRPC_MESSAGE_CHAT && message->type != JRPC_MESSAGE_NORMAL)
        return false;
    jrpc_message *copy = jrpc_message_copy(message);
    if (copy)
        chatline_run(userdata, copy->from, copy->body, reply, copy);
    return true;
}
