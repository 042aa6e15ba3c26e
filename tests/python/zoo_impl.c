/* SPDX-License-Identifier: MIT */
/* The C side of the zoo: a module for rpc-server. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zoo.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Zoo last; /* zero until the first swap */
static char *noted;

static jrpc_status swap(jrpc_call *call, const Zoo *z, Zoo *both, Zoo *ret_other, Zoo *ret_result)
{
    (void)call;
    jrpc_status status = Zoo_copy(z, ret_result);
    if (status != JRPC_OK)
        return status;
    *ret_other = *both;
    memset(both, 0, sizeof *both);
    status = Zoo_copy(z, both);
    pthread_mutex_lock(&lock);
    Zoo_clear(&last);
    if (status == JRPC_OK)
        status = Zoo_copy(z, &last);
    pthread_mutex_unlock(&lock);
    return status;
}

static jrpc_status get_last(jrpc_call *call, Zoo *ret_result)
{
    (void)call;
    pthread_mutex_lock(&lock);
    jrpc_status status = Zoo_copy(&last, ret_result);
    pthread_mutex_unlock(&lock);
    return status;
}

static jrpc_status ping(jrpc_call *call)
{
    (void)call;
    return JRPC_OK;
}

static jrpc_status add(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_result)
{
    (void)call;
    *ret_result = a + b;
    return JRPC_OK;
}

static jrpc_status split(jrpc_call *call, const char *text, int32_t *ret_at, char **rest, char **ret_result)
{
    (void)call;
    const char *at = strchr(text, **rest);
    *ret_at = at ? (int32_t)(at - text) : -1;
    *ret_result = jrpc_strndup(text, at ? (size_t)(at - text) : strlen(text));
    jrpc_free(*rest);
    *rest = jrpc_strdup(at ? at + 1 : "");
    return *rest && *ret_result ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status get(jrpc_call *call, Point *ret_p)
{
    (void)call;
    *ret_p = (Point){ 1.5, -2 };
    return JRPC_OK;
}

static jrpc_status spend(jrpc_call *call, int64_t amount, const char *account, int32_t *ret_result)
{
    Bank_NoMoney missing = { .missing = amount - 100, .account = (char *)(uintptr_t)account };
    if (amount > 100)
        return Bank_NoMoney_raise(call, &missing);
    *ret_result = (int32_t)(100 - amount);
    return JRPC_OK;
}

static jrpc_status take_a_nap(jrpc_call *call, int32_t milliseconds)
{
    (void)call;
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
    nanosleep(&time, NULL);
    return JRPC_OK;
}

static jrpc_status fail(jrpc_call *call)
{
    return jrpc_call_fault(call, 77, "no, %s", jrpc_call_caller(call));
}

static jrpc_status set_noted(jrpc_call *call, const char *text)
{
    (void)call;
    pthread_mutex_lock(&lock);
    free(noted);
    noted = strdup(text);
    pthread_mutex_unlock(&lock);
    return JRPC_OK;
}

static jrpc_status get_noted(jrpc_call *call, char **ret_result)
{
    (void)call;
    pthread_mutex_lock(&lock);
    *ret_result = jrpc_strdup(noted ? noted : "");
    pthread_mutex_unlock(&lock);
    return *ret_result ? JRPC_OK : JRPC_E_NOMEM;
}

const ZooCalls_impl ZooCalls_implementation = {
    .ping = ping, .add = add, .split = split, .get = get, .swap = swap, .last = get_last, .spend = spend,
    .sleep = take_a_nap, .fail = fail, .note = set_noted, .get_noted = get_noted, .set_noted = set_noted,
};
