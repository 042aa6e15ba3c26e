/* SPDX-License-Identifier: MIT */
/* The pieces of which generated code is made: templates, comments, literals, signatures, constants, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "emit/output.h"
#include "emit/reserved.h"
#include "emit/text.h"
#include "emit/tmpl.h"
#include "emit/value.h"

static const ast_notes no_notes;
static const ast_unit no_unit = { .name = "folder/test.idl" };
static const emit_options no_options;

static void expect(buf *out, const char *text)
{
    assert_false(buf_failed(out));
    assert_string_equal(out->data ? out->data : "", text);
    buf_reset(out);
}

static void templates_fill_holes(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;

    UNUSED(state);
    TMPL(&out, "@a@ and @bc@, @a@", { "a", "one" }, { "bc", "two" });
    expect(&out, "one and two, one");
    TMPL(&out, "no hole", { "a", "unused" });
    expect(&out, "no hole");
    TMPL(&out, "@a@@a@", { "a", "@x@" });
    expect(&out, "@x@@x@");
}

static void comment(buf *out, const char *line)
{
    const char *lines[] = { line };
    ast_node node = { .doc = lines, .doc_len = 1, .notes = &no_notes };

    text_doc(out, "", &node);
}

static void comments_cannot_end_early(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;

    UNUSED(state);
    comment(&out, "plain");
    expect(&out, "/** plain */\n");
    comment(&out, "a */ int x; /* b **//* c /*/");
    expect(&out, "/** a * / int x; / * b ** // * c / * / */\n");
    comment(&out, "turn \xe2\x80\xae round, bell \a, not UTF-8 \xff.");
    expect(&out, "/** turn   round, bell  , not UTF-8  . */\n");
}

static void comments_of_several_lines_are_blocks(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;
    const char *lines[] = { "First.", "", "Last." };
    ast_node node = { .doc = lines, .doc_len = 3, .notes = &no_notes };

    UNUSED(state);
    text_doc(&out, "    ", &node);
    expect(&out, "    /**\n     * First.\n     *\n     * Last.\n     */\n");
    node.doc_len = 1;
    text_doc_more(&out, "", &node, "Raises X.");
    expect(&out, "/** First. Raises X. */\n");
    node.doc_len = 3;
    text_doc_more(&out, "", &node, "Raises X.");
    expect(&out, "/**\n * First.\n *\n * Last. Raises X.\n */\n");
    lines[2] = "- an item";
    text_doc_more(&out, "", &node, "Raises X.");
    expect(&out, "/**\n * First.\n *\n * - an item\n * Raises X.\n */\n");
    node.doc_len = 0;
    text_doc(&out, "", &node);
    expect(&out, "");
    text_doc_more(&out, "", &node, "Raises X.");
    expect(&out, "/** Raises X. */\n");
}

static void strings_are_escaped(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;

    UNUSED(state);
    text_string(&out, "say \"yes\"\\ \n\t\x01 gr\xc3\xbcn \xe2\x80\xae \xff");
    expect(&out, "\"say \\\"yes\\\"\\\\ \\n\\t\\001 gr\xc3\xbcn \\342\\200\\256 \\377\"");
    text_string(&out,
                "what?\?/ ?"
                "?"
                "?");
    expect(&out, "\"what?\\?/ ?\\?\\?\"");
}

static void signatures_wrap(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;
    const char *params[] = { "struct a_type_with_quite_a_long_name *first_parameter", "unsigned second",
                             "struct a_type_with_quite_a_long_name *third_parameter" };

    UNUSED(state);
    text_signature(&out, "void f(", params, 2, ");\n");
    expect(&out, "void f(struct a_type_with_quite_a_long_name *first_parameter, unsigned second);\n");
    text_signature(&out, "void f(", params, 3, ");\n");
    expect(&out, "void f(struct a_type_with_quite_a_long_name *first_parameter, unsigned second,\n"
                 "        struct a_type_with_quite_a_long_name *third_parameter);\n");
}

