/* SPDX-License-Identifier: MIT */
/* UTF-8 (RFC 3629) as XML 1.0 allows it: no NUL, no control characters but tab, LF and CR, no surrogates, FFFE, FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at text (len > 0 bytes are there); its length in bytes, or 0 when it is not valid UTF-8. */
size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code_point);
/* Writes 1 to 4 bytes; 0 when it is no Unicode scalar value. */
size_t utf8_encode(uint32_t code_point, char ret_bytes[4]);
bool utf8_is_xml_char(uint32_t code_point);
/*
 * True when all of it can be in XML. *ret_chars (may be NULL) is the number of characters; when false, *ret_bad
 * (may be NULL) is the offset of the first byte that cannot.
 */
bool utf8_is_xml_text(const char *text, size_t len, size_t *ret_chars, size_t *ret_bad);

#endif
