/* SPDX-License-Identifier: MIT */
/* Limits as texts. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/limit.h>

#include "base/error.h"
#include "base/mem.h"
#include "session.h"

/* Reads a number above 0 and moves past it. */
static bool take_number(const char **at, uint32_t *ret_number)
{
    if (**at < '0' || **at > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long number = strtoull(*at, &end, 10);
    if (errno || number == 0 || number > UINT32_MAX)
        return false;
    *ret_number = (uint32_t)number;
    *at = end;
    return true;
}

static bool take_rate(const char **at, jrpc_limit *limit)
{
    static const struct {
        char unit;
        uint32_t ms;
    } units[] = { { 's', 1000 }, { 'm', 60 * 1000 }, { 'h', 60 * 60 * 1000 }, { 'd', 24 * 60 * 60 * 1000 } };
    if (limit->calls || !take_number(at, &limit->calls) || **at != '/')
        return false;
    ++*at;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (**at == units[i].unit) {
            limit->period_ms = units[i].ms;
            ++*at;
            return true;
        }
    }
    return false;
}

static bool take_named(const char **at, const char *name, uint32_t *number)
{
    size_t len = strlen(name);
    if (*number || strncmp(*at, name, len) != 0)
        return false;
    *at += len;
    return take_number(at, number);
}

jrpc_status jrpc_limit_parse(const char *text, jrpc_limit *ret_limit, jrpc_error *error)
{
    if (!text || !ret_limit)
        return jrpc_error_set(error, JRPC_E_INVALID, "no limit given, or nowhere to put it");
    jrpc_limit limit = { 0 };
    bool good = true;
    for (const char *at = text; good && strcmp(text, "none") != 0;) {
        good = take_named(&at, "burst=", &limit.burst) || take_named(&at, "at-once=", &limit.at_once) ||
               take_rate(&at, &limit);
        if (!*at)
            break;
        good = good && *at++ == ',';
    }
    if (!good)
        return jrpc_error_set(error, JRPC_E_INVALID,
                              "\"%s\": expected a limit such as 100/s, 30/m,burst=5 (s, m, h, d), at-once=4, or none",
                              text);
    const char *why = quota_check_limit(&limit);
    if (why)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\": %s", text, why);
    *ret_limit = limit;
    return JRPC_OK;
}

jrpc_status jrpc_session_limit_method(jrpc_session *session, const char *method, const jrpc_limit *limit,
                                      jrpc_error *error)
{
    if (!method || !*method || !limit)
        return jrpc_error_set(error, JRPC_E_INVALID, "no method or no limit given");
    return quota_limit_method(&session->server->quota, method, limit, error);
}
