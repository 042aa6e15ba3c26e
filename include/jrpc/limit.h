/* SPDX-License-Identifier: MIT */
/*
 * Limits on those who may call: how often, and how many calls at once. They are counted by account (any resource), by domain
 * (one who owns a server makes as many accounts as he likes) and by method. A call over a limit is not run and is answered
 * with resource-constraint of type wait, and a text that names the limit; its caller gets JRPC_E_BUSY.
 */
#ifndef JRPC_LIMIT_H
#define JRPC_LIMIT_H

#include <stdint.h>

#include <jrpc/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A bucket that holds up to burst calls and is filled at the rate of so many calls a period; each call takes one out. All
 * zero: no limit.
 */
typedef struct jrpc_limit {
    uint32_t calls;     /* in a period; 0: as often as one likes */
    uint32_t period_ms; /* 1,000; one day at most */
    uint32_t burst;     /* after a pause; as many as calls */
    uint32_t at_once;   /* that wait, run or are deferred; 0: as many as one likes */
} jrpc_limit;

/*
 * "100/s", "30/m,burst=5", "2/h", "at-once=4", "100/s,burst=200,at-once=8", "none". INVALID names what is wrong. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_limit_parse(const char *text, jrpc_limit *ret_limit, jrpc_error *error);

struct jrpc_session;
/*
 * Calls of one method (its wire name), by all callers together, whether it is served already or not; all zero takes the
 * limit back. Copied. Limits by caller and by domain are options of the session. Any thread. INVALID, NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_limit_method(struct jrpc_session *session, const char *method,
                                                                  const jrpc_limit *limit, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
