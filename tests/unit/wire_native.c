/* SPDX-License-Identifier: MIT */
/*
 * C values: what is sent, what is refused, limits, and the storage functions. The rules of reading are in
 * tests/wire.
 */
#include "wire_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "base/mem.h"
#include "wire_zoo.h"

/* ---- sending ---- */

static void test_scalars(void **state)
{
    UNUSED(state);
    check_encodes(&jrpc_type_i32, &(int32_t){ INT32_MIN }, "<value><i4>-2147483648</i4></value>");
    check_encodes(&jrpc_type_u32, &(uint32_t){ 2147483647 }, "<value><i4>2147483647</i4></value>");
    check_encodes(&jrpc_type_u32, &(uint32_t){ 2147483648 }, "<value><i8>2147483648</i8></value>");
    check_encodes(&jrpc_type_i64, &(int64_t){ INT64_MIN }, "<value><i8>-9223372036854775808</i8></value>");
    check_encodes(&jrpc_type_u64, &(uint64_t){ INT64_MAX }, "<value><i8>9223372036854775807</i8></value>");
    check_encodes(&ulong_text_type, &(uint64_t){ UINT64_MAX },
                  "<value><string>18446744073709551615</string></value>");
    check_encodes(&llong_text_type, &(int64_t){ -5 }, "<value><string>-5</string></value>");
    check_encodes(&jrpc_type_i8, &(int8_t){ -128 }, "<value><i4>-128</i4></value>");
    check_encodes(&jrpc_type_u16, &(uint16_t){ 65535 }, "<value><i4>65535</i4></value>");
    check_encodes(&jrpc_type_bool, &(bool){ true }, "<value><boolean>1</boolean></value>");
    check_encodes(&jrpc_type_char, &(char){ '<' }, "<value><string>&lt;</string></value>");
    check_encodes(&jrpc_type_wchar, &(uint32_t){ 0x20AC }, "<value><string>\xe2\x82\xac</string></value>");
    check_encodes(&jrpc_type_string, &(char *){ NULL }, "<value><string></string></value>");
    check_encodes(&jrpc_type_bytes, &(jrpc_bytes){ NULL, 0, 0 }, "<value><base64></base64></value>");
    check_encodes(&level_type, &(level){ LOW }, "<value><i4>-1</i4></value>");
    check_encodes(&colour_type, &(colour){ BLUE }, "<value><string>BLUE</string></value>");
}

static void test_refused_scalars(void **state)
{
    UNUSED(state);
    char c = '\0', high = (char)0xE9;
    uint32_t surrogate = 0xD800;
    check_refuses(&jrpc_type_u64, NULL, &(uint64_t){ UINT64_MAX }, "",
                  "18446744073709551615 is out of range for a 64-bit integer on the wire: "
                  "@wire(\"string\") sends it as text");
    check_refuses(&jrpc_type_double, NULL, &(double){ NAN }, "", "NaN cannot be sent");
    check_refuses(&jrpc_type_double, NULL, &(double){ -INFINITY }, "", "an infinity cannot be sent");
    check_refuses(&jrpc_type_float, NULL, &(float){ INFINITY }, "", "an infinity cannot be sent");
    check_refuses(&jrpc_type_char, NULL, &c, "", "the character U+0000 cannot be sent as char");
    check_refuses(&jrpc_type_char, NULL, &high, "", "the character U+00E9 cannot be sent as char");
    check_refuses(&jrpc_type_wchar, NULL, &surrogate, "", "the character U+D800 cannot be sent as wchar");
    check_refuses(&colour_type, NULL, &(colour){ 3 }, "", "no enumerator of Colour has the value 3");
    check_refuses(&level_type, NULL, &(int32_t){ 0 }, "", "no enumerator of Level has the value 0");
    check_refuses(&access_type, NULL, &(uint8_t){ 0x1F }, "", "Access has no bit 0x18");
    check_refuses(&jrpc_type_i32, &percent_range, &(int32_t){ 101 }, "", "101 is not within 0 and 100");
    check_refuses(&jrpc_type_i32, &percent_range, &(int32_t){ -1 }, "", "-1 is not within 0 and 100");
    check_refuses(&jrpc_type_datetime, NULL, &(jrpc_datetime){ .year = 2023, .month = 2, .day = 29 }, "",
                  "no such date and time: 2023-02-29 00:00:00");
    check_refuses(&jrpc_type_any, NULL, &(void *){ NULL }, "", "there is no value (a NULL pointer)");
}

