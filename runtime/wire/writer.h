/* SPDX-License-Identifier: MIT */
/* XML text into a buffer. Errors are the buffer's sticky one. */
#ifndef WIRE_WRITER_H
#define WIRE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Escapes & < > (and CR, which XML would turn into LF). The text must have passed utf8_is_xml_text(). */
void writer_text(buf *out, const char *text, size_t len);
/* The same for an attribute's value in single or double quotes: also quotes, tab and LF. */
void writer_attribute(buf *out, const char *text);
/* Base64 (RFC 4648 section 4) without line breaks. */
void writer_base64(buf *out, const uint8_t *data, size_t len);
/* The shortest plain decimal that reads back as the same double: "0.1", "-0.0" as "-0.0", "1e300" as 1 and 300 zeros. Finite only. */
void writer_double(buf *out, double value);
/* The same for a float: shortest that reads back as the same float. */
void writer_float(buf *out, float value);

#endif
