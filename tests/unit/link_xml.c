/* SPDX-License-Identifier: MIT */
/* The little XML of a link: escaping, cutting elements apart, conditions. */
#include "link/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "link/library.h"

static void escapes_what_means_something(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    xml_append(&b, "a<b>&'\"\xC3\xA4");
    assert_string_equal(b.data, "a&lt;b&gt;&amp;&apos;&quot;\xC3\xA4");
}

typedef struct cut {
    const char *text;
    size_t len, head;
    bool empty;
} cut;

static const cut cuts[] = {
    { "<iq/>", 5, 5, true },
    { "<iq/><iq/>", 5, 5, true },
    { "  <iq></iq> ", 11, 6, false },
    { "<iq a='>' b=\"/>\"><q/>text</iq><m/>", 30, 17, false },
    { "<a><a><a/></a></a><a/>", 18, 3, false },
    { "<a x='</a>'><b y=\"<a>\"/></a>", 28, 12, false },
};

static const char *const no_elements[] = { "",
                                           " ",
                                           "<",
                                           "<iq",
                                           "<iq>",
                                           "<iq><a></iq>",
                                           "</iq>",
                                           "text<iq/>",
                                           "<!-- c --><iq/>",
                                           "<?xml version='1.0'?><iq/>",
                                           "<iq><![CDATA[x]]></iq>",
                                           "<iq a='",
                                           "<iq a=\"/>" };

static void cuts_the_first_element(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        size_t head = 0;
        bool empty = false;
        assert_int_equal(xml_first_element(cuts[i].text, strlen(cuts[i].text), &head, &empty), cuts[i].len);
        assert_int_equal(head, cuts[i].head);
        assert_int_equal(empty, cuts[i].empty);
    }
    for (size_t i = 0; i < COUNT_OF(no_elements); i++) {
        size_t head = 0;
        bool empty = false;
        if (xml_first_element(no_elements[i], strlen(no_elements[i]), &head, &empty) != 0)
            fail_msg("taken for an element: %s", no_elements[i]);
    }
}

static void reads_conditions(void **state)
{
    UNUSED(state);
    assert_true(library_init());
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    static const char text[] =
        "<error xmlns='" XML_NS_STREAM "'><x xmlns='urn:other'/><text xmlns='" XML_NS_STREAM_ERROR
        "'>Replaced by &lt;new&gt;</text><conflict xmlns='" XML_NS_STREAM_ERROR "'/></error>";
    xmpp_stanza_t *error = xmpp_stanza_new_from_string(ctx, text);
    assert_non_null(error);
    assert_true(xml_is(error, "error", XML_NS_STREAM));
    assert_false(xml_is(error, "error", XML_NS_CLIENT));
    autofree char *why = NULL;
    assert_string_equal(xml_condition(error, XML_NS_STREAM_ERROR, &why), "conflict");
    assert_string_equal(why, "Replaced by <new>");
    assert_null(xml_condition(error, XML_NS_STANZA_ERROR, NULL));
    assert_non_null(xml_child(error, "conflict", XML_NS_STREAM_ERROR));
    assert_null(xml_child(error, "conflict", XML_NS_CLIENT));
    xmpp_stanza_release(error);
    xmpp_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_what_means_something),
        cmocka_unit_test(cuts_the_first_element),
        cmocka_unit_test(reads_conditions),
    };
    return cmocka_run_group_tests_name("link_xml", tests, NULL, NULL);
}
