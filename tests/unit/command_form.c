/* SPDX-License-Identifier: MIT */
/* Data forms of methods: what they look like, and what is read from them when they come back. */
#include "wire_check.h"

#include <math.h>
#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "base/mem.h"
#include "command/form.h"
#include "command/result.h"
#include "command/show.h"
#include "wire_zoo.h"

/* A method with one parameter, v, of a type; or one of the zoo's. */
typedef struct one {
    jrpc_param param;
    jrpc_method method;
} one;

static const jrpc_method *method_of(one *o, const jrpc_type *type, const jrpc_range *range, jrpc_direction direction)
{
    o->param = (jrpc_param){ .name = "v", .type = type, .direction = (uint32_t)direction, .range = range };
    o->method = (jrpc_method){ .name = "f", .wire_name = "T.f", .params = &o->param, .param_count = 1 };
    return &o->method;
}

/* ---- what they look like ---- */

static void looks(const jrpc_type *type, const jrpc_range *range, const char *field)
{
    one o;
    AUTO(buf_done) buf out = BUF_INIT, expected = BUF_INIT;
    form_write(&out, method_of(&o, type, range, JRPC_IN), NULL, NULL);
    buf_printf(&expected, "<x xmlns='jabber:x:data' type='form'><title>T.f</title><field var='v' %s</field></x>",
               field);
    assert_string_equal(out.data, expected.data);
}

#define VALIDATE(type, inside) \
    "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='" type "'>" inside "</validate>"

static void fields(void **state)
{
    UNUSED(state);
    static const jrpc_range ratio = { .min_double = -1.0, .max_double = HUGE_VAL }, negative = { -5, -1, 0, 0 };
    looks(&jrpc_type_bool, NULL, "type='boolean' label='v (boolean)'><value>0</value>");
    looks(&jrpc_type_i8, NULL, "type='text-single' label='v (int8)'><required/>" VALIDATE("xs:byte", "<basic/>"));
    looks(&jrpc_type_u8, NULL,
          "type='text-single' label='v (octet)'><required/>" VALIDATE("xs:integer", "<range min='0' max='255'/>"));
    looks(&jrpc_type_i16, NULL, "type='text-single' label='v (short)'><required/>" VALIDATE("xs:short", "<basic/>"));
    looks(
        &jrpc_type_i32, &percent_range,
        "type='text-single' label='v (long, 0 to 100)'><required/>" VALIDATE("xs:int", "<range min='0' max='100'/>"));
    looks(
        &jrpc_type_i32, &negative,
        "type='text-single' label='v (long, -5 to -1)'><required/>" VALIDATE("xs:int", "<range min='-5' max='-1'/>"));
    looks(&jrpc_type_u32, &percent_range,
          "type='text-single' label='v (unsigned long, 0 to 100)'><required/>" VALIDATE(
              "xs:integer", "<range min='0' max='100'/>"));
    looks(&jrpc_type_i64, NULL,
          "type='text-single' label='v (long long)'><required/>" VALIDATE("xs:long", "<basic/>"));
    looks(&jrpc_type_u64, NULL,
          "type='text-single' label='v (unsigned long long)'><required/>" VALIDATE(
              "xs:integer", "<range min='0' max='18446744073709551615'/>"));
    looks(&jrpc_type_double, &ratio,
          "type='text-single' label='v (double, at least -1.0)'><required/>" VALIDATE("xs:double",
                                                                                      "<range min='-1.0'/>"));
    looks(&jrpc_type_float, NULL,
          "type='text-single' label='v (float)'><required/>" VALIDATE("xs:double", "<basic/>"));
    looks(&jrpc_type_datetime, NULL,
          "type='text-single' label='v (date and time, like 2024-12-31T23:59:59)'><required/>" VALIDATE("xs:dateTime",
                                                                                                        "<basic/>"));
    looks(&jrpc_type_char, NULL, "type='text-single' label='v (char)'><required/>");
    looks(&jrpc_type_string, NULL, "type='text-single' label='v (string)'>");
    looks(zoo_find_type("string5"), NULL, "type='text-single' label='v (string&lt;5&gt;, at most 5 characters)'>");
    looks(&jrpc_type_bytes, NULL, "type='text-multi' label='v (sequence&lt;octet&gt;)'><desc>Base64.</desc>");
    looks(&colour_type, NULL,
          "type='list-single' label='v (Colour)'><required/><option label='RED'><value>RED</value></option>"
          "<option label='GREEN'><value>GREEN</value></option><option label='BLUE'><value>BLUE</value></option>");
    looks(
        &access_type, NULL,
        "type='list-multi' label='v (Access)'><option label='READ'><value>READ</value></option>"
        "<option label='WRITE'><value>WRITE</value></option><option label='EXECUTE'><value>EXECUTE</value></option>");
    looks(&jrpc_type_seq_i32, NULL,
          "type='text-multi' label='v (sequence&lt;long&gt;)'><desc>One element a line.</desc>");
    looks(&triple_type, NULL, "type='text-multi' label='v (long[3])'><desc>One element a line.</desc><required/>");
    looks(&point_type, NULL, "type='text-multi' label='v (Point)'><desc>JSON.</desc><required/><value>{</value>"
          "<value>  \"x\": 0.0,</value><value>  \"y\": 0.0</value><value>}</value>");
    looks(&points_type, NULL,
          "type='text-multi' label='v (sequence&lt;Point&gt;)'><desc>JSON, like [{\"x\": 0.0, \"y\": 0.0}, "
          "...]</desc>");
    looks(&by_name_type, NULL,
          "type='text-multi' label='v (map&lt;string, Point&gt;)'><desc>JSON, like {\"KEY\": {\"x\": 0.0, \"y\": "
          "0.0}, ...}</desc>");
    looks(&pick_type, NULL, "type='text-multi' label='v (Pick)'><desc>JSON.</desc><required/><value>{</value>"
          "<value>  \"_d\": \"RED\",</value><value>  \"number\": 0</value><value>}</value>");
    looks(&jrpc_type_any, NULL, "type='text-multi' label='v (any)'><desc>JSON, or text.</desc><required/>");
}

