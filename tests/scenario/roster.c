/* SPDX-License-Identifier: MIT */
/* Contacts, who may see our presence, and what others say of themselves. */
#include "heard.h"

#include <stdio.h>
#include <string.h>

#include <jrpc/chat.h>
#include <jrpc/discover.h>
#include <jrpc/roster.h>

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

/* Plays the account's server for peer-a: notes what it is sent, and answers questions with what the test says. */
typedef struct host {
    pair *p;
    heard sent;
    const char *answer; /* what is inside the result */
} host;

static bool play(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    host *h = userdata;
    char id[128];
    bool is_question = strncmp(stanza, "<iq type='get'", 14) == 0 || strncmp(stanza, "<iq type='set'", 14) == 0;
    if (strcmp(from, PAIR_A) != 0)
        return true;
    if (is_question && *to && strcmp(to, "asked@localhost/x") != 0)
        return true;
    heard_note(&h->sent, heard_print("%.*s", (int)len, stanza));
    if (!is_question)
        return true;
    assert_true(pair_id(stanza, id, sizeof id));
    pair_inject(h->p, PAIR_A, "<iq type='result' id='%s'%s%s%s>%s</iq>", id, *to ? " from='" : "", to, *to ? "'" : "",
                h->answer);
    return false;
}

static host *open_host(host *h)
{
    h->p = pair_open(NULL);
    h->answer = "";
    heard_init(&h->sent);
    loopback_set_filter(h->p->hub, play, h);
    return h;
}

static void close_host(host *h)
{
    pair_close(h->p);
    heard_done(&h->sent);
}

static void check_sent(host *h, size_t number, const char *part)
{
    const char *sent = heard_line(&h->sent, number);
    if (!strstr(sent, part))
        fail_msg("\"%s\" is not in \"%s\"", part, sent);
}

/* ---- the roster ---- */

static void contacts_are_read(void **state)
{
    UNUSED(state);
    host h;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *a = open_host(&h)->p->a;
    jrpc_roster *roster = NULL;
    h.answer = "<query xmlns='jabber:iq:roster'><item jid='ann@localhost' name='Ann &lt;3' subscription='both'>"
               "<group>Friends</group><group/></item><item/><odd/><item jid='bob@localhost' ask='subscribe'/></query>";
    assert_int_equal(jrpc_roster_get(a, &roster, &error), JRPC_OK);
    check_sent(&h, 0, "<query xmlns='jabber:iq:roster'/>");
    assert_int_equal(roster->count, 2);
    const jrpc_contact *ann = &roster->contacts[0], *bob = &roster->contacts[1];
    assert_string_equal(ann->jid, "ann@localhost");
    assert_string_equal(ann->name, "Ann <3");
    assert_string_equal(jrpc_subscription_name(ann->subscription), "both");
    assert_int_equal(ann->group_count, 2);
    assert_string_equal(ann->groups[0], "Friends");
    assert_string_equal(ann->groups[1], "");
    assert_true(bob->asked && !bob->name && bob->subscription == JRPC_SUBSCRIPTION_NONE && !bob->group_count);
    jrpc_roster_free(roster);
    h.answer = "<query xmlns='jabber:iq:roster'/>";
    assert_int_equal(jrpc_roster_get(a, &roster, &error), JRPC_OK);
    assert_int_equal(roster->count, 0);
    jrpc_roster_free(roster);
    h.answer = "";
    assert_int_equal(jrpc_roster_get(a, &roster, &error), JRPC_E_BAD_REPLY);
    close_host(&h);
}

static void contacts_are_changed(void **state)
{
    UNUSED(state);
    host h;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *a = open_host(&h)->p->a;
    const char *const groups[] = { "A&B" };
    jrpc_contact ann = { .jid = "Ann@localhost/x", .name = "A'n", .groups = groups, .group_count = 1 };
    assert_int_equal(jrpc_roster_put(a, &ann, &error), JRPC_OK);
    check_sent(&h, 0, "<item jid='ann@localhost' name='A&apos;n'><group>A&amp;B</group></item>");
    assert_int_equal(jrpc_roster_remove(a, "ann@localhost", &error), JRPC_OK);
    check_sent(&h, 1, "<item jid='ann@localhost' subscription='remove'></item>");
    assert_int_equal(jrpc_roster_remove(a, "@", &error), JRPC_E_INVALID);
    ann.name = "\a";
    assert_int_equal(jrpc_roster_put(a, &ann, &error), JRPC_E_INVALID);
    close_host(&h);
}

static void on_change(jrpc_session *session, const jrpc_contact *one, void *userdata)
{
    UNUSED(session);
    heard_note(userdata, heard_print("%s %s%s", one->jid, jrpc_subscription_name(one->subscription), one->removed ? " removed" : ""));
}

#define PUSH "<iq type='set' id='%d'%s><query xmlns='jabber:iq:roster'><item jid='%s' subscription='%s'/></query></iq>"

