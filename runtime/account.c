/* SPDX-License-Identifier: MIT */
/* Accounts: see <jrpc/account.h>. */
#include <jrpc/account.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "chat/ask.h"
#include "link/jid.h"
#include "link/xml.h"
#include "password.h"
#include "session.h"

#define NS_REGISTER "jabber:iq:register"
#define NS_OOB "jabber:x:oob"

enum { FIELDS_MOST = 32, NAME_MOST = 64, TEXT_MOST = 400 };

/* ---- what the server wants ---- */

typedef struct wants {
    arena memory;
    bool username, password;
    const char *instructions, *url, *key; /* or NULL */
    const char *names[FIELDS_MOST];       /* of other fields */
    size_t name_count;
} wants;

static void wants_done(wants *w)
{
    arena_done(&w->memory);
}

/* Names come back in what we send: they are letters, as those of XEP-0077. */
static bool is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return len > 0 && len <= NAME_MOST && name[len] == '\0';
}

static jrpc_status add_name(wants *w, const char *name, outcall *call, jrpc_error *error)
{
    if (!is_name(name) || w->name_count == FIELDS_MOST)
        return ask_bad_reply(call, error, "the server wants more, or other things, than accounts have");
    w->names[w->name_count] = arena_strdup(&w->memory, name);
    return w->names[w->name_count++] ? JRPC_OK : error_nomem(error);
}

static jrpc_status read_url(wants *w, xmpp_stanza_t *oob, jrpc_error *error)
{
    xmpp_stanza_t *url = xml_child(oob, "url", NS_OOB);
    return !url || ask_keep_text(&w->memory, url, &w->url) ? JRPC_OK : error_nomem(error);
}

static jrpc_status read_one(wants *w, xmpp_stanza_t *child, outcall *call, jrpc_error *error)
{
    const char *name = xmpp_stanza_get_name(child);
    const char **text = NULL;
    if (xml_is(child, "x", NS_OOB))
        return read_url(w, child, error);
    if (!xml_is(child, name, NS_REGISTER) || strcmp(name, "registered") == 0)
        return JRPC_OK; /* a form of its own, for one */
    if (strcmp(name, "username") == 0 || strcmp(name, "password") == 0) {
        *(*name == 'u' ? &w->username : &w->password) = true;
        return JRPC_OK;
    }
    if (strcmp(name, "instructions") == 0)
        text = &w->instructions;
    else if (strcmp(name, "key") == 0)
        text = &w->key;
    else
        return add_name(w, name, call, error);
    return ask_keep_text(&w->memory, child, text) ? JRPC_OK : error_nomem(error);
}

/* Driving thread. */
static jrpc_status read_wants(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    xmpp_stanza_t *query = xml_child(iq, "query", NS_REGISTER);
    if (!query)
        return ask_bad_reply(call, error, "the answer holds no " NS_REGISTER " query");
    jrpc_status status = JRPC_OK;
    xmpp_stanza_t *child = xmpp_stanza_get_children(query);
    for (; child && status == JRPC_OK; child = xmpp_stanza_get_next(child))
        if (xmpp_stanza_is_tag(child))
            status = read_one(call->answer_userdata, child, call, error);
    return status;
}

static const char *find_value(const jrpc_account_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].name && fields[i].value && strcmp(fields[i].name, name) == 0)
            return fields[i].value;
    return NULL;
}

/* XEP-0077 section 4: without fields of its own there is a form, or a web page. */
static jrpc_status check_kind(const wants *w, const char *domain, jrpc_error *error)
{
    if (w->username && w->password)
        return JRPC_OK;
    error_set(error, JRPC_ERROR_TRANSPORT, JRPC_E_UNAVAILABLE,
              "the server makes accounts in a way that this program cannot%s%.*s%s%.*s", w->instructions ? ": " : "",
              TEXT_MOST, w->instructions ? w->instructions : "", w->url ? "; see " : "", TEXT_MOST,
              w->url ? w->url : "");
    error_who(error, domain);
    return JRPC_E_UNAVAILABLE;
}