/* Every form is XML, and what it shows at first is not an error of its own where it need not be filled in. */
static void forms_of_all_types_are_well_formed(void **state)
{
    const check_context *check = *state;
    static const char *const names[] = { "boolean",   "long",     "string",  "bytes",    "octets",  "datetime",
                                         "colour",    "level",    "access",  "features", "point",   "disc",
                                         "pick",      "choice",   "longs",   "strings",  "few",     "unique",
                                         "triple",    "table",    "grid",    "points",   "by_name", "by_number",
                                         "by_colour", "by_truth", "options", "defaults", "limits",  "node",
                                         "native_any" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        one o;
        AUTO(buf_done) buf out = BUF_INIT;
        assert_non_null(zoo_find_type(names[i]));
        form_write(&out, method_of(&o, zoo_find_type(names[i]), NULL, JRPC_INOUT), NULL, NULL);
        xmpp_stanza_t *form = check_parse(check, out.data);
        AUTO(arguments_done) arguments a;
        form_problem problem;
        assert_int_equal(arguments_init(&a, &o.method), JRPC_OK);
        jrpc_status status = form_read(form, &a, &problem);
        if (status != JRPC_OK)
            assert_string_equal(problem.field, "v");
        xmpp_stanza_release(form);
    }
}

/* ---- what is read ---- */

static jrpc_status read_form(const check_context *check, const jrpc_method *method, const char *content, arguments *a,
                             form_problem *problem)
{
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "<x xmlns='jabber:x:data' type='submit'>%s</x>", content);
    xmpp_stanza_t *form = check_parse(check, text.data);
    assert_int_equal(arguments_init(a, method), JRPC_OK);
    jrpc_status status = form_read(form, a, problem);
    xmpp_stanza_release(form);
    return status;
}

static void reads(const check_context *check, const jrpc_type *type, const char *values, const char *json)
{
    one o;
    AUTO(buf_done) buf content = BUF_INIT, shown = BUF_INIT;
    buf_printf(&content, "<field var='v'>%s</field>", values);
    AUTO(arguments_done) arguments a;
    form_problem problem;
    if (read_form(check, method_of(&o, type, NULL, JRPC_IN), content.data, &a, &problem) != JRPC_OK)
        fail_msg("%s as %s: %s", values, type->name, problem.text);
    show_json(&shown, type, a.values[0], false, 4096);
    assert_string_equal(shown.data, json);
}

