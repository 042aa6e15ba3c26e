/* SPDX-License-Identifier: MIT */
/*
 * The measured call over HTTP, by xmlrpc-c and its Abyss server: what people have where HTTP can reach. For
 * comparison.
 *
 *   http server PORT
 *   http client PORT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <xmlrpc-c/abyss.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

#include "block.h"

static const char text[] = "There was a young lady of Nantes";

static xmlrpc_value *rotate(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call_info)
{
    (void)info;
    (void)call_info;
    const char *given = NULL;
    xmlrpc_decompose_value(env, params, "(s)", &given);
    if (env->fault_occurred)
        return NULL;
    char *turned = strdup(given);
    free((void *)(uintptr_t)given);
    for (char *at = turned; at && *at; at++) {
        char base = *at >= 'a' && *at <= 'z' ? 'a' : 'A';
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z'))
            *at = (char)(base + (*at - base + 13) % 26);
    }
    xmlrpc_value *result = xmlrpc_string_new(env, turned ? turned : "");
    free(turned);
    return result;
}

static int fail(const xmlrpc_env *env)
{
    fprintf(stderr, "bench http: %s\n", env->fault_string);
    return 1;
}

/* On loopback only, so the socket is ours. */
static int listen_on(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 16) != 0) {
        perror("bench http");
        return -1;
    }
    return fd;
}

static int serve(xmlrpc_env *env, const char *port)
{
    xmlrpc_registry *registry = xmlrpc_registry_new(env);
    struct xmlrpc_method_info3 method = { .methodName = "Rot13", .methodFunction = rotate };
    xmlrpc_registry_add_method3(env, registry, &method);
    xmlrpc_server_abyss_parms parms = { .config_file_name = NULL, .registryP = registry };
    parms.socket_bound = 1;
    parms.socket_handle = listen_on(port);
    if (env->fault_occurred || parms.socket_handle < 0)
        return 1;
    parms.keepalive_max_conn = 2000000000;
    parms.keepalive_timeout = 600;
    block_ready(port);
    xmlrpc_server_abyss(env, &parms, XMLRPC_APSIZE(socket_handle));
    return env->fault_occurred ? fail(env) : 0;
}

typedef struct client {
    xmlrpc_client *client;
    xmlrpc_server_info *server;
} client;

static bool run_block(block *b)
{
    client *c = b->userdata;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    unsigned number;
    while (!env.fault_occurred && block_take(b, &number)) {
        xmlrpc_value *params = xmlrpc_build_value(&env, "(s)", text), *result = NULL;
        xmlrpc_client_call2(&env, c->client, c->server, "Rot13", params, &result);
        xmlrpc_DECREF(params);
        if (!env.fault_occurred)
            xmlrpc_DECREF(result);
        block_end(b, number);
    }
    bool good = !env.fault_occurred;
    if (!good)
        fail(&env);
    xmlrpc_env_clean(&env);
    return good;
}

static int call(xmlrpc_env *env, const char *port)
{
    char url[64];
    client c = { .client = NULL };
    snprintf(url, sizeof url, "http://127.0.0.1:%s/RPC2", port);
    xmlrpc_client_setup_global_const(env);
    xmlrpc_client_create(env, 0, "bench", "1", NULL, 0, &c.client);
    if (env->fault_occurred)
        return fail(env);
    c.server = xmlrpc_server_info_new(env, url);
    block_ready(url);
    int status = block_serve(run_block, &c);
    xmlrpc_server_info_free(c.server);
    xmlrpc_client_destroy(c.client);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: http server|client PORT\n", stderr);
        return 2;
    }
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    int status = strcmp(argv[1], "server") == 0 ? serve(&env, argv[2]) : call(&env, argv[2]);
    xmlrpc_env_clean(&env);
    return status;
}