static void test_refused_texts(void **state)
{
    UNUSED(state);
    check_refuses(&jrpc_type_string, NULL, &(const char *){ "ab\x01" }, "",
                  "the character U+0001 at offset 2 cannot be in XML");
    check_refuses(&jrpc_type_string, NULL, &(const char *){ "caf\xe9" }, "",
                  "the byte 0xE9 at offset 3 is not UTF-8");
    check_refuses(&jrpc_type_string, NULL, &(const char *){ "\xed\xa0\x80" }, "",
                  "the byte 0xED at offset 0 is not UTF-8");
    check_refuses(&jrpc_type_string, NULL, &(const char *){ "12345678\xef\xbf\xbf" }, "",
                  "the character U+FFFF at offset 8 cannot be in XML");
    check_refuses(&string5_type, NULL, &(const char *){ "123456" }, "",
                  "6 characters, at most 5 in string<5>");
}

static const jrpc_range below_zero = { .min_integer = -10, .max_integer = -5 };
static const jrpc_range from_five = { .min_integer = 5, .max_integer = INT64_MAX };

static void test_ranges(void **state)
{
    UNUSED(state);
    check_refuses(&jrpc_type_i64, &below_zero, &(int64_t){ -4 }, "", "-4 is not within -10 and -5");
    check_refuses(&jrpc_type_i64, &below_zero, &(int64_t){ -11 }, "", "-11 is not within -10 and -5");
    check_refuses(&jrpc_type_i64, &below_zero, &(int64_t){ 7 }, "", "7 is not within -10 and -5");
    check_refuses(&ulong_text_type, &from_five, &(uint64_t){ 4 }, "",
                  "4 is not within 5 and 9223372036854775807");
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    assert_int_equal(native_encode(&out, &jrpc_type_i64, &below_zero, &(int64_t){ -10 }, 64, &failure),
                     JRPC_OK);
    assert_int_equal(
        native_encode(&out, &ulong_text_type, &from_five, &(uint64_t){ UINT64_MAX }, 64, &failure), JRPC_OK);
}

static void test_refused_inside(void **state)
{
    UNUSED(state);
    point bad = { 1, NAN };
    char text[] = "\x02";
    disc d = { .base = { .base = { 1, text }, .radius = 1 } };
    points list = { &bad, 1, 1 };
    by_name_entry entry = { (char[]){ "a&b" }, bad };
    by_name names = { &entry, 1, 1 };
    pick chosen = { ._d = BLUE, ._u.place = bad };
    check_refuses(&point_type, NULL, &bad, ".y", "NaN cannot be sent");
    check_refuses(&points_type, NULL, &list, "[0].y", "NaN cannot be sent");
    check_refuses(&by_name_type, NULL, &names, ".a&amp;b.y", "NaN cannot be sent");
    check_refuses(&pick_type, NULL, &chosen, ".place.y", "NaN cannot be sent");
    check_refuses(&disc_type, NULL, &d, ".label", "the character U+0002 at offset 0 cannot be in XML");
}

static void test_refused_lists(void **state)
{
    UNUSED(state);
    int32_t numbers[] = { 1, 2, 3, 4 };
    char *texts[] = { (char[]){ "a" }, (char[]){ "" }, NULL };
    uint8_t bytes[5] = { 0 };
    by_truth_entry twice[] = { { true, 1 }, { true, 2 } };
    check_refuses(&few_type, NULL, &(jrpc_seq_i32){ numbers, 4, 4 }, "",
                  "4 elements, at most 3 in sequence<long, 3>");
    check_refuses(&unique_type, NULL, &(jrpc_seq_string){ texts, 3, 3 }, "[2]",
                  "equals an earlier element of a sequence<string> without equal elements");
    check_refuses(&bytes4_type, NULL, &(jrpc_bytes){ bytes, 5, 5 }, "",
                  "5 bytes, at most 4 in sequence<octet, 4>");
    check_refuses(&by_truth_type, NULL, &(by_truth){ twice, 2, 2 }, "", "duplicate key 1");
}

/* A chain of optional structs: as deep as one likes. */
static node *make_chain(size_t depth)
{
    node *first = NULL;
    while (depth-- > 0) {
        node *one = calloc(1, sizeof *one);
        assert_non_null(one);
        one->next = first;
        first = one;
    }
    return first;
}

static void free_chain(node *chain)
{
    while (chain) {
        node *next = chain->next;
        free(chain);
        chain = next;
    }
}

static jrpc_status encode_chain(size_t depth, unsigned max_depth, wire_failure *failure)
{
    AUTO(buf_done) buf out = BUF_INIT;
    node *chain = make_chain(depth);
    jrpc_status status = native_encode(&out, &node_type, NULL, chain, max_depth, failure);
    free_chain(chain);
    assert_true(status >= 0 || out.len == 0);
    return status;
}

