/* SPDX-License-Identifier: MIT */
/* dateTime.iso8601 */
#include "wire/codec.h"

static unsigned days_in(int32_t year, unsigned month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_moment(const jrpc_datetime *t)
{
    return t->year >= 0 && t->year <= 9999 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
           t->day <= days_in(t->year, t->month) && t->hour <= 23 && t->minute <= 59 && t->second <= 60;
}

static char *put_digits(char *at, unsigned value, unsigned digits)
{
    for (unsigned i = digits; i > 0; i--, value /= 10)
        at[i - 1] = (char)('0' + value % 10);
    return at + digits;
}

jrpc_status datetime_encode(encoder *e, const jrpc_datetime *t, unsigned microsecond)
{
    if (!is_moment(t) || microsecond > 999999)
        return failure_set(e->failure, JRPC_E_INVALID,
                           "no such date and time: %04ld-%02u-%02u %02u:%02u:%02u", (long)t->year, t->month,
                           t->day, t->hour, t->minute, t->second);
    char *at = writer_room(e->out, 96);
    if (!at)
        return JRPC_OK;
    at = put_digits(writer_put(at, "<value><dateTime.iso8601>"), (unsigned)t->year, 4);
    at = put_digits(put_digits(at, t->month, 2), t->day, 2);
    *at++ = 'T';
    at = put_digits(at, t->hour, 2);
    *at++ = ':';
    at = put_digits(at, t->minute, 2);
    *at++ = ':';
    at = put_digits(at, t->second, 2);
    if (microsecond) {
        *at++ = '.';
        at = put_digits(at, microsecond, 6);
    }
    writer_end(e->out, writer_put(at, "</dateTime.iso8601></value>"));
    return JRPC_OK;
}

static bool read_digits(const char **at, unsigned digits, unsigned *ret_value)
{
    unsigned value = 0;
    for (; digits > 0; digits--, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (unsigned)(**at - '0');
    }
    *ret_value = value;
    return true;
}

static bool read_char(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

/* ".5", ".123456789": microseconds, what is finer is cut off. */
static bool read_fraction(const char **at, unsigned *ret_microsecond)
{
    unsigned value = 0, digits = 0;
    for (; **at >= '0' && **at <= '9'; ++*at, digits++) {
        if (digits < 6)
            value = value * 10 + (unsigned)(**at - '0');
    }
    for (unsigned i = digits; i < 6; i++)
        value *= 10;
    *ret_microsecond = value;
    return digits > 0;
}

/*
 * "20241231T23:59:59"; with dashes as QXmpp writes it; with a fraction or a final Z as others do. A zone
 * other than Z is refused: the moment has none, and dropping it would change what is meant.
 */
static bool read_moment(const char *at, jrpc_datetime *t, unsigned *ret_microsecond)
{
    unsigned year, month, day, hour, minute, second;
    *ret_microsecond = 0;
    if (!read_digits(&at, 4, &year))
        return false;
    bool dashes = read_char(&at, '-');
    if (!read_digits(&at, 2, &month) || (dashes && !read_char(&at, '-')) || !read_digits(&at, 2, &day) ||
        !read_char(&at, 'T') || !read_digits(&at, 2, &hour) || !read_char(&at, ':') ||
        !read_digits(&at, 2, &minute) || !read_char(&at, ':') || !read_digits(&at, 2, &second))
        return false;
    if (read_char(&at, '.') && !read_fraction(&at, ret_microsecond))
        return false;
    read_char(&at, 'Z');
    *t = (jrpc_datetime){ .year = (int32_t)year,
                          .month = (uint8_t)month,
                          .day = (uint8_t)day,
                          .hour = (uint8_t)hour,
                          .minute = (uint8_t)minute,
                          .second = (uint8_t)second };
    return !*at && is_moment(t);
}

jrpc_status datetime_decode(wire_decoder *d, const reader_value *value, jrpc_datetime *ret_value,
                            unsigned *ret_microsecond)
{
    if (value->tag != READER_DATETIME)
        return reader_mismatch(d, jrpc_type_datetime.name, value);
    const char *text;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status >= 0 && !read_moment(text, ret_value, ret_microsecond))
        status = failure_set(&d->failure, JRPC_E_INVALID,
                             "'%.40s' is not a date and time like 20241231T23:59:59", text);
    return status;
}