static void check_double(gen *g, ast_type_kind kind, double value, const char *text)
{
    ast_type type = { .kind = kind };
    ast_value v = { .kind = AST_VALUE_DOUBLE, .real = value };

    assert_string_equal(value_expression(g, &type, &v), text);
}

static void check_integer(gen *g, ast_type_kind kind, int64_t value, const char *text)
{
    ast_type type = { .kind = kind };
    ast_value v = { .kind = AST_VALUE_INTEGER, .integer = value };

    assert_string_equal(value_expression(g, &type, &v), text);
}

static void constants_are_exact(void **state)
{
    gen g;

    UNUSED(state);
    assert_true(gen_init(&g, &no_unit, &no_options));
    assert_string_equal(g.stem, "test");
    check_double(&g, AST_TYPE_DOUBLE, 0.1, "0.1");
    check_double(&g, AST_TYPE_DOUBLE, 3.0, "3.0");
    check_double(&g, AST_TYPE_DOUBLE, -1e300, "(-1e+300)");
    check_double(&g, AST_TYPE_DOUBLE, 1.0 / 3.0, "0.3333333333333333");
    check_double(&g, AST_TYPE_FLOAT, (double)0.1F, "0.1F");
    check_integer(&g, AST_TYPE_INT8, -128, "INT8_MIN");
    check_integer(&g, AST_TYPE_INT16, -5, "(-INT16_C(5))");
    check_integer(&g, AST_TYPE_INT32, 7, "INT32_C(7)");
    check_integer(&g, AST_TYPE_INT64, INT64_MIN, "INT64_MIN");
    check_integer(&g, AST_TYPE_UINT64, -1, "UINT64_C(18446744073709551615)");
    check_integer(&g, AST_TYPE_CHAR, '\\', "'\\\\'");
    check_integer(&g, AST_TYPE_CHAR, '\n', "'\\012'");
    check_integer(&g, AST_TYPE_WCHAR, 0x20AC, "UINT32_C(0x20AC)");
    check_integer(&g, AST_TYPE_BOOLEAN, 1, "true");
    assert_false(g.failed);
    gen_done(&g);
}

static void words_are_reserved(void **state)
{
    UNUSED(state);
    assert_true(reserved_word("class"));
    assert_true(reserved_word("xor_eq"));
    assert_true(reserved_word("BUFSIZ"));
    assert_true(reserved_word("_Bool"));
    assert_true(reserved_word("__x"));
    assert_false(reserved_word("read"));
    assert_true(reserved_global("read"));
    assert_true(reserved_global("class"));
    assert_false(reserved_global("Rot13"));
}

static void files_appear_whole(void **state)
{
    char folder[] = "/tmp/emit_pieces.XXXXXX", path[64], there[16] = "";
    AUTO(buf_done) buf text = BUF_INIT;
    emit_failure failure;
    struct stat before, after;

    UNUSED(state);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.h", folder);
    buf_append_str(&text, "one\n");
    assert_int_equal(output_write(path, &text, &failure), JRPC_OK);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(output_write(path, &text, &failure), JRPC_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    buf_append_str(&text, "two\n");
    assert_int_equal(output_write(path, &text, &failure), JRPC_OK);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(there, 1, sizeof there - 1, file), 8);
    fclose(file);
    assert_string_equal(there, "one\ntwo\n");
    assert_int_equal(unlink(path), 0);
    /* Nothing else is left in the folder. */
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(output_write(path, &text, &failure), JRPC_E_IO);
    assert_string_equal(failure.path, path);
    assert_string_equal(failure.reason, "No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_fill_holes),
        cmocka_unit_test(comments_cannot_end_early),
        cmocka_unit_test(comments_of_several_lines_are_blocks),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(signatures_wrap),
        cmocka_unit_test(constants_are_exact),
        cmocka_unit_test(words_are_reserved),
        cmocka_unit_test(files_appear_whole),
    };

    return cmocka_run_group_tests_name("pieces of generated code", tests, NULL, NULL);
}