static void test_depth_out(void **state)
{
    UNUSED(state);
    wire_failure failure = WIRE_FAILURE_INIT;
    /* The innermost has an empty sequence, a level of its own. */
    assert_int_equal(encode_chain(63, 64, &failure), JRPC_OK);
    assert_int_equal(encode_chain(64, 64, &failure), JRPC_E_TOO_LARGE);
    assert_string_equal(failure.message, "values nest deeper than 64 levels");
    assert_int_equal(encode_chain(255, 1000, &failure), JRPC_OK);
    assert_int_equal(encode_chain(100000, 1000000, &failure), JRPC_E_TOO_LARGE);
    assert_string_equal(failure.message, "values nest deeper than 256 levels");
    assert_int_equal(strlen(failure.path), sizeof failure.path - 1);
    assert_int_equal(strncmp(failure.path, ".next.next.next", 15), 0);
}

/* ---- limits when reading ---- */

static jrpc_status decode_limited(const check_context *check, const jrpc_type *type, const char *xml,
                                  const wire_limits *limits, arena *memory, wire_decoder *ret)
{
    zoo room;
    *ret = (wire_decoder)WIRE_DECODER_INIT(limits, memory);
    xmpp_stanza_t *tree = check_parse(check, xml);
    jrpc_status status = native_decode(ret, type, NULL, tree, &room);
    xmpp_stanza_release(tree);
    if (status >= 0 && memory)
        native_release(type, &room);
    else if (status >= 0)
        jrpc_value_clear(type, &room);
    return status;
}

/* count times the same element in an array. */
static char *repeat(const char *element, size_t count)
{
    buf text = BUF_INIT;
    buf_append_lit(&text, "<value><array><data>");
    for (size_t i = 0; i < count; i++)
        buf_append_str(&text, element);
    buf_append_lit(&text, "</data></array></value>");
    char *taken = buf_take(&text);
    assert_non_null(taken);
    return taken;
}

/* What a peer can make us allocate is bounded, and refused before it is allocated. */
static void test_memory(void **state)
{
    static const wire_limits limits = { 64, 1 << 20, 1 << 20 };
    static const jrpc_type zoos = {
        .kind = JRPC_KIND_SEQUENCE, .size = sizeof(points), .element = &zoo_type, .name = "sequence<Zoo>"
    };
    autofree char *xml = repeat("<value/>", 20000);
    wire_decoder d;
    assert_int_equal(decode_limited(*state, &zoos, xml, &limits, NULL, &d), JRPC_E_TOO_LARGE);
    assert_string_equal(d.failure.message, "the values need more than 1048576 bytes of memory");
    assert_true(d.memory == 0);
    assert_int_equal(decode_limited(*state, &jrpc_type_any, xml, &limits, NULL, &d), JRPC_E_TOO_LARGE);
    assert_true(d.memory <= limits.max_memory);
    assert_int_equal(decode_limited(*state, &jrpc_type_seq_string, xml, &limits, NULL, &d), JRPC_OK);
    assert_int_equal(d.memory, 20000 * (sizeof(char *) + 1));
    arena memory = ARENA_INIT(200000);
    assert_int_equal(decode_limited(*state, &jrpc_type_seq_string, xml, &limits, &memory, &d),
                     JRPC_E_TOO_LARGE);
    assert_string_equal(d.failure.message, "the values need more than 200000 bytes of memory");
    arena_done(&memory);
}

static void test_elements(void **state)
{
    static const wire_limits limits = { 64, 1000, 1 << 20 };
    wire_decoder d;
    autofree char *few = repeat("<value><i4>1</i4></value>", 498);
    autofree char *many = repeat("<value><i4>1</i4></value>", 499);
    autofree char *too_many = repeat("<value/>", 2000);
    assert_int_equal(decode_limited(*state, &jrpc_type_seq_i32, few, &limits, NULL, &d), JRPC_OK);
    assert_int_equal(d.elements, 999);
    assert_int_equal(decode_limited(*state, &jrpc_type_seq_i32, many, &limits, NULL, &d), JRPC_E_TOO_LARGE);
    assert_string_equal(d.failure.message, "more than 1000 XML elements");
    assert_string_equal(d.failure.path, "[498]");
    assert_int_equal(decode_limited(*state, &jrpc_type_seq_string, too_many, &limits, NULL, &d),
                     JRPC_E_TOO_LARGE);
    assert_int_equal(d.memory, 0);
    assert_int_equal(decode_limited(*state, &jrpc_type_any, too_many, &limits, NULL, &d), JRPC_E_TOO_LARGE);
}