static jrpc_status check_fields(const wants *w, const jrpc_account_field *fields, size_t count,
                                const char *domain, jrpc_error *error)
{
    AUTO(buf_done) buf missing = BUF_INIT;
    for (size_t i = 0; i < w->name_count; i++)
        if (!find_value(fields, count, w->names[i]))
            buf_printf(&missing, "%s%s", missing.len ? ", " : "", w->names[i]);
    if (buf_failed(&missing))
        return error_nomem(error);
    if (missing.len == 0)
        return JRPC_OK;
    error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "the server also wants to know: %.*s%s%.*s", TEXT_MOST,
              missing.data, w->instructions ? ". It says: " : "", TEXT_MOST,
              w->instructions ? w->instructions : "");
    error_who(error, domain);
    return JRPC_E_INVALID;
}

/* ---- asking ---- */

static void append_field(buf *b, const char *name, const char *value)
{
    buf_printf(b, "<%s>", name);
    xml_append(b, value);
    buf_printf(b, "</%s>", name);
}

/* Whoever owns the buffer wipes it: so it does not move while a password is written into it. */
static void append_account(buf *b, const char *node, const char *password)
{
    append_field(b, "username", node);
    if (buf_reserve(b, strlen(password) * 6 + 64))
        append_field(b, "password", password);
}

static void wipe(buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->cap);
    buf_done(b);
}

/* What the server means here is told by the condition; RFC 6120's own meaning is that of calls. */
static jrpc_status run(jrpc_session *session, const ask *question, const buf *payload, jrpc_error *error)
{
    static const struct {
        const char *condition;
        jrpc_status status;
        const char *text;
    } meanings[] = {
        { "conflict", JRPC_E_EXISTS, "there is an account of that name already" },
        { "not-acceptable", JRPC_E_INVALID, "the server does not accept these data" },
        { "bad-request", JRPC_E_INVALID, "the server does not accept these data" },
        { "jid-malformed", JRPC_E_INVALID, "the server does not accept that name" },
        { "not-allowed", JRPC_E_REFUSED, "the server does not allow this" },
        { "forbidden", JRPC_E_REFUSED, "the server does not allow this" },
        { "not-authorized", JRPC_E_REFUSED, "the server does not allow this" },
        { "resource-constraint", JRPC_E_BUSY, "the server does not do this now" },
        { "policy-violation", JRPC_E_BUSY, "the server does not do this now" },
        { "service-unavailable", JRPC_E_UNAVAILABLE, "the server does not do this" },
        { "feature-not-implemented", JRPC_E_UNAVAILABLE, "the server does not do this" },
    };
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = ask_run(session, question, payload, &why);
    for (size_t i = 0; status != JRPC_OK && why.condition && i < COUNT_OF(meanings); i++) {
        if (strcmp(why.condition, meanings[i].condition) != 0)
            continue;
        const char *colon = why.message ? strstr(why.message, ": ") : NULL; /* what the server says itself */
        status = error_set(error, JRPC_ERROR_TRANSPORT, meanings[i].status, "%s%s", meanings[i].text,
                           colon ? colon : "");
        error_who(error, why.who ? why.who : session->own.domain);
        error_what(error, question->what);
        error_condition(error, why.condition);
        return status;
    }
    if (status != JRPC_OK)
        jrpc_error_move(error, &why);
    return status;
}

static jrpc_status get_wants(jrpc_session *session, const char *domain, wants *ret_wants, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<query xmlns='" NS_REGISTER "'/>");
    const ask question = { domain, true, "register", 0, read_wants, ret_wants };
    return run(session, &question, &payload, error);
}

static jrpc_status send_account(jrpc_session *session, const jid *name, const char *password, const wants *w,
                                const jrpc_account_field *fields, size_t count, jrpc_error *error)
{
    AUTO(wipe) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<query xmlns='" NS_REGISTER "'>");
    for (size_t i = 0; i < w->name_count; i++)
        append_field(&payload, w->names[i], find_value(fields, count, w->names[i]));
    if (w->key)
        append_field(&payload, "key", w->key);
    buf_reserve(&payload, strlen(password) * 6 + strlen(name->node) * 6 + 128);
    append_account(&payload, name->node, password);
    buf_append_lit(&payload, "</query>");
    const ask question = { name->domain, false, "register", 0, ask_read_nothing, NULL };
    return run(session, &question, &payload, error);
}

/* ---- a new account ---- */

