/* SPDX-License-Identifier: MIT */
/* A module whose methods tests misuse. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probe.h"

static jrpc_status echo(jrpc_call *call, const char *text, char **ret_result)
{
    (void)call;
    *ret_result = jrpc_strdup(text);
    return *ret_result ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status take_any(jrpc_call *call, struct _xmlrpc_value *value)
{
    (void)call;
    return value ? JRPC_OK : JRPC_E_INTERNAL;
}

static jrpc_status take_date(jrpc_call *call, const jrpc_datetime *moment)
{
    (void)call;
    return moment->month > 0 ? JRPC_OK : JRPC_E_INTERNAL;
}

static jrpc_status take_bytes(jrpc_call *call, const jrpc_bytes *data)
{
    (void)call;
    return data->len == 0 || data->data ? JRPC_OK : JRPC_E_INTERNAL;
}

static jrpc_status take_numbers(jrpc_call *call, int32_t number, double real, bool flag)
{
    (void)call;
    (void)number;
    (void)real;
    (void)flag;
    return JRPC_OK;
}

/* The status is the server's own business. */
static jrpc_status fail(jrpc_call *call)
{
    (void)call;
    return JRPC_E_IO;
}

static jrpc_status refuse(jrpc_call *call)
{
    return jrpc_call_fault(call, 77, "no, %s", jrpc_call_caller(call));
}

static jrpc_status block(jrpc_call *call, int32_t milliseconds)
{
    (void)call;
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
    nanosleep(&time, NULL);
    return JRPC_OK;
}

/* ---- counting ---- */

enum { NAMES_MOST = 100 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char name[128];
    int32_t runs;
} counters[NAMES_MOST];

static jrpc_status add_runs(jrpc_call *call, const char *name, int32_t more, int32_t *ret_result)
{
    size_t i = 0;
    pthread_mutex_lock(&lock);
    while (i < NAMES_MOST && *counters[i].name && strcmp(counters[i].name, name) != 0)
        i++;
    if (i < NAMES_MOST) {
        strncpy(counters[i].name, name, sizeof counters[i].name - 1);
        *ret_result = counters[i].runs += more;
    }
    pthread_mutex_unlock(&lock);
    return i < NAMES_MOST ? JRPC_OK : jrpc_call_fault(call, 1, "too many names");
}

static jrpc_status run(jrpc_call *call, const char *name, int32_t milliseconds, int32_t *ret_result)
{
    jrpc_status status = add_runs(call, name, 1, ret_result);
    block(call, milliseconds);
    return status;
}

static jrpc_status until_cancelled(jrpc_call *call, const char *name)
{
    char seen[128];
    int32_t count;
    jrpc_status status = add_runs(call, name, 1, &count);
    for (int i = 0; status == JRPC_OK && i < 3000 && !jrpc_call_cancelled(call); i++)
        block(call, 10);
    snprintf(seen, sizeof seen, "%.100s-cancelled", name);
    return status == JRPC_OK && jrpc_call_cancelled(call) ? add_runs(call, seen, 1, &count) : status;
}

static jrpc_status runs(jrpc_call *call, const char *name, int32_t *ret_result)
{
    return add_runs(call, name, 0, ret_result);
}

static jrpc_status text_of(jrpc_call *call, int32_t length, char **ret_result)
{
    if (length < 0 || length > 10000000)
        return jrpc_call_fault(call, 1, "a length from 0 to 10000000 is wanted");
    *ret_result = jrpc_alloc((size_t)length + 1);
    if (!*ret_result)
        return JRPC_E_NOMEM;
    memset(*ret_result, 't', (size_t)length);
    (*ret_result)[length] = '\0';
    return JRPC_OK;
}

const Probe_impl Probe_implementation = {
    .echo = echo,
    .take_any = take_any,
    .take_date = take_date,
    .take_bytes = take_bytes,
    .take_numbers = take_numbers,
    .fail = fail,
    .refuse = refuse,
    .block = block,
    .run = run,
    .until_cancelled = until_cancelled,
    .runs = runs,
    .text_of = text_of,
};
