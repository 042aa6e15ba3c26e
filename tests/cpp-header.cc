// SPDX-License-Identifier: MIT
// Every public header is C++17 as well: compiling this is the test.
#include <jrpc/jrpc.h>
#include <jrpc/xmlrpc.h>

#include <cstdio>

int main()
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    jrpc_session *session = nullptr;
    std::puts("1..1");
    jrpc_status status = jrpc_session_open("not a JID@", &options, &session, &error);
    std::printf("%s 1 - a C++ program links and gets an error: %s\n", status == JRPC_E_INVALID ? "ok" : "not ok",
                error.message);
    jrpc_error_done(&error);
    return status != JRPC_E_INVALID;
}
