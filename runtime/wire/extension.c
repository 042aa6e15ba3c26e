/* SPDX-License-Identifier: MIT */
/* The extension element of calls. */
#include "wire/extension.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "wire/writer.h"

/* ---- numbers ---- */

/* Exactly that many lower case hexadecimal digits. */
static bool read_hex(const char *text, size_t digits, uint64_t *ret_number)
{
    uint64_t number = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        number = number << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret_number = number;
    return true;
}

/* Decimal digits alone, up to INT64_MAX. */
static bool read_decimal(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        unsigned digit = (unsigned)(*text - '0');
        if (number > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

void extension_new_epoch(char ret_epoch[EXTENSION_EPOCH_ROOM])
{
    snprintf(ret_epoch, EXTENSION_EPOCH_ROOM, "%016" PRIx64, random_u64());
}

bool extension_is_epoch(const char *text)
{
    uint64_t number;
    return text && strlen(text) == EXTENSION_EPOCH_LEN && read_hex(text, EXTENSION_EPOCH_LEN, &number);
}

/* ---- traceparent ---- */

bool extension_trace_is_set(const extension_trace *trace)
{
    return trace->id[0] || trace->id[1];
}

bool extension_trace_parse(const char *text, extension_trace *ret_trace)
{
    uint64_t version = 0, flags = 0;
    extension_trace trace = { .flags = 0 };
    size_t len = strnlen(text, EXTENSION_TRACE_ROOM);
    if (len < EXTENSION_TRACE_ROOM - 1 || !read_hex(text, 2, &version) || version == 0xff || text[2] != '-' ||
        !read_hex(text + 3, 16, &trace.id[0]) || !read_hex(text + 19, 16, &trace.id[1]) || text[35] != '-' ||
        !read_hex(text + 36, 16, &trace.span) || text[52] != '-' || !read_hex(text + 53, 2, &flags))
        return false;
    if (text[55] != '\0' && (version == 0 || text[55] != '-'))
        return false;
    if (!extension_trace_is_set(&trace) || trace.span == 0)
        return false;
    trace.flags = (uint8_t)flags;
    *ret_trace = trace;
    return true;
}

void extension_trace_format(const extension_trace *trace, char ret_text[EXTENSION_TRACE_ROOM])
{
    snprintf(ret_text, EXTENSION_TRACE_ROOM, "00-%016" PRIx64 "%016" PRIx64 "-%016" PRIx64 "-%02x", trace->id[0],
             trace->id[1], trace->span, trace->flags);
}

void extension_trace_step(extension_trace *trace)
{
    do
        trace->span = random_u64();
    while (trace->span == 0);
}

/* ---- the element ---- */

/* Written with each call: no printf. */
static void append_hex(buf *out, uint64_t number)
{
    char digits[16];
    for (size_t i = sizeof digits; i-- > 0; number >>= 4)
        digits[i] = "0123456789abcdef"[number & 15];
    buf_append(out, digits, sizeof digits);
}

static void write_key(buf *out, const extension *e)
{
    writer_lit(out, " session='");
    append_hex(out, e->session);
    writer_lit(out, "' n='");
    buf_append_uint(out, e->number);
    writer_lit(out, "' low='");
    buf_append_uint(out, e->low);
    if (*e->again) {
        writer_lit(out, "' again='");
        buf_append_str(out, e->again);
    }
    writer_lit(out, "'");
}

void extension_write(buf *out, const extension *e)
{
    writer_lit(out, "<call xmlns='" WIRE_NS_EXTENSION "'");
    if (e->deadline_ms >= 0) {
        writer_lit(out, " deadline='");
        buf_append_int(out, e->deadline_ms);
        writer_lit(out, "'");
    }
    if (e->keyed)
        write_key(out, e);
    if (extension_trace_is_set(&e->trace)) {
        char text[EXTENSION_TRACE_ROOM];
        extension_trace_format(&e->trace, text);
        writer_lit(out, " traceparent='");
        buf_append_str(out, text);
        writer_lit(out, "'");
    }
    writer_lit(out, "/>");
}

static bool read_key(xmpp_stanza_t *element, extension *e)
{
    const char *session = xmpp_stanza_get_attribute(element, "session");
    const char *number = xmpp_stanza_get_attribute(element, "n");
    const char *low = xmpp_stanza_get_attribute(element, "low");
    const char *again = xmpp_stanza_get_attribute(element, "again");
    if (!session && !number && !low && !again)
        return true;
    if (!session || strlen(session) != 16 || !read_hex(session, 16, &e->session) || !number ||
        !read_decimal(number, &e->number) || e->number == 0 || (low && !read_decimal(low, &e->low)) ||
        (again && !extension_is_epoch(again)) || e->low > e->number)
        return false;
    if (again)
        memcpy(e->again, again, sizeof e->again);
    e->keyed = true;
    return true;
}

static extension_found read_element(xmpp_stanza_t *element, extension *e, const char **ret_why)
{
    const char *deadline = xmpp_stanza_get_attribute(element, "deadline");
    const char *trace = xmpp_stanza_get_attribute(element, "traceparent");
    uint64_t left = 0;
    if (deadline && !read_decimal(deadline, &left)) {
        *ret_why = "the call's deadline is no number of milliseconds";
        return EXTENSION_BAD;
    }
    if (deadline)
        e->deadline_ms = (int64_t)left;
    if (!read_key(element, e)) {
        *ret_why = "the call's key cannot be read";
        return EXTENSION_BAD;
    }
    if (trace)
        extension_trace_parse(trace, &e->trace);
    return EXTENSION_GOOD;
}

extension_found extension_read(xmpp_stanza_t *query, extension *ret_extension, const char **ret_why)
{
    *ret_extension = (extension)EXTENSION_INIT;
    xmpp_stanza_t *found = NULL;
    for (xmpp_stanza_t *node = xmpp_stanza_get_children(query); node; node = xmpp_stanza_get_next(node)) {
        const char *ns = xmpp_stanza_is_tag(node) ? xmpp_stanza_get_ns(node) : NULL;
        if (!ns || strcmp(ns, WIRE_NS_EXTENSION) != 0 || strcmp(xmpp_stanza_get_name(node), "call") != 0)
            continue;
        if (found) {
            *ret_why = "the call has two extension elements";
            return EXTENSION_BAD;
        }
        found = node;
    }
    return found ? read_element(found, ret_extension, ret_why) : EXTENSION_NONE;
}
