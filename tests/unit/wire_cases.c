/* SPDX-License-Identifier: MIT */
/*
 * The cases in tests/wire, one a file: y_*.xml must be read, n_*.xml must be refused. A file begins with a
 * comment:
 *
 *   as:    type of the zoo, "any" (an xmlrpc_value); "call", "reply": the envelope with dynamic values;
 *          "call:add", "reply:add": with the types of a method of the zoo. Several, with spaces between:
 * each. gives: (y) what is written when the value that was read is written again; \n is a line feed fails:
 * (n) the message; "path: message" when there is a path; "xml" when it is not well-formed in the first place
 */
#include "wire_check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <strophe.h>

#include "base/mem.h"
#include "wire/envelope.h"
#include "wire_zoo.h"

enum { CASES_MAX = 400, LINE_MAX_ = 4096 };

typedef struct test_case {
    char *text;
    char as[256], gives[LINE_MAX_], fails[LINE_MAX_];
    const char *xml; /* in text, behind the comment */
} test_case;

static check_context *check;
static const char *folder;

/* ---- files ---- */

static char *read_file(const char *name)
{
    char path[1024], part[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    buf text = BUF_INIT;
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        buf_append(&text, part, got);
    fclose(file);
    return buf_take(&text);
}

static void take_line(const char *text, const char *end, const char *key, char *into, size_t room)
{
    const char *found = strstr(text, key);
    into[0] = '\0';
    if (!found || found >= end)
        return;
    found += strlen(key);
    found += strspn(found, " ");
    size_t len = strcspn(found, "\n");
    assert_true(len < room);
    for (size_t i = 0; i < len; i++) {
        bool line_feed = found[i] == '\\' && found[i + 1] == 'n';
        *into++ = line_feed ? '\n' : found[i];
        i += line_feed;
    }
    *into = '\0';
}

static void read_case(const char *name, test_case *ret)
{
    ret->text = read_file(name);
    assert_non_null(ret->text);
    const char *end = strstr(ret->text, "-->");
    if (strncmp(ret->text, "<!--", 4) != 0 || !end)
        fail_msg("%s does not begin with a comment", name);
    take_line(ret->text, end, "as:", ret->as, sizeof ret->as);
    take_line(ret->text, end, "gives:", ret->gives, sizeof ret->gives);
    take_line(ret->text, end, "fails:", ret->fails, sizeof ret->fails);
    ret->xml = end + 3;
    if (!ret->as[0] || !(name[0] == 'y' ? ret->gives[0] : ret->fails[0]))
        fail_msg("%s lacks a line \"as:\", \"gives:\" or \"fails:\"", name);
}

/* ---- reading and writing again: each writes into out or fills in the failure ---- */

static const wire_limits usual = WIRE_LIMITS_DEFAULT;

static jrpc_status through_any(xmpp_stanza_t *tree, buf *out, wire_failure *failure)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    xmlrpc_value *value = NULL;
    jrpc_status status = dynamic_decode(&d, tree, &value);
    *failure = d.failure;
    if (status < 0)
        return status;
    status = dynamic_encode(out, value, WIRE_DEPTH_DEFAULT, failure);
    xmlrpc_DECREF(value);
    return status;
}

static jrpc_status through_type(const jrpc_type *type, xmpp_stanza_t *tree, buf *out, wire_failure *failure)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    autofree void *value = malloc(type->size);
    assert_non_null(value);
    jrpc_status status = native_decode(&d, type, NULL, tree, value);
    *failure = d.failure;
    if (status < 0)
        return status;
    status = native_encode(out, type, NULL, value, WIRE_DEPTH_DEFAULT, failure);
    jrpc_value_clear(type, value);
    return status;
}

static jrpc_status through_call(const jrpc_method *method, xmpp_stanza_t *tree, buf *out,
                                wire_failure *failure)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    envelope_call call;
    jrpc_status status = envelope_read_call(tree, &call, failure);
    if (status < 0)
        return status;
    if (!method) {
        xmlrpc_value *params = NULL;
        status = envelope_read_value_params(&d, call.params, &params);
        *failure = d.failure;
        if (status >= 0)
            status = envelope_write_value_call(out, call.method, params, WIRE_DEPTH_DEFAULT, failure);
        if (params)
            xmlrpc_DECREF(params);
        return status;
    }
    zoo rooms[3];
    void *storage[] = { &rooms[0], &rooms[1], &rooms[2] };
    status = envelope_read_params(&d, method, call.params, storage);
    *failure = d.failure;
    if (status < 0)
        return status;
    status = envelope_write_call(out, method, (const void *const *)storage, WIRE_DEPTH_DEFAULT, failure);
    size_t index = 0;
    for (uint16_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_IN)
            jrpc_value_clear(method->params[i].type, storage[index++]);
    }
    return status;
}

