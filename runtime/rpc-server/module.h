/* SPDX-License-Identifier: MIT */
/* Modules: shared objects whose services the daemon hosts. */
#ifndef RPC_SERVER_MODULE_H
#define RPC_SERVER_MODULE_H

#include <sys/stat.h>

#include <jrpc/serve.h>

typedef struct module {
    char *path;
    struct stat file; /* as it was when it was loaded */
    int fd;           /* the copy that it was loaded from, while it is; or -1 */
    void *handle;     /* of dlopen(3) */
    const jrpc_module *entry;
    void *userdata;
    bool initialised;
} module;

#define MODULE_INIT { .fd = -1 }

/* Loads and checks it: INVALID says what is wrong with the file. */
jrpc_status module_load(const char *path, module *ret_module, jrpc_error *error);
/* Initialises it and registers its services. */
jrpc_status module_start(module *m, jrpc_session *session, jrpc_error *error);
/*
 * Loads the file again if it is another one by now, and lets it take the old one's place in one step. What fails leaves the
 * old one in place. ret_old is for module_release(), or empty when nothing has changed.
 */
jrpc_status module_reload(module *m, jrpc_session *session, module *ret_old, jrpc_error *error);
/* Unloads what module_reload() has replaced, once no call uses it. False: not yet. */
bool module_release(module *old, jrpc_session *session);
/* After the session is closed, or after module_release(). */
void module_unload(module *m);

#endif
