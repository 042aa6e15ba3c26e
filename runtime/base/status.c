/* SPDX-License-Identifier: MIT */
/* Names and sentences of statuses. */
#include <jrpc/status.h>

const char *jrpc_status_name(jrpc_status status)
{
    switch (status) {
    case JRPC_OK:
        return "OK";
#define NAME(name, number, text) \
    case JRPC_E_##name: \
        return #name;
        JRPC_STATUS_MAP(NAME)
#undef NAME
    case JRPC_STATUS_MIN_:
    default:
        return "UNKNOWN";
    }
}

const char *jrpc_status_text(jrpc_status status)
{
    switch (status) {
    case JRPC_OK:
        return "done";
#define TEXT(name, number, text) \
    case JRPC_E_##name: \
        return text;
        JRPC_STATUS_MAP(TEXT)
#undef TEXT
    case JRPC_STATUS_MIN_:
    default:
        return "unknown status";
    }
}
