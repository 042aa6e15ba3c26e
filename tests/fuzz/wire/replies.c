/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: what the answer to a call holds. However it is made up, the call ends, in one outcome, with nothing left
 * behind. The first byte says which call is answered, and whether by a result or an error.
 */
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "../../unit/wire_zoo.h"
#include "../fuzz.h"
#include "base/buf.h"
#include "base/mem.h"
#include "service.h"

const char *const fuzz_folders[] = { "fuzz/wire/seeds/replies", NULL };

static void must(bool truth)
{
    if (!truth)
        abort();
}

static jrpc_future *send_call(service *s, const jrpc_method *method)
{
    static const char text[] = "text";
    static const char *const text_pointer = text;
    static const int32_t number = 5;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *any = xmlrpc_int_new(&env, 1);
    zoo animals = { .truth = false };
    uint64_t seed = 1;
    zoo_fill(&zoo_type, NULL, &animals, 0, &seed);
    const void *const ins[][2] = { [SERVICE_ZOO] = { &animals }, [SERVICE_ANY] = { &any },
                                   [SERVICE_ADD] = { &number, &number },
                                   [SERVICE_SPLIT] = { &text_pointer, &text_pointer }, [SERVICE_GET] = { NULL },
                                   [SERVICE_PING] = { NULL } };
    jrpc_future *future = NULL;
    must(jrpc_send(s->peer, method, ins[method->slot], NULL, NULL, &future, NULL) == JRPC_OK);
    jrpc_value_clear(&zoo_type, &animals);
    xmlrpc_DECREF(any);
    xmlrpc_env_clean(&env);
    return future;
}

static jrpc_status finish_call(jrpc_future *future, const jrpc_method *method)
{
    zoo animals = { .truth = false };
    xmlrpc_value *any = NULL;
    int32_t number = 0;
    char *rest = strdup("rest"), *text = NULL;
    point place = { 0, 0 };
    void *const outs[][3] = { [SERVICE_ZOO] = { &animals }, [SERVICE_ANY] = { &any }, [SERVICE_ADD] = { &number },
                              [SERVICE_SPLIT] = { &number, &rest, &text }, [SERVICE_GET] = { &place },
                              [SERVICE_PING] = { NULL } };
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = jrpc_finish(future, method, outs[method->slot], &error);
    must(status == error.status && (status == JRPC_OK || error.message));
    jrpc_value_clear(&zoo_type, &animals);
    if (any)
        xmlrpc_DECREF(any);
    free(rest);
    free(text);
    return status;
}

static bool answer(service *s, const char *id, const char *type, const uint8_t *data, size_t size)
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    buf_printf(&stanza, "<iq type='%s' id='%s' from='" SERVICE_CALLEE "' to='" SERVICE_CALLER "'>", type, id);
    buf_append(&stanza, (const char *)data, size);
    buf_append_lit(&stanza, "</iq>");
    return service_inject(s, SERVICE_CALLER, &stanza);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char lost[] = "<error type='cancel'/>";
    if (size == 0)
        return 0;
    service *s = service_get();
    char id[SERVICE_ID_ROOM] = "";
    const jrpc_method *method = &service_interface.methods[data[0] % service_interface.method_count];
    const char *type = data[0] & 0x20 ? "result" : "error";
    loopback_set_filter(s->hub, service_catch_call, id);
    jrpc_future *future = send_call(s, method);
    service_run(s);
    loopback_set_filter(s->hub, NULL, NULL);
    must(*id && !jrpc_future_is_done(future));
    bool well_formed = answer(s, id, type, data + 1, size - 1);
    service_run(s);
    /* What is no answer yet (a note of how long it will take) leaves the call waiting for its answer. */
    if (!jrpc_future_is_done(future))
        must(answer(s, id, "error", (const uint8_t *)lost, sizeof lost - 1));
    service_run(s);
    must(jrpc_future_is_done(future));
    jrpc_status status = finish_call(future, method);
    must(status != JRPC_OK || well_formed);
    service_check(s);
    return 0;
}
