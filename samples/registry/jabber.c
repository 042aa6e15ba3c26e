/* SPDX-License-Identifier: MIT */
/* A server of xmlrpc-c's as its manual has them: serves a registry over HTTP. Usage: registry-http PORT */
#include <stdio.h>
#include <stdlib.h>
#include <jrpc/xmlrpc.h>
#include <xmlrpc-c/server_abyss.h>

#include "methods.h"

static void check(const xmlrpc_env *env)
{
    if (env->fault_occurred) {
        fprintf(stderr, "%s\n", env->fault_string);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_registry *registry = methods_registry(&env);
    check(&env);
    jrpc_error error = JRPC_ERROR_INIT;
    if (jrpc_open_registry(registry, getenv("CALLERS"), NULL, &error) < 0) jrpc_error_print(stderr, &error);
    xmlrpc_server_abyss_parms parameters = { .registryP = registry,
                                             .socket_bound = 1,
                                             .socket_handle = methods_listen(argc > 1 ? argv[1] : "0") };
    xmlrpc_server_abyss(&env, &parameters, XMLRPC_APSIZE(socket_handle)); /* does not return */
    check(&env);
    return 0;
}
