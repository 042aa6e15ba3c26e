/* SPDX-License-Identifier: MIT */
/* The frame of an answer. */
#include "serve/reply.h"

#include "wire/fault.h"
#include "wire/writer.h"

enum { USUAL_LEN = 500 };

void reply_open(buf *out, const char *type, const reply_address *request)
{
    buf_reserve(out, USUAL_LEN); /* which grows once for most answers; for the others as ever */
    buf_append_lit(out, "<iq");
    writer_named(out, "type", type);
    writer_named(out, "id", request->id);
    writer_named(out, "to", request->from);
    writer_named(out, "from", request->to);
    buf_append_char(out, '>');
}

void reply_close(buf *out)
{
    buf_append_lit(out, "</iq>");
}

void reply_error(buf *out, const reply_address *request, const char *type, const char *condition, const char *text)
{
    reply_open(out, "error", request);
    fault_write_stanza_error(out, type, condition, text);
    reply_close(out);
}
