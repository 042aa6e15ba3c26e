/* SPDX-License-Identifier: MIT */
/* Modules: shared objects whose services the daemon hosts. */
#ifndef RPC_SERVER_MODULE_H
#define RPC_SERVER_MODULE_H

#include <jrpc/serve.h>

typedef struct module {
    char *path;
    void *handle; /* of dlopen(3) */
    const jrpc_module *entry;
    void *userdata;
    bool initialised;
} module;

/* Loads and checks it: INVALID says what is wrong with the file. */
jrpc_status module_load(const char *path, module *ret_module, jrpc_error *error);
/* Initialises it and registers its services. */
jrpc_status module_start(module *m, jrpc_session *session, jrpc_error *error);
/* After the session is closed. */
void module_unload(module *m);

#endif