static jrpc_status write_typed_reply(wire_decoder *d, const jrpc_method *method, const envelope_reply *reply,
                                     buf *out)
{
    zoo rooms[4];
    void *storage[] = { &rooms[0], &rooms[1], &rooms[2], &rooms[3] };
    jrpc_status status = envelope_read_result(d, method, reply, storage);
    if (status < 0)
        return status;
    status = envelope_write_result(out, method, storage, WIRE_DEPTH_DEFAULT, &d->failure);
    size_t index = 0;
    for (uint16_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_OUT)
            jrpc_value_clear(method->params[i].type, storage[index++]);
    }
    if (method->result)
        jrpc_value_clear(method->result, storage[index]);
    return status;
}

static jrpc_status through_reply(const jrpc_method *method, xmpp_stanza_t *tree, buf *out,
                                 wire_failure *failure)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
    jrpc_status status = envelope_read_reply(tree, &reply, failure);
    if (status < 0)
        return status;
    if (reply.is_fault) {
        envelope_write_fault(out, reply.fault_code, reply.fault_text);
    } else if (method) {
        status = write_typed_reply(&d, method, &reply, out);
    } else {
        xmlrpc_value *result = NULL;
        status = envelope_read_value_result(&d, &reply, &result);
        if (status >= 0)
            status = envelope_write_value_result(out, result, WIRE_DEPTH_DEFAULT, &d.failure);
        if (result)
            xmlrpc_DECREF(result);
    }
    *failure = d.failure;
    return status;
}

static jrpc_status go_through(const char *as, xmpp_stanza_t *tree, buf *out, wire_failure *failure)
{
    const char *method = strchr(as, ':');
    if (strcmp(as, "any") == 0)
        return through_any(tree, out, failure);
    if (method && !zoo_find_method(method + 1))
        fail_msg("there is no method %s", method + 1);
    if (strncmp(as, "call", 4) == 0)
        return through_call(method ? zoo_find_method(method + 1) : NULL, tree, out, failure);
    if (strncmp(as, "reply", 5) == 0)
        return through_reply(method ? zoo_find_method(method + 1) : NULL, tree, out, failure);
    if (!zoo_find_type(as))
        fail_msg("there is no type %s", as);
    return through_type(zoo_find_type(as), tree, out, failure);
}

/* ---- one case ---- */

static void run_as(const char *name, const test_case *test, const char *as, xmpp_stanza_t *tree)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    jrpc_status status = go_through(as, tree, &out, &failure);
    char why[sizeof failure.path + sizeof failure.message + 3];
    snprintf(why, sizeof why, "%s%s%s", failure.path, failure.path[0] ? ": " : "", failure.message);
    if (name[0] == 'y' && status < 0)
        fail_msg("%s as %s is refused: %s", name, as, why);
    else if (name[0] == 'y' && strcmp(out.data, test->gives) != 0)
        fail_msg("%s as %s gives\n%s\ninstead of\n%s", name, as, out.data, test->gives);
    else if (name[0] == 'n' && status >= 0)
        fail_msg("%s as %s is accepted: %s", name, as, out.data);
    else if (name[0] == 'n' && strcmp(why, test->fails) != 0)
        fail_msg("%s as %s fails with\n%s\ninstead of\n%s", name, as, why, test->fails);
}

static void test_file(void **state)
{
    const char *name = *state;
    test_case test;
    read_case(name, &test);
    xmpp_stanza_t *tree = xmpp_stanza_new_from_string(check->ctx, test.xml);
    free(test.text);
    if (strcmp(test.fails, "xml") == 0) {
        assert_null(tree);
        return;
    }
    if (!tree)
        fail_msg("%s is not well-formed", name);
    char *rest = NULL;
    for (char *as = strtok_r(test.as, " ", &rest); as; as = strtok_r(NULL, " ", &rest))
        run_as(name, &test, as, tree);
    xmpp_stanza_release(tree);
}

/* ---- all of them ---- */

static int compare_names(const void *a, const void *b)
{
    const struct CMUnitTest *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static size_t find_cases(struct CMUnitTest *tests)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        const char *dot = strrchr(entry->d_name, '.');
        bool ours = (entry->d_name[0] == 'y' || entry->d_name[0] == 'n') && entry->d_name[1] == '_';
        if (!ours || !dot || strcmp(dot, ".xml") != 0 || count == CASES_MAX)
            continue;
        char *name = strdup(entry->d_name);
        tests[count++] = (struct CMUnitTest){ name, test_file, NULL, NULL, name };
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, compare_names);
    return count;
}

static void test_there_are_cases(void **state)
{
    const size_t *count = *state;
    assert_true(*count > 60);
}

int main(int argc, char **argv)
{
    static struct CMUnitTest tests[CASES_MAX + 1];
    char path[1024];
    const char *root = getenv("JRPC_SRCDIR");
    snprintf(path, sizeof path, "%s/tests/wire", root ? root : ".");
    folder = argc > 1 ? argv[1] : path;
    size_t count = find_cases(tests);
    tests[count] = (struct CMUnitTest){ "there are cases", test_there_are_cases, NULL, NULL, &count };
    void *state = NULL;
    if (check_setup(&state) != 0)
        return EXIT_FAILURE;
    check = state;
    int failed = _cmocka_run_group_tests("wire_cases", tests, count + 1, NULL, NULL);
    check_teardown(&state);
    for (size_t i = 0; i < count; i++)
        free(tests[i].initial_state);
    return failed;
}
