/* SPDX-License-Identifier: MIT */
/* Lines of chat, run by a server without a stream. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "command/chatline.h"
#include "serve_fixture.h"

static int begin(void **state)
{
    *state = serve_new(NULL);
    return 0;
}

static int end(void **state)
{
    serve_free(*state);
    return 0;
}

typedef struct told {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *text;
    unsigned times;
} told;

static void take(const char *text, void *userdata)
{
    told *t = userdata;
    pthread_mutex_lock(&t->lock);
    free(t->text);
    t->text = strdup(text);
    t->times++;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

/* Heap. */
static char *answer_to(serve_fixture *f, const char *caller, const char *line)
{
    told t = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0 };
    chatline_run(f->server, caller, line, take, &t);
    server_run_inline(f->server);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&t.lock);
    while (t.times == 0 && pthread_cond_timedwait(&t.changed, &t.lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&t.lock);
    assert_int_equal(t.times, 1);
    return t.text;
}

static void says(serve_fixture *f, const char *line, const char *expected)
{
    autofree char *answer = answer_to(f, "peer-a@localhost/x", line);
    assert_string_equal(answer, expected);
}

static void calls(void **state)
{
    serve_fixture *f = *state;
    says(f, "Rot13 \"There was a young lady of Nantes\"", "Gurer jnf n lbhat ynql bs Anagrf");
    says(f, "Rot13 'a'", "n");
    says(f, " Rot13 hello\n", "uryyb");
    says(f, "Rot13 \"\"", "(an empty text)");
    says(f, "Rot13 [1,2]", "[1,2]");
    says(f, "Add 40 2", "42");
    says(f, "Add -40 \"-2\"", "-42");
    says(f, "Divide 47 5", "quotient: 9\nremainder: 2");
    says(f, "Nothing", "Done.");
    says(f, "Who", "peer-a@localhost/x Who");
}

static void faults(void **state)
{
    serve_fixture *f = *state;
    autofree char *text = answer_to(f, "peer-a@localhost/x", "Divide 47 0");
    assert_non_null(strstr(text, "Fault 42: Test::DivByZero {\"numerator\": 47"));
    autofree char *internal = answer_to(f, "peer-a@localhost/x", "Fail -1");
    assert_non_null(strstr(internal, "Fault -32603: internal error (incident "));
}

static void mistakes(void **state)
{
    serve_fixture *f = *state;
    says(f, "Rot13", "Rot13 takes 1 argument: text (string); got 0");
    says(f, "Rot13 There was",
         "Rot13 takes 1 argument: text (string); got 2. Text with blanks is put in quotes, \"like this\"");
    says(f, "Nothing 1", "Nothing takes 0 arguments; got 1");
    says(f, "Add 40", "Add takes 2 arguments: a (long), b (long); got 1");
    says(f, "Add 40 two", "argument 2, b: 'two' is not an integer; expected long");
    says(f, "Add 40 2147483648", "argument 2, b: 2147483648 is out of range for long; expected long");
    says(f, "Add 40 [", "a bracket is not closed, at character 8: [");
    says(f, "Rot13 \"open", "the quotes are not closed, at character 8: open");
    says(f, "Rot31 x", "There is no method \"Rot31\" here. Did you mean Rot13?");
    says(f, "rot13 x", "There is no method \"rot13\" here. Did you mean Rot13?");
    says(f, "echo; touch /tmp/x", "There is no method \"echo;\" here; help lists those that there are.");
    says(f, "$(reboot)", "There is no method \"$(reboot)\" here; help lists those that there are.");
    says(f, "`reboot`", "There is no method \"`reboot`\" here; help lists those that there are.");
    says(f, "system.listMethods", "There is no method \"system.listMethods\" here; help lists those that there are.");
    says(f, "Rot13 $(reboot)", "$(erobbg)");
}

static void help(void **state)
{
    serve_fixture *f = *state;
    autofree char *list = answer_to(f, "peer-a@localhost/x", "help");
    assert_non_null(strstr(list, "Add a b\n"));
    assert_non_null(strstr(list, "Rot13 text: Rotates letters by <13> places.\n"));
    assert_non_null(strstr(list, "\nhelp METHOD tells more."));
    assert_null(strstr(list, "system."));
    says(f, "HELP Rot13",
         "Rot13 text\nRotates letters by <13> places.\n  text: string\nIt answers:\n  result: string");
    says(f, "help Divide",
         "Divide a b\n  a: long\n  b: long\nIt answers:\n  quotient: long\n  remainder: long\nIt may fail with:\n  "
         "Test::DivByZero");
    says(f, "help Nothing", "Nothing");
    says(f, "help Rot14", "There is no method \"Rot14\" here. Did you mean Rot13?");
    autofree char *again = answer_to(f, "peer-a@localhost/x", "?");
    assert_string_equal(list, again);
    autofree char *blank = answer_to(f, "peer-a@localhost/x", " \n");
    assert_string_equal(list, blank);
}

static void strangers(void **state)
{
    serve_fixture *f = *state;
    static const char *const lines[] = { "help", "Rot13 x", "help Rot13", "\"", "" };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        autofree char *answer = answer_to(f, "mallory@localhost/x", lines[i]);
        assert_string_equal(answer, "Refused: you may not call anything here.");
    }
}

static void hostile_lines(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf line = BUF_INIT;
    for (int i = 0; i < 100000; i++)
        buf_append_char(&line, 'x');
    autofree char *name = answer_to(f, "peer-a@localhost/x", line.data);
    assert_true(strlen(name) < 200);
    buf_reset(&line);
    buf_append_lit(&line, "Add 1 ");
    for (int i = 0; i < 100000; i++)
        buf_append_char(&line, '7');
    autofree char *number = answer_to(f, "peer-a@localhost/x", line.data);
    assert_true(strlen(number) < 400);
    buf_reset(&line);
    buf_append_lit(&line, "Rot13 ");
    for (int i = 0; i < 100000; i++)
        buf_append_char(&line, 'a');
    autofree char *text = answer_to(f, "peer-a@localhost/x", line.data);
    assert_int_equal(strlen(text), CHATLINE_ANSWER_MOST + strlen(" ... (cut here)"));
    buf_reset(&line);
    for (int i = 0; i < 50000; i++)
        buf_append_lit(&line, "w ");
    says(f, line.data, "more than 64 words: put text with blanks in quotes");
    says(f, "Rot13 \x01", "argument 1, text: the byte 0x01 at offset 0 cannot be in a text; expected string");
}

/* Its answer comes when the server stops, and no more after that. */
static void stopped_meanwhile(void **state)
{
    serve_fixture *f = *state;
    told t = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0 };
    chatline_run(f->server, "peer-a@localhost/x", "Wait", take, &t);
    serve_wait_waiting(f, 1);
    serve_open_gate(f);
    server_stop(f->server);
    assert_int_equal(t.times, 1);
    assert_string_equal(t.text, "1");
    chatline_run(f->server, "peer-a@localhost/x", "Nothing", take, &t);
    assert_int_equal(t.times, 2);
    assert_string_equal(t.text, "Not done: this server is shutting down");
    free(t.text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(calls),         TEST(faults),            TEST(mistakes), TEST(help), TEST(strangers),
        TEST(hostile_lines), TEST(stopped_meanwhile),
    };
    return cmocka_run_group_tests_name("command: lines of chat", tests, NULL, NULL);
}