#define V(text) "<value>" text "</value>"

static void values(void **state)
{
    const check_context *check = *state;
    reads(check, &jrpc_type_bool, V("1"), "true");
    reads(check, &jrpc_type_bool, V("false"), "false");
    reads(check, &jrpc_type_bool, "", "false");
    reads(check, &jrpc_type_i32, V(" -5 "), "-5");
    reads(check, &jrpc_type_double, V("1e2"), "100.0");
    reads(check, &jrpc_type_string, V("a &lt;b&gt; \"c\""), "\"a <b> \\\"c\\\"\"");
    reads(check, &jrpc_type_string, "<value/>", "\"\"");
    reads(check, &jrpc_type_string, "", "\"\"");
    reads(check, &jrpc_type_char, V("x"), "\"x\"");
    reads(check, &jrpc_type_datetime, V("2024-12-31T23:59:59Z"), "\"2024-12-31T23:59:59\"");
    reads(check, &jrpc_type_bytes, V("AA") V("EC"), "\"AAEC\"");
    reads(check, &jrpc_type_bytes, "", "\"\"");
    reads(check, &octets_type, V("AAECAw=="), "\"AAECAw==\"");
    reads(check, &colour_type, V("GREEN"), "\"GREEN\"");
    reads(check, &access_type, V("READ") V("EXECUTE"), "\"READ|EXECUTE\"");
    reads(check, &access_type, "", "\"0\"");
    reads(check, &jrpc_type_seq_i32, V("1") V("2"), "[1, 2]");
    reads(check, &jrpc_type_seq_i32, V("1\r\n2\n\n"), "[1, 2]");
    reads(check, &jrpc_type_seq_i32, "", "[]");
    reads(check, &jrpc_type_seq_i32, "<value/>", "[]");
    reads(check, &jrpc_type_seq_string, V("a b") "<value/>" V("[c]") "<value/>", "[\"a b\", \"\", \"[c]\"]");
    reads(check, &triple_type, V("1") V("2") V("3"), "[1, 2, 3]");
    reads(check, &point_type, V("{\"x\":") V("1, \"y\": 2}"), "{\"x\": 1.0, \"y\": 2.0}");
    reads(check, &points_type, V("[]"), "[]");
    reads(check, &points_type, V(" ") "<value/>", "[]");
    reads(check, &points_type, "", "[]");
    reads(check, &by_name_type, "", "{}");
    reads(check, &by_name_type, V("{\"a\": {\"x\": 1, \"y\": 2}}"), "{\"a\": {\"x\": 1.0, \"y\": 2.0}}");
    reads(check, &pick_type, V("{\"_d\": \"GREEN\", \"text\": \"t\"}"), "{\"_d\": \"GREEN\", \"text\": \"t\"}");
    reads(check, &jrpc_type_any, V("[1, null]"), "[1, null]");
    reads(check, &jrpc_type_any, V("plain text"), "\"plain text\"");
}

static void finds(const check_context *check, const jrpc_method *method, const char *content, jrpc_status status,
                  const char *field, const char *text)
{
    AUTO(arguments_done) arguments a;
    form_problem problem;
    assert_int_equal(read_form(check, method, content, &a, &problem), status);
    assert_string_equal(problem.text, text);
    assert_string_equal(problem.field, field);
}

static void problem_of(const check_context *check, const jrpc_type *type, const char *values, const char *text)
{
    one o;
    AUTO(buf_done) buf content = BUF_INIT;
    buf_printf(&content, "<field var='v'>%s</field>", values);
    finds(check, method_of(&o, type, NULL, JRPC_IN), content.data, JRPC_E_INVALID, "v", text);
}