static jrpc_status register_over(jrpc_session *session, const jid *name, const char *password,
                                 const jrpc_account_field *fields, size_t count, jrpc_error *error)
{
    AUTO(wants_done) wants w = { 0 };
    w.memory = (arena)ARENA_INIT(ASK_BYTES_MOST);
    jrpc_status status = get_wants(session, name->domain, &w, error);
    if (status == JRPC_OK)
        status = check_kind(&w, name->domain, error);
    if (status == JRPC_OK)
        status = check_fields(&w, fields, count, name->domain, error);
    return status == JRPC_OK ? send_account(session, name, password, &w, fields, count, error) : status;
}

static jrpc_status read_name(const char *text, jid *ret_name, jrpc_error *error)
{
    const char *why = "expected node@domain";
    jrpc_status status = text ? jid_parse(text, ret_name, &why) : JRPC_E_INVALID;
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status == JRPC_OK && ret_name->node)
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_INVALID, "%s is no account: %s", text ? text : "nothing",
                          why ? why : "it has no name");
}

jrpc_status jrpc_account_register(const char *text, const jrpc_session_options *options,
                                  const jrpc_account_field *fields, size_t field_count, jrpc_error *error)
{
    AUTO(jid_done) jid name = { 0 };
    jrpc_status status = read_name(text, &name, error);
    if (status == JRPC_OK && options && options->component)
        status = jrpc_error_set(error, JRPC_E_INVALID, "a component is no account");
    jrpc_session_options complete = session_complete_options(options);
    complete.state_changed = NULL; /* the program knows nothing of this session */
    char *password = NULL;
    if (status == JRPC_OK)
        status = password_get(&complete, name.bare, &password, error);
    if (status == JRPC_OK && !password)
        status = jrpc_error_set(error, JRPC_E_INVALID, "no password given for %s", name.bare);
    jrpc_session *session = NULL;
    if (status == JRPC_OK)
        status = session_open_stream(name.bare, &complete, true, &session, error);
    if (status == JRPC_OK)
        status = register_over(session, &name, password, fields, fields ? field_count : 0, error);
    jrpc_session_close(session);
    secret_free(password);
    return status;
}

/* ---- an account that is logged in ---- */

/* The account of a session, prepared; the session may lose and find its stream meanwhile. */
static jrpc_status own_account(jrpc_session *session, jid *ret_name, jrpc_error *error)
{
    if (session->settings.component)
        return jrpc_error_set(error, JRPC_E_INVALID, "a component is no account");
    return read_name(jrpc_session_jid(session), ret_name, error);
}

typedef struct new_password {
    jrpc_session *session;
    char *password;
} new_password;

/* Driving thread: the next login is with the new one. */
static jrpc_status take_password(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    UNUSED(iq);
    const new_password *made = call->answer_userdata;
    return link_set_password(made->session->link, made->password) ? JRPC_OK : error_nomem(error);
}

jrpc_status jrpc_account_set_password(jrpc_session *session, const jrpc_session_options *given,
                                      jrpc_error *error)
{
    AUTO(jid_done) jid name = { 0 };
    AUTO(wipe) buf payload = BUF_INIT;
    new_password made = { session, NULL };
    jrpc_session_options complete = session_complete_options(given);
    complete.cert_file = NULL;
    jrpc_status status = own_account(session, &name, error);
    if (status == JRPC_OK)
        status = password_get(&complete, name.bare, &made.password, error);
    if (status == JRPC_OK) {
        buf_reserve(&payload, strlen(made.password) * 6 + strlen(name.node) * 6 + 256);
        buf_append_lit(&payload, "<query xmlns='" NS_REGISTER "'>");
        append_account(&payload, name.node, made.password);
        buf_append_lit(&payload, "</query>");
        const ask question = { name.domain, false, "password", 0, take_password, &made };
        status = run(session, &question, &payload, error);
    }
    secret_free(made.password);
    return status;
}

jrpc_status jrpc_account_remove(jrpc_session *session, jrpc_error *error)
{
    AUTO(jid_done) jid name = { 0 };
    AUTO(buf_done) buf payload = BUF_INIT;
    jrpc_status status = own_account(session, &name, error);
    if (status != JRPC_OK)
        return status;
    buf_append_lit(&payload, "<query xmlns='" NS_REGISTER "'><remove/></query>");
    const ask question = { name.domain, false, "remove", 0, ask_read_nothing, NULL };
    return run(session, &question, &payload, error);
}