static void test_depth_in(void **state)
{
    AUTO(buf_done) buf text = BUF_INIT;
    wire_decoder d;
    for (int i = 0; i < 20; i++)
        buf_append_lit(
            &text, "<value><struct><member><name>name</name><value/></member><member><name>kids</name><value>"
                   "<array/></value></member><member><name>next</name>");
    buf_append_lit(&text, "<value><nil/></value>");
    for (int i = 0; i < 20; i++)
        buf_append_lit(&text, "</member></struct></value>");
    static const wire_limits enough = { 21, 10000, 10000 }, short_of = { 20, 10000, 10000 };
    assert_int_equal(decode_limited(*state, &node_type, text.data, &enough, NULL, &d), JRPC_OK);
    assert_int_equal(d.depth, 0);
    assert_int_equal(decode_limited(*state, &node_type, text.data, &short_of, NULL, &d), JRPC_E_TOO_LARGE);
    assert_string_equal(d.failure.message, "values nest deeper than 20 levels");
    assert_int_equal(d.depth, 0);
}

/* A failure late in a large value frees all that came before, and leaves the storage zero. */
static void test_half_decoded(void **state)
{
    check_rejects(
        *state, &options_type,
        "<value><struct><member><name>text</name><value>abc</value></member><member><name>anything</name>"
        "<value><array><data><value>x</value></data></array></value></member><member><name>longs</name>"
        "<value><array><data><value><i4>1</i4></value></data></array></value></member><member>"
        "<name>place</name><value><struct/></value></member></struct></value>",
        JRPC_E_INVALID, ".place", "missing member \"x\"");
    check_rejects(*state, &by_number_type,
                  "<value><struct><member><name>1</name><value>abc</value></member><member><name>2</name>"
                  "<value><i4>1</i4></value></member></struct></value>",
                  JRPC_E_INVALID, ".2", "expected string, got int");
}

/* Many equal members are refused, many different ones are quick. */
static void test_many_members(void **state)
{
    static const wire_limits limits = { 64, 1 << 20, 64 << 20 };
    AUTO(buf_done) buf text = BUF_INIT;
    wire_decoder d;
    buf_append_lit(&text, "<value><struct>");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "<member><name>%d</name><value/></member>", i);
    size_t end = text.len;
    buf_append_lit(&text, "</struct></value>");
    assert_int_equal(decode_limited(*state, &by_number_type, text.data, &limits, NULL, &d), JRPC_OK);
    assert_int_equal(decode_limited(*state, &jrpc_type_any, text.data, &limits, NULL, &d), JRPC_E_TOO_LARGE);
    assert_string_equal(d.failure.message, "more than 8192 members in one struct");
    buf_truncate(&text, end);
    buf_append_lit(&text, "<member><name>500</name><value/></member></struct></value>");
    assert_int_equal(decode_limited(*state, &by_number_type, text.data, &limits, NULL, &d), JRPC_E_INVALID);
    assert_string_equal(d.failure.message, "duplicate key 500");
}

/* ---- texts in pieces, which only trees made by hand have ---- */

static void test_text_in_pieces(void **state)
{
    const check_context *check = *state;
    xmpp_stanza_t *tree = check_parse(check, "<value><string>ab</string></value>");
    xmpp_stanza_t *piece = xmpp_stanza_new(check->ctx);
    assert_int_equal(xmpp_stanza_set_text(piece, "cd"), XMPP_EOK);
    xmpp_stanza_add_child(xmpp_stanza_get_children(tree), piece);
    xmpp_stanza_release(piece);
    for (int i = 0; i < 2; i++) {
        static const wire_limits usual = WIRE_LIMITS_DEFAULT;
        wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
        autofree char *text = NULL;
        assert_int_equal(native_decode(&d, &jrpc_type_string, NULL, tree, &text), JRPC_OK);
        assert_string_equal(text, "abcd");
    }
    xmpp_stanza_release(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),        cmocka_unit_test(test_refused_scalars),
        cmocka_unit_test(test_refused_texts),  cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_refused_inside), cmocka_unit_test(test_refused_lists),
        cmocka_unit_test(test_depth_out),      cmocka_unit_test(test_memory),
        cmocka_unit_test(test_elements),       cmocka_unit_test(test_depth_in),
        cmocka_unit_test(test_half_decoded),   cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_text_in_pieces),
    };
    return cmocka_run_group_tests_name("wire_native", tests, check_setup, check_teardown);
}