static void problems_of_values(void **state)
{
    const check_context *check = *state;
    problem_of(check, &jrpc_type_i32, V("x"), "v: 'x' is not an integer");
    problem_of(check, &jrpc_type_i32, "<value/>", "v: expected a number, long");
    problem_of(check, &jrpc_type_i32, "", "v: a value is missing");
    problem_of(check, &jrpc_type_i32, V("1") V("2"), "v: expected one value, got 2");
    problem_of(check, &jrpc_type_bool, V("maybe"), "v: 'maybe' is not true or false");
    problem_of(check, &colour_type, V("PINK"), "v: 'PINK' is no Colour: RED, GREEN or BLUE");
    problem_of(check, &colour_type, "", "v: a value is missing");
    problem_of(check, &access_type, V("FLY"), "v: 'FLY' is no bit of Access: READ, WRITE and EXECUTE");
    problem_of(check, &jrpc_type_seq_i32, V("1") V("two"), "v[1]: 'two' is not an integer");
    problem_of(check, &triple_type, V("1"), "v: expected 3 elements for long[3], got 1");
    problem_of(check, &point_type, V("{\"x\": 1, \"y\": \"2\"}"), "v.y: expected double, got text");
    problem_of(check, &point_type, V("{\"x\": 1}"), "v: missing member \"y\"");
    problem_of(check, &point_type, V("{"),
               "v: not JSON: string or '}' expected near end of file at character 1 of {");
    problem_of(check, &point_type, "", "v: a value is missing");
    problem_of(check, &points_type, V("[{\"x\": 1, \"y\": 2, \"z\": 0}]"),
               "v[0]: Point has no member \"z\"; it has: x, y");
    problem_of(check, &jrpc_type_bytes, V("!"), "v: bad base64: unexpected byte 0x21 at offset 0");
    problem_of(check, &octets_type, V("AAEC"), "v: expected 4 bytes for octet[4], got 3");
}

static void problems_of_fields(void **state)
{
    const check_context *check = *state;
#define A "<field var='a'>" V("1") "</field>"
#define B "<field var='b'>" V("2") "</field>"
    finds(check, &add_method, A, JRPC_E_INVALID, "b", "b: a value is missing");
    finds(check, &add_method, "", JRPC_E_INVALID, "a", "a: a value is missing");
    finds(check, &add_method, A B A, JRPC_E_INVALID, "a", "a: this field is there twice");
    finds(check, &add_method, A B "<field var='c'/>", JRPC_E_INVALID, "c", "c: there is no such field in this form");
    finds(check, &add_method, A "<field><value>2</value></field>", JRPC_E_INVALID, "", "a field has no name");
    finds(check, &add_method, A "<field var='b'><value><value>2</value></value></field>", JRPC_E_INVALID, "b",
          "b: expected a number, long");
    AUTO(arguments_done) arguments a;
    form_problem problem;
    assert_int_equal(read_form(check, &add_method,
                               "<field var='FORM_TYPE' type='hidden'>" V("x") "</field><field type='fixed'>" V(
                                   "words") "</field><title>t</title>" B A,
                               &a, &problem),
                     JRPC_OK);
    assert_int_equal(*(int32_t *)a.values[0], 1);
    assert_int_equal(*(int32_t *)a.values[1], 2);
}

static void hostile_forms(void **state)
{
    const check_context *check = *state;
    AUTO(buf_done) buf content = BUF_INIT, big = BUF_INIT;
    for (int i = 0; i < 300; i++)
        buf_printf(&content, "<field type='fixed' var='f%d'/>", i);
    finds(check, &add_method, content.data, JRPC_E_TOO_LARGE, "", "the form has too many fields");
    for (int i = 0; i < 100000; i++)
        buf_append_char(&big, 'x');
    buf_reset(&content);
    buf_printf(&content, "<field var='%s'/>", big.data);
    AUTO(arguments_done) arguments a;
    form_problem problem;
    assert_int_equal(read_form(check, &add_method, content.data, &a, &problem), JRPC_E_INVALID);
    assert_true(strlen(problem.text) < sizeof problem.text);
    one texts, numbers, lists; /* each lives as long as its arguments */
    buf_reset(&content);
    buf_printf(&content, "<field var='v'><value>%s</value></field>", big.data);
    AUTO(arguments_done) arguments text;
    assert_int_equal(read_form(check, method_of(&texts, &jrpc_type_string, NULL, JRPC_IN), content.data, &text, &problem),
                     JRPC_OK);
    assert_int_equal(strlen(*(char **)text.values[0]), 100000);
    AUTO(arguments_done) arguments number;
    assert_int_equal(read_form(check, method_of(&numbers, &jrpc_type_i32, NULL, JRPC_IN), content.data, &number, &problem),
                     JRPC_E_INVALID);
    buf_reset(&content);
    buf_append_lit(&content, "<field var='v'>");
    for (int i = 0; i < 10000; i++)
        buf_append_lit(&content, "<value>1</value>");
    buf_append_lit(&content, "</field>");
    AUTO(arguments_done) arguments many;
    assert_int_equal(
        read_form(check, method_of(&lists, &jrpc_type_seq_i32, NULL, JRPC_IN), content.data, &many, &problem), JRPC_OK);
    assert_int_equal(((jrpc_seq_i32 *)many.values[0])->len, 10000);
}

