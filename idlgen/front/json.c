/* SPDX-License-Identifier: MIT */
/* JSON strings. */
#include "front/json.h"

#include <string.h>

#include "base/utf8.h"

void json_string(buf *out, const char *text)
{
    if (!text) {
        buf_append_lit(out, "null");
        return;
    }
    size_t len = strlen(text);
    buf_append_char(out, '"');
    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text + at, len - at, &c);
        if (n == 0) {
            buf_append_lit(out, "\\ufffd");
            n = 1;
        } else if (c == '"' || c == '\\') {
            buf_append_char(out, '\\');
            buf_append_char(out, (char)c);
        } else if (c == '\n') {
            buf_append_lit(out, "\\n");
        } else if (c < 0x20 || c == 0x7F) {
            buf_printf(out, "\\u%04x", c);
        } else {
            buf_append(out, text + at, n);
        }
        at += n;
    }
    buf_append_char(out, '"');
}
