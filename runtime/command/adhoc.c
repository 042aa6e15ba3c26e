/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands: what there is, and what to do with a request. */
#include "command/adhoc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "link/xml.h"
#include "serve/access.h"
#include "wire/fault.h"
#include "wire/writer.h"

/* Of a list of commands: what would make the stanza too large is left out. */
enum { HELP_MOST = 120, END_ROOM = sizeof "</query></iq>" };

registry_method *command_find(server *s, const char *name)
{
    registry_method *m = registry_find(&s->registry, name);
    const jrpc_method *method = m ? registry_described(m) : NULL;
    if (method && !(method->flags & JRPC_METHOD_NO_COMMAND))
        return m;
    registry_method_unref(m);
    return NULL;
}

/* ---- answers ---- */

void adhoc_refuse(adhoc *a, const reply_address *address, const char *type, const char *condition,
                  const char *special, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "error", address);
    fault_write_stanza_error(&out, type, condition, text);
    if (special && !buf_failed(&out)) {
        buf_truncate(&out, out.len - strlen("</error>"));
        buf_printf(&out, "<%s xmlns='" ADHOC_NS "'/></error>", special);
    }
    reply_close(&out);
    server_send(a->server, address, &out);
}

void adhoc_open_answer(buf *out, const reply_address *address, const char *node, const char *dialog,
                       const char *status)
{
    reply_open(out, "result", address);
    buf_append_lit(out, "<command xmlns='" ADHOC_NS "' node='");
    writer_attribute(out, node);
    buf_printf(out, "' sessionid='%s' status='%s'>", dialog, status);
}

void adhoc_close_answer(buf *out)
{
    buf_append_lit(out, "</command>");
    reply_close(out);
}

/* ---- what there is (XEP-0050 section 2, XEP-0030) ---- */

static void write_item(buf *out, const char *own, const char *node, const char *name, const char *help)
{
    size_t len = help ? strcspn(help, "\n") : 0;
    while (len > HELP_MOST || (len && ((unsigned char)help[len] & 0xC0) == 0x80))
        len--;
    autofree char *line = len ? strndup(help, len) : NULL;
    buf_append_lit(out, "<item jid='");
    writer_attribute(out, own ? own : "");
    buf_append_lit(out, "' node='");
    writer_attribute(out, node);
    buf_append_lit(out, "' name='");
    writer_attribute(out, name);
    if (line) {
        buf_append_lit(out, ": ");
        writer_attribute(out, line);
    }
    buf_append_lit(out, "'/>");
}

static void write_commands(adhoc *a, buf *out, const reply_address *address, const jid *who)
{
    jrpc_seq_string names;
    if (registry_list(&a->server->registry, &names) != JRPC_OK)
        return;
    bool fits = true;
    for (size_t i = 0; i < names.len && fits; i++) {
        size_t before = out->len;
        registry_method *m = command_find(a->server, names.data[i]);
        if (m && access_shows(a->server, who, names.data[i]))
            write_item(out, address->to, names.data[i], names.data[i], registry_described(m)->help);
        registry_method_unref(m);
        fits = out->len + END_ROOM <= a->server->options.max_stanza;
        if (!fits)
            buf_truncate(out, before);
    }
    jrpc_value_clear(&jrpc_type_seq_string, &names);
}

/* node NULL: of this program as such, whose only item is the list of commands. */
static void answer_items(adhoc *a, const reply_address *address, const jid *who, const char *node)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", address);
    buf_append_lit(&out, "<query xmlns='" XMPP_NS_DISCO_ITEMS "'");
    if (node)
        buf_append_lit(&out, " node='" ADHOC_NS "'");
    buf_append_char(&out, '>');
    if (node)
        write_commands(a, &out, address, who);
    else if (guard_knows(&a->server->guard, who))
        write_item(&out, address->to, ADHOC_NS, "Commands", NULL);
    buf_append_lit(&out, "</query>");
    reply_close(&out);
    server_send(a->server, address, &out);
}

static void take_items(adhoc *a, const reply_address *address, const jid *who, const char *node)
{
    if (node && strcmp(node, ADHOC_NS) != 0)
        adhoc_refuse(a, address, "cancel", "item-not-found", NULL, NULL);
    else if (node && !access_admits(a->server, who, address))
        adhoc_refuse(a, address, "auth", "forbidden", NULL, NULL);
    else
        answer_items(a, address, who, node);
}