static void wrong_forms_are_shown_again(void **state)
{
    const check_context *check = *state;
    xmpp_stanza_t *given =
        check_parse(check, "<x xmlns='jabber:x:data' type='submit'><field var='a'><value>1&lt;</value></field>"
                           "<field var='b'><value>two</value></field></x>");
    form_problem problem = { "b", "b: 'two' is not an integer \x01" };
    AUTO(buf_done) buf out = BUF_INIT;
    form_write(&out, &add_method, given, &problem);
    assert_non_null(strstr(out.data, "<instructions>b: 'two' is not an integer ?</instructions>"));
    assert_non_null(
        strstr(out.data, "<field var='a' type='text-single' label='a (long)'><required/><value>1&lt;</value>"));
    assert_non_null(
        strstr(out.data,
               "label='b (long, 0 to 100)'><desc>b: 'two' is not an integer ?</desc><required/><value>two</value>"));
    xmpp_stanza_release(given);
}

/* ---- results ---- */

static void shows(const call_outcome *outcome, const char *text, const char *form)
{
    AUTO(buf_done) buf out = BUF_INIT;
    result_write_text(&out, outcome, 1000);
    assert_string_equal(out.data, text);
    buf_reset(&out);
    assert_true(result_write_form(&out, outcome, "T.f", 10000));
    assert_string_equal(out.data ? out.data : "", form);
}

#define RESULT(inside) "<x xmlns='jabber:x:data' type='result'><title>T.f</title>" inside "</x>"

static void results(void **state)
{
    UNUSED(state);
    char *text = "Gurer <jnf>";
    call_outcome outcome = { .kind = OUTCOME_RESULT, .method = &ping_method };
    shows(&outcome, "Done.", "");
    one o;
    outcome = (call_outcome){ .kind = OUTCOME_RESULT,
                              .method = method_of(&o, &jrpc_type_string, NULL, JRPC_OUT),
                              .outs = (void *[]){ &text } };
    shows(&outcome, "Gurer <jnf>",
          RESULT("<field var='v' label='v' type='text-single'><value>Gurer &lt;jnf&gt;</value></field>"));
    text = "two\nlines";
    shows(&outcome, "two\nlines",
          RESULT("<field var='v' label='v' type='text-multi'><value>two</value><value>lines</value></field>"));
    text = NULL;
    shows(&outcome, "", RESULT("<field var='v' label='v' type='text-single'><value></value></field>"));
    /* long split(in string text, out long at, inout string rest) */
    int32_t at = 5;
    char *rest = "x", *result = "y";
    outcome =
        (call_outcome){ .kind = OUTCOME_RESULT, .method = &split_method, .outs = (void *[]){ &at, &rest, &result } };
    shows(&outcome, "at: 5\nrest: x\nresult: y",
          RESULT("<field var='at' label='at' type='text-single'><value>5</value></field>"
                 "<field var='rest' label='rest' type='text-single'><value>x</value></field>"
                 "<field var='result' label='result' type='text-single'><value>y</value></field>"));
    jrpc_param same_name = { .name = "result", .type = &jrpc_type_i32, .direction = JRPC_OUT };
    jrpc_method clash = { .wire_name = "T.f", .params = &same_name, .param_count = 1, .result = &jrpc_type_i32 };
    outcome = (call_outcome){ .kind = OUTCOME_RESULT, .method = &clash, .outs = (void *[]){ &at, &at } };
    AUTO(buf_done) buf both = BUF_INIT;
    result_write_text(&both, &outcome, 1000);
    assert_string_equal(both.data, "result: 5\n_result: 5");
    point ends[] = { { 1, 2 }, { 3, 4 } };
    points path = { ends, 2, 2 };
    outcome = (call_outcome){ .kind = OUTCOME_RESULT,
                              .method = method_of(&o, &points_type, NULL, JRPC_OUT),
                              .outs = (void *[]){ &path } };
    shows(&outcome, "[{\"x\": 1.0, \"y\": 2.0}, {\"x\": 3.0, \"y\": 4.0}]",
          RESULT("<reported><field var='x' label='x' type='text-single'></field><field var='y' label='y' "
                 "type='text-single'></field></reported>"
                 "<item><field var='x'><value>1.0</value></field><field var='y'><value>2.0</value></field></item>"
                 "<item><field var='x'><value>3.0</value></field><field var='y'><value>4.0</value></field></item>"));
    jrpc_seq_i32 seq = { (int32_t[]){ 1, 2 }, 2, 2 };
    outcome = (call_outcome){ .kind = OUTCOME_RESULT,
                              .method = method_of(&o, &jrpc_type_seq_i32, NULL, JRPC_OUT),
                              .outs = (void *[]){ &seq } };
    shows(&outcome, "[1, 2]",
          RESULT("<field var='v' label='v' type='text-multi'><value>1</value><value>2</value></field>"));
    bool truth = true;
    outcome = (call_outcome){ .kind = OUTCOME_RESULT,
                              .method = method_of(&o, &jrpc_type_bool, NULL, JRPC_OUT),
                              .outs = (void *[]){ &truth } };
    shows(&outcome, "true", RESULT("<field var='v' label='v' type='boolean'><value>1</value></field>"));
}