static void pushes_come_from_the_own_server_only(void **state)
{
    UNUSED(state);
    host h;
    heard changes;
    heard_init(&changes);
    jrpc_session *a = open_host(&h)->p->a;
    assert_int_equal(jrpc_roster_watch(a, on_change, &changes, NULL), JRPC_OK);
    static const char *const wrong[] = { "evil@localhost/x", PAIR_B, "localhost.evil", "evil@localhost" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char from[64];
        snprintf(from, sizeof from, " from='%s'", wrong[i]);
        pair_inject(h.p, PAIR_A, PUSH, (int)i, from, "evil@localhost", "both");
        check_sent(&h, i, "service-unavailable");
    }
    pair_inject(h.p, PAIR_A, PUSH, 11, "", "ann@localhost", "to");
    check_sent(&h, COUNT_OF(wrong), "type='result' id='11'");
    assert_string_equal(heard_line(&changes, 0), "ann@localhost to");
    pair_inject(h.p, PAIR_A, PUSH, 12, " from='peer-a@LOCALHOST'", "ann@localhost", "remove");
    assert_string_equal(heard_line(&changes, 1), "ann@localhost none removed");
    assert_int_equal(jrpc_roster_unwatch(a, on_change, &changes, NULL), JRPC_OK);
    close_host(&h);
    heard_done(&changes);
}

static void on_presence(jrpc_session *session, const jrpc_presence *p, void *userdata)
{
    UNUSED(session);
    heard_note(userdata, heard_print("%s", p->from));
}

static void contacts_presence_is_told(void **state)
{
    UNUSED(state);
    host h;
    heard seen;
    heard_init(&seen);
    jrpc_session *a = open_host(&h)->p->a;
    assert_int_equal(jrpc_presence_watch(a, on_presence, &seen, NULL), JRPC_OK);
    pair_inject(h.p, PAIR_A, "<presence from='ann@elsewhere/1'/>");
    pair_inject(h.p, PAIR_A, PUSH, 1, "", "ann@elsewhere", "to");
    pair_inject(h.p, PAIR_A, "<presence from='ann@elsewhere/2'/>");
    assert_string_equal(heard_line(&seen, 0), "ann@elsewhere/2");
    pair_inject(h.p, PAIR_A, PUSH, 1, "", "ann@elsewhere", "from");
    pair_inject(h.p, PAIR_A, "<presence from='ann@elsewhere/3'/>");
    pair_inject(h.p, PAIR_A, "<presence from='" PAIR_B "'/>");
    assert_string_equal(heard_line(&seen, 1), PAIR_B);
    close_host(&h);
    heard_done(&seen);
}

/* ---- who may see us ---- */

static void on_request(jrpc_session *session, const char *from, const char *text, void *userdata)
{
    assert_int_equal(jrpc_subscription_answer(session, from, strcmp(from, "ann@elsewhere") == 0, NULL), JRPC_OK);
    heard_note(userdata, heard_print("%s: %s", from, text ? text : "-"));
}

#define REQUEST(FROM) "<presence type='subscribe' from='" FROM "'><status>please</status></presence>"

