/* SPDX-License-Identifier: MIT */
/* The canonical layout of IDL: from text to text, and proof that nothing else changed. */
#include "fmt/format.h"

#include <string.h>

#include "base/mem.h"
#include "fmt/print.h"
#include "fmt/scan.h"
#include "fmt/shape.h"
#include "front/diag_list.h"
#include "front/dump.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";
enum { MARK_LEN = 3 };

jrpc_status format_text(const char *text, size_t len, buf *out)
{
    AUTO(scan_done) fmt_items items;
    jrpc_status status = scan_text(text, len, &items);
    if (status == JRPC_OK)
        status = shape_run(&items);
    if (status != JRPC_OK)
        return status;
    if (len >= MARK_LEN && memcmp(text, byte_order_mark, MARK_LEN) == 0)
        buf_append(out, byte_order_mark, MARK_LEN);
    bool whole = print_items(&items, out);
    if (buf_failed(out))
        return JRPC_E_NOMEM;
    return whole ? JRPC_OK : JRPC_E_TOO_LARGE;
}

/* ---- the same items ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next line of a comment without the blanks around it. */
static const char *take_line(const char **text, const char *end, size_t *ret_len)
{
    const char *newline = memchr(*text, '\n', (size_t)(end - *text));
    const char *start = *text, *stop = newline ? newline : end;
    *text = newline ? newline + 1 : end;
    while (start < stop && is_blank(*start))
        start++;
    while (stop > start && is_blank(stop[-1]))
        stop--;
    *ret_len = (size_t)(stop - start);
    return start;
}

/* A block comment may be moved: blanks around its lines do not count. */
static bool same_comment(const fmt_item *a, const fmt_item *b)
{
    const char *one = a->text, *one_end = one + a->len, *two = b->text, *two_end = two + b->len;
    while (one < one_end && two < two_end) {
        size_t one_len, two_len;
        const char *left = take_line(&one, one_end, &one_len), *right = take_line(&two, two_end, &two_len);
        if (one_len != two_len || memcmp(left, right, one_len) != 0)
            return false;
    }
    return one == one_end && two == two_end;
}

static bool same_item(const fmt_item *a, const fmt_item *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == FMT_BLOCK_COMMENT)
        return same_comment(a, b);
    return a->token == b->token && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

jrpc_status format_is_same(const char *text, size_t len, const buf *formatted, bool *ret_same)
{
    AUTO(scan_done) fmt_items before = { 0 };
    AUTO(scan_done) fmt_items after = { 0 };
    *ret_same = false;
    jrpc_status status = scan_text(text, len, &before);
    if (status == JRPC_OK)
        status = scan_text(formatted->data ? formatted->data : "", formatted->len, &after);
    if (status != JRPC_OK)
        return status;
    size_t i = 0;
    while (i < before.len && i < after.len && same_item(&before.at[i], &after.at[i]))
        i++;
    *ret_same = i == before.len && i == after.len;
    return JRPC_OK;
}

/* ---- the same tree ---- */

static void describe(front *f, buf *out)
{
    dump_meaning(front_partial(f), out);
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next)
        buf_printf(out, "%s [%s]\n", entry->message, entry->rule ? entry->rule : "");
}

jrpc_status format_same_tree(front *a, front *b, bool *ret_same)
{
    AUTO(buf_done) buf one = BUF_INIT, two = BUF_INIT;
    describe(a, &one);
    describe(b, &two);
    if (buf_failed(&one) || buf_failed(&two))
        return JRPC_E_NOMEM;
    *ret_same = one.len == two.len && memcmp(one.data, two.data, one.len) == 0;
    return JRPC_OK;
}