static void says(const call_outcome *outcome, size_t most, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    result_write_text(&out, outcome, most);
    assert_string_equal(out.data, text);
}

static void faults_and_errors(void **state)
{
    UNUSED(state);
    no_money missing = { 5, "DE12" };
    says(&(call_outcome){ .kind = OUTCOME_FAULT, .code = 7, .text = "no such file" }, 100, "Fault 7: no such file");
    says(&(call_outcome){ .kind = OUTCOME_FAULT,
                          .code = 7,
                          .text = "NoMoney",
                          .exception = &no_money_exception,
                          .exception_value = &missing },
         100, "Fault 7: NoMoney {\"missing\": 5, \"account\": \"DE12\"}");
    says(&(call_outcome){ .kind = OUTCOME_FAULT, .code = 7, .text = "no such file" }, 10,
         "Fault 7: n ... (cut here)");
    says(&(call_outcome){ .kind = OUTCOME_ERROR, .type = "auth", .condition = "forbidden" }, 100,
         "Refused: you may not call this.");
    says(
        &(call_outcome){
            .kind = OUTCOME_ERROR, .type = "wait", .condition = "resource-constraint", .text = "the method is busy" },
        100, "Not done: the method is busy");
}

static void large_results_are_cut(void **state)
{
    UNUSED(state);
    one o;
    autofree char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    call_outcome outcome = { .kind = OUTCOME_RESULT,
                             .method = method_of(&o, &jrpc_type_string, NULL, JRPC_OUT),
                             .outs = (void *[]){ &text } };
    AUTO(buf_done) buf out = BUF_INIT;
    result_write_text(&out, &outcome, 1000);
    assert_int_equal(out.len, 1000 + strlen(" ... (cut here)"));
    buf_reset(&out);
    assert_false(result_write_form(&out, &outcome, "T.f", 1000));
    assert_true(out.len < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(forms_of_all_types_are_well_formed),
        cmocka_unit_test(values),
        cmocka_unit_test(problems_of_values),
        cmocka_unit_test(problems_of_fields),
        cmocka_unit_test(hostile_forms),
        cmocka_unit_test(wrong_forms_are_shown_again),
        cmocka_unit_test(results),
        cmocka_unit_test(faults_and_errors),
        cmocka_unit_test(large_results_are_cut),
    };
    return cmocka_run_group_tests_name("command: forms", tests, check_setup, check_teardown);
}