/* XEP-0050 section 2.3: of one command, or of the list of them. */
static void take_info(adhoc *a, const reply_address *address, const jid *who, const char *node)
{
    bool is_list = strcmp(node, ADHOC_NS) == 0;
    registry_method *m = is_list ? NULL : command_find(a->server, node);
    bool shown = is_list ? guard_knows(&a->server->guard, who) : m && access_shows(a->server, who, node);
    registry_method_unref(m);
    if (!shown) {
        adhoc_refuse(a, address, "cancel", "item-not-found", NULL, NULL);
        return;
    }
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", address);
    buf_append_lit(&out, "<query xmlns='" XMPP_NS_DISCO_INFO "' node='");
    writer_attribute(&out, node);
    buf_printf(&out, "'><identity category='automation' type='%s' name='", is_list ? "command-list" : "command-node");
    writer_attribute(&out, is_list ? "Commands" : node);
    buf_append_lit(&out, "'/><feature var='" ADHOC_NS "'/>");
    if (!is_list)
        buf_append_lit(&out, "<feature var='" FORM_NS "'/>");
    buf_append_lit(&out, "</query>");
    reply_close(&out);
    server_send(a->server, address, &out);
}

/* ---- requests ---- */

static void bad_request(const adhoc_request *r, const char *special, const char *text)
{
    adhoc_refuse(r->adhoc, r->address, "modify", "bad-request", special, text);
}

static void cancel(const adhoc_request *r)
{
    dialogs_close(&r->adhoc->dialogs, r->dialog);
    AUTO(buf_done) buf out = BUF_INIT;
    adhoc_open_answer(&out, r->address, r->node, r->dialog, "canceled");
    adhoc_close_answer(&out);
    server_send(r->adhoc->server, r->address, &out);
}

void adhoc_send_form(const adhoc_request *r, const jrpc_method *method, const char *dialog, xmpp_stanza_t *given,
                     const form_problem *problem)
{
    AUTO(buf_done) buf out = BUF_INIT;
    adhoc_open_answer(&out, r->address, r->node, dialog, "executing");
    buf_append_lit(&out, "<actions execute='complete'><complete/></actions>");
    form_write(&out, method, given, problem);
    if (problem) {
        buf_append_lit(&out, "<note type='error'>");
        writer_safe_text(&out, problem->text);
        buf_append_lit(&out, "</note>");
    }
    adhoc_close_answer(&out);
    if (!buf_failed(&out) && out.len > r->adhoc->server->options.max_stanza)
        adhoc_refuse(r->adhoc, r->address, "cancel", "policy-violation", NULL,
                     "the form is too large for one message");
    else
        server_send(r->adhoc->server, r->address, &out);
}

/* A dialog begins, and is busy, or waits for its form. False: answered. */
static bool open_dialog(const adhoc_request *r, bool run, char ret_id[DIALOG_ID_ROOM])
{
    dialogs *d = &r->adhoc->dialogs;
    if (!dialogs_open(d, r->who->full, r->who->bare, r->node, ret_id)) {
        adhoc_refuse(r->adhoc, r->address, "wait", "resource-constraint", NULL, "too many commands are under way");
        return false;
    }
    if (run)
        dialogs_enter(d, ret_id, r->who->full, r->node, true);
    return true;
}

static void begin(adhoc_request *r, const jrpc_method *method)
{
    char id[DIALOG_ID_ROOM];
    bool run = r->form || arguments_expected(method) == 0;
    if (!open_dialog(r, run, id))
        return;
    r->dialog = id;
    if (run)
        adhoc_run(r, method);
    else
        adhoc_send_form(r, method, id, NULL, NULL);
    r->dialog = NULL;
}

/* One of XEP-0050's actions, by what is done with it. */
typedef enum action { ACTION_RUN, ACTION_CANCEL, ACTION_BAD, ACTION_MALFORMED } action;

static action read_action(const char *text)
{
    if (!text || strcmp(text, "execute") == 0 || strcmp(text, "complete") == 0)
        return ACTION_RUN;
    if (strcmp(text, "cancel") == 0)
        return ACTION_CANCEL;
    return strcmp(text, "prev") == 0 || strcmp(text, "next") == 0 ? ACTION_BAD : ACTION_MALFORMED;
}

