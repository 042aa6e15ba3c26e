/* SPDX-License-Identifier: MIT */
/* A server of xmlrpc-c's: its registry with three methods and its own introspection. One call on standard input, the answer on
 * standard output. */
#include <stdio.h>

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>

static xmlrpc_value *add(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    xmlrpc_int32 a = 0, b = 0;
    (void)info;
    (void)call;
    xmlrpc_decompose_value(env, params, "(ii)", &a, &b);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, a + b);
}

static xmlrpc_value *sort(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    xmlrpc_value *list = NULL;
    (void)info;
    (void)call;
    xmlrpc_array_read_item(env, params, 0, &list);
    return list;
}

static xmlrpc_value *moment(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    (void)params;
    (void)info;
    (void)call;
    return xmlrpc_datetime_new_str(env, "20260131T12:00:00");
}

static const struct xmlrpc_method_info3 methods[] = {
    { .methodName = "sample.add", .methodFunction = add, .signatureString = "i:ii", .help = "Adds two numbers." },
    { .methodName = "sample.sort", .methodFunction = sort, .signatureString = "A:A,A:Ab",
      .help = "Sorts a list,\nor not. /* odd */ \\" },
    { .methodName = "sample.string", .methodFunction = moment, .signatureString = "8:" },
    { .methodName = "unknown", .methodFunction = moment },
};

int main(void)
{
    static char call[65536];
    xmlrpc_env env;
    size_t len = fread(call, 1, sizeof call, stdin);
    xmlrpc_env_init(&env);
    xmlrpc_registry *registry = xmlrpc_registry_new(&env);
    for (size_t i = 0; !env.fault_occurred && i < sizeof methods / sizeof methods[0]; i++)
        xmlrpc_registry_add_method3(&env, registry, &methods[i]);
    xmlrpc_mem_block *answer = NULL;
    if (!env.fault_occurred)
        xmlrpc_registry_process_call2(&env, registry, call, len, NULL, &answer);
    if (env.fault_occurred) {
        fprintf(stderr, "%s\n", env.fault_string);
        return 1;
    }
    fwrite(XMLRPC_MEMBLOCK_CONTENTS(char, answer), 1, XMLRPC_MEMBLOCK_SIZE(char, answer), stdout);
    XMLRPC_MEMBLOCK_FREE(char, answer);
    xmlrpc_registry_free(registry);
    xmlrpc_env_clean(&env);
    return 0;
}