static void requests_follow_the_policy(void **state)
{
    UNUSED(state);
    host h;
    heard asked;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    heard_init(&asked);
    jrpc_session *a = open_host(&h)->p->a;
    pair_inject(h.p, PAIR_A, REQUEST("ann@localhost"));
    pair_inject(h.p, PAIR_A, PUSH, 1, "", "x@localhost", "none");
    check_sent(&h, 0, "type='result'"); /* nothing was said to the request */
    assert_int_equal(jrpc_subscription_set_policy(a, JRPC_SUBSCRIPTION_ALLOWED, NULL, NULL, &error), JRPC_OK);
    pair_inject(h.p, PAIR_A, REQUEST("ann@localhost"));
    assert_string_equal(heard_line(&h.sent, 1), "<presence type='subscribed' to='ann@localhost'></presence>");
    assert_string_equal(heard_line(&h.sent, 2), "<presence type='subscribe' to='ann@localhost'></presence>");
    pair_inject(h.p, PAIR_A, REQUEST("ann@elsewhere/x"));
    assert_string_equal(heard_line(&h.sent, 3), "<presence type='unsubscribed' to='ann@elsewhere'></presence>");
    assert_int_equal(jrpc_subscription_set_policy(a, JRPC_SUBSCRIPTION_REFUSE, NULL, NULL, &error), JRPC_OK);
    pair_inject(h.p, PAIR_A, REQUEST("ann@localhost"));
    assert_string_equal(heard_line(&h.sent, 4), "<presence type='unsubscribed' to='ann@localhost'></presence>");
    assert_int_equal(jrpc_subscription_set_policy(a, JRPC_SUBSCRIPTION_ASK, NULL, NULL, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_subscription_set_policy(a, JRPC_SUBSCRIPTION_ASK, on_request, &asked, &error), JRPC_OK);
    pair_inject(h.p, PAIR_A, REQUEST("ann@elsewhere"));
    assert_string_equal(heard_line(&asked, 0), "ann@elsewhere: please");
    assert_string_equal(heard_line(&h.sent, 5), "<presence type='subscribed' to='ann@elsewhere'></presence>");
    assert_int_equal(jrpc_subscribe(a, "ann@localhost/x", &error), JRPC_OK);
    assert_string_equal(heard_line(&h.sent, 6), "<presence type='subscribe' to='ann@localhost'></presence>");
    assert_int_equal(jrpc_unsubscribe(a, "ann@localhost", &error), JRPC_OK);
    assert_string_equal(heard_line(&h.sent, 7), "<presence type='unsubscribe' to='ann@localhost'></presence>");
    assert_int_equal(jrpc_subscribe(a, "", &error), JRPC_E_INVALID);
    close_host(&h);
    heard_done(&asked);
}

/* ---- what others say of themselves ---- */

static void programs_say_what_they_are(void **state)
{
    UNUSED(state);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    pair *p = pair_open(NULL);
    int64_t took = -1;
    assert_int_equal(jrpc_ping(p->a, PAIR_B, 0, &took, &error), JRPC_OK);
    assert_true(took > 0);
    assert_int_equal(jrpc_ping(p->a, "nobody@localhost/x", 0, NULL, &error), JRPC_E_UNAVAILABLE);
    jrpc_software *software = NULL;
    assert_int_equal(jrpc_software_get(p->a, PAIR_B, 0, &software, &error), JRPC_OK);
    assert_string_equal(software->name, "jabber-rpc");
    assert_true(*software->version && !software->os);
    jrpc_software_free(software);
    const jrpc_software said = { .name = "<up>", .version = "2 & 3", .os = "PLAN 9" };
    assert_int_equal(jrpc_software_set(p->b, &said, &error), JRPC_OK);
    assert_int_equal(jrpc_software_set(p->b, &(jrpc_software){ .name = "\a" }, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_software_get(p->a, PAIR_B, 0, &software, &error), JRPC_OK);
    assert_string_equal(software->name, "<up>");
    assert_string_equal(software->version, "2 & 3");
    assert_string_equal(software->os, "PLAN 9");
    jrpc_software_free(software);
    jrpc_disco_info *info = NULL;
    assert_int_equal(jrpc_disco_info_get(p->a, PAIR_B, NULL, 0, &info, &error), JRPC_OK);
    assert_true(jrpc_disco_info_has(info, "jabber:iq:rpc") && jrpc_disco_info_has(info, "jabber:iq:version"));
    assert_false(jrpc_disco_info_has(info, "jabber:iq:nothing"));
    assert_string_equal(info->identities[0].category, "automation");
    jrpc_disco_info_free(info);
    assert_int_equal(jrpc_disco_info_get(p->a, PAIR_B, "no<such>node", 0, &info, &error), JRPC_E_NOT_FOUND);
    pair_close(p);
}

static void odd_answers_are_survived(void **state)
{
    UNUSED(state);
    host h;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *a = open_host(&h)->p->a;
    jrpc_disco_items *items = NULL;
    jrpc_disco_info *info = NULL;
    jrpc_software *software = NULL;
    h.answer = "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='x.localhost' name='X'/><item/><thing/>"
               "<item jid='y' node='n'/></query>";
    assert_int_equal(jrpc_disco_items_get(a, "asked@localhost/x", NULL, 0, &items, &error), JRPC_OK);
    assert_int_equal(items->count, 3);
    assert_string_equal(items->items[0].name, "X");
    assert_string_equal(items->items[1].jid, "");
    assert_string_equal(items->items[2].node, "n");
    jrpc_disco_items_free(items);
    assert_int_equal(jrpc_disco_info_get(a, "asked@localhost/x", NULL, 0, &info, &error), JRPC_E_BAD_REPLY);
    assert_int_equal(jrpc_software_get(a, "asked@localhost/x", 0, &software, &error), JRPC_E_BAD_REPLY);
    h.answer = "<query xmlns='jabber:iq:version'><os/></query>";
    assert_int_equal(jrpc_software_get(a, NULL, 0, &software, &error), JRPC_OK);
    assert_string_equal(software->name, "");
    assert_string_equal(software->os, "");
    jrpc_software_free(software);
    h.answer = "<query xmlns='http://jabber.org/protocol/disco#info'><feature/><identity/></query>";
    assert_int_equal(jrpc_disco_info_get(a, NULL, NULL, 0, &info, &error), JRPC_OK);
    assert_true(info->identity_count == 1 && info->feature_count == 1);
    jrpc_disco_info_free(info);
    close_host(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_are_read),
        cmocka_unit_test(contacts_are_changed),
        cmocka_unit_test(pushes_come_from_the_own_server_only),
        cmocka_unit_test(contacts_presence_is_told),
        cmocka_unit_test(requests_follow_the_policy),
        cmocka_unit_test(programs_say_what_they_are),
        cmocka_unit_test(odd_answers_are_survived),
    };
    return cmocka_run_group_tests_name("scenario: roster", tests, NULL, NULL);
}
