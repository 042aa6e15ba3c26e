/* SPDX-License-Identifier: MIT */
/* What a handler may ask and say of the call that it runs for. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "serve/incoming.h"

void *jrpc_call_userdata(const jrpc_call *call)
{
    return call->method->userdata;
}

const char *jrpc_call_caller(const jrpc_call *call)
{
    return call->request.from ? call->request.from : "";
}

const char *jrpc_call_method(const jrpc_call *call)
{
    return call->method->name;
}

jrpc_session *jrpc_call_session(const jrpc_call *call)
{
    return call->server->options.session;
}

void *jrpc_call_alloc(jrpc_call *call, size_t size)
{
    return arena_alloc(&call->memory, size);
}

jrpc_status jrpc_call_fault(jrpc_call *call, int32_t code, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    free(call->fault_text);
    call->fault_text = buf_take(&text);
    incoming_forget_exception(call);
    call->faulted = true;
    call->fault_code = code;
    return JRPC_E_FAULT;
}

static bool is_declared(const registry_method *m, const jrpc_exception *exception)
{
    if (!m->method)
        return true;
    for (size_t i = 0; i < m->method->exception_count; i++) {
        if (m->method->exceptions[i] == exception)
            return true;
    }
    return false;
}

jrpc_status jrpc_call_raise(jrpc_call *call, const jrpc_exception *exception, const void *value)
{
    if (!is_declared(call->method, exception)) {
        if (!call->deferral.abandoned)
            server_log_call(call->server, JRPC_LOG_WARNING, &call->request,
                            "%s raises %s, which its interface does not declare", call->method->name, exception->name);
        return JRPC_E_INTERNAL;
    }
    jrpc_call_fault(call, exception->code, "%s", exception->name);
    if (!value)
        return JRPC_E_FAULT;
    void *copy = arena_alloc(&call->memory, exception->type->size);
    if (!copy || jrpc_value_copy(exception->type, value, copy) != JRPC_OK)
        return JRPC_E_FAULT; /* without its members: code and name still say what it is */
    call->exception = exception;
    call->exception_value = copy;
    return JRPC_E_FAULT;
}