static void go_on(const adhoc_request *r, const jrpc_method *method, action wanted)
{
    bool run = wanted == ACTION_RUN && r->form;
    switch (dialogs_enter(&r->adhoc->dialogs, r->dialog, r->who->full, r->node, run)) {
    case DIALOG_UNKNOWN:
        bad_request(r, "bad-sessionid", "this command is not under way");
        break;
    case DIALOG_EXPIRED:
        adhoc_refuse(r->adhoc, r->address, "cancel", "not-allowed", "session-expired",
                     "the form was left alone for too long");
        break;
    case DIALOG_BUSY:
        adhoc_refuse(r->adhoc, r->address, "wait", "unexpected-request", NULL, "the command is being run");
        break;
    case DIALOG_FORM:
        if (wanted == ACTION_CANCEL)
            cancel(r);
        else if (run)
            adhoc_run(r, method);
        else
            adhoc_send_form(r, method, r->dialog, NULL, NULL);
        break;
    }
}

static void take_action(adhoc_request *r, const jrpc_method *method, const char *text)
{
    action wanted = read_action(text);
    if (wanted == ACTION_MALFORMED)
        bad_request(r, "malformed-action", "there is no such action");
    else if (wanted == ACTION_BAD || (wanted == ACTION_CANCEL && !r->dialog))
        bad_request(r, "bad-action", "this action is not possible here: the form is the only stage");
    else if (r->dialog)
        go_on(r, method, wanted);
    else
        begin(r, method);
}

/* Whether there is a method is told only to those who may call it. (That a call is let in is logged when it is made.) */
static void refuse_node(const adhoc_request *r, const registry_method *m)
{
    if (!access_allows(r->adhoc->server, r->who, r->node, m, r->address))
        adhoc_refuse(r->adhoc, r->address, "auth", "forbidden", NULL, NULL);
    else
        adhoc_refuse(r->adhoc, r->address, "cancel", "item-not-found", NULL, "there is no such command");
}

static void take_node(adhoc_request *r, const char *action_text)
{
    server *s = r->adhoc->server;
    registry_method *m = command_find(s, r->node);
    if (!m || !access_shows(s, r->who, r->node))
        refuse_node(r, m);
    else if (atomic_load(&s->draining))
        adhoc_refuse(r->adhoc, r->address, "cancel", "service-unavailable", NULL, "this server is going away");
    else
        take_action(r, registry_described(m), action_text);
    registry_method_unref(m);
}

static xmpp_stanza_t *submitted_form(xmpp_stanza_t *command)
{
    xmpp_stanza_t *form = xml_child(command, "x", FORM_NS);
    const char *type = form ? xmpp_stanza_get_type(form) : NULL;
    return type && strcmp(type, "submit") == 0 ? form : NULL;
}

static void take_command(adhoc *a, const reply_address *address, const jid *who, const char *type,
                         xmpp_stanza_t *command)
{
    adhoc_request r = {
        .adhoc = a,
        .address = address,
        .who = who,
        .node = xmpp_stanza_get_attribute(command, "node"),
        .dialog = xmpp_stanza_get_attribute(command, "sessionid"),
        .form = submitted_form(command),
    };
    if (!access_admits(a->server, who, address))
        adhoc_refuse(a, address, "auth", "forbidden", NULL, NULL);
    else if (strcmp(type, "set") != 0)
        bad_request(&r, NULL, "a command is an IQ of type set");
    else if (!r.node)
        bad_request(&r, NULL, "a command has a node");
    else
        take_node(&r, xmpp_stanza_get_attribute(command, "action"));
}

/* ---- the way in ---- */

static bool take(server_extra *extra, const reply_address *address, const char *type, xmpp_stanza_t *child)
{
    adhoc *a = (adhoc *)extra;
    const char *node = xmpp_stanza_get_attribute(child, "node");
    bool get = strcmp(type, "get") == 0;
    bool command = xml_is(child, "command", ADHOC_NS);
    bool items = get && xml_is(child, "query", XMPP_NS_DISCO_ITEMS);
    bool info = get && node && xml_is(child, "query", XMPP_NS_DISCO_INFO);
    if (!command && !items && !info)
        return false;
    AUTO(jid_done) jid who;
    access_read_caller(address->from, &who);
    if (command)
        take_command(a, address, &who, type, child);
    else if (items)
        take_items(a, address, &who, node);
    else
        take_info(a, address, &who, node);
    return true;
}

static void free_adhoc(server_extra *extra)
{
    adhoc *a = (adhoc *)extra;
    dialogs_done(&a->dialogs);
    free(a);
}

adhoc *adhoc_new(server *s)
{
    adhoc *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->extra = (server_extra){ take, free_adhoc, ADHOC_NS };
    a->server = s;
    dialogs_init(&a->dialogs);
    return a;
}
