/* SPDX-License-Identifier: MIT */
/* Ten methods of a server of xmlrpc-c's: nothing in here knows of Jabber. */
#include "methods.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define METHOD(name) \
    static xmlrpc_value *name(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call_info)
#define NOT_USED ((void)info, (void)call_info)

METHOD(add)
{
    xmlrpc_int32 a = 0, b = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(ii)", &a, &b);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, (int)((unsigned)a + (unsigned)b));
}

METHOD(divide)
{
    double a = 0, b = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(dd)", &a, &b);
    if (!env->fault_occurred && b == 0)
        xmlrpc_env_set_fault(env, 4, "division by zero");
    return env->fault_occurred ? NULL : xmlrpc_double_new(env, a / b);
}

METHOD(concat)
{
    const char *a = NULL, *b = NULL;
    xmlrpc_value *result = NULL;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(ss)", &a, &b);
    if (env->fault_occurred)
        return NULL;
    char *both = NULL;
    if (asprintf(&both, "%s%s", a, b) >= 0)
        result = xmlrpc_string_new(env, both);
    free(both);
    free((char *)(size_t)a);
    free((char *)(size_t)b);
    return result;
}

METHOD(not)
{
    xmlrpc_bool b = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(b)", &b);
    return env->fault_occurred ? NULL : xmlrpc_bool_new(env, !b);
}

METHOD(twice)
{
    xmlrpc_int64 n = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(I)", &n);
    return env->fault_occurred ? NULL : xmlrpc_i8_new(env, (xmlrpc_int64)((unsigned long long)n * 2));
}

METHOD(year_of)
{
    xmlrpc_value *moment = NULL;
    xmlrpc_datetime t;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(V)", &moment);
    if (env->fault_occurred)
        return NULL;
    xmlrpc_value *result = NULL;
    xmlrpc_read_datetime(env, moment, &t);
    if (!env->fault_occurred)
        result = xmlrpc_build_value(env, "{s:i,s:V}", "year", (xmlrpc_int32)t.Y, "moment", moment);
    xmlrpc_DECREF(moment);
    return result;
}

METHOD(backwards)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(6)", &data, &len);
    if (env->fault_occurred)
        return NULL;
    unsigned char *turned = malloc(len + 1);
    for (size_t i = 0; turned && i < len; i++)
        turned[i] = data[len - 1 - i];
    xmlrpc_value *result = turned ? xmlrpc_base64_new(env, len, turned) : NULL;
    free(turned);
    free((void *)(size_t)data);
    return result;
}

METHOD(sum)
{
    xmlrpc_value *list = NULL;
    long long total = 0;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(A)", &list);
    int count = env->fault_occurred ? 0 : xmlrpc_array_size(env, list);
    for (int i = 0; i < count && !env->fault_occurred; i++) {
        int number = 0;
        xmlrpc_value *item = NULL;
        xmlrpc_array_read_item(env, list, (unsigned)i, &item);
        xmlrpc_read_int(env, item, &number);
        xmlrpc_DECREF(item);
        total += number;
    }
    if (list)
        xmlrpc_DECREF(list);
    return env->fault_occurred ? NULL : xmlrpc_i8_new(env, total);
}

METHOD(count)
{
    xmlrpc_value *members = NULL;
    NOT_USED;
    xmlrpc_decompose_value(env, params, "(S)", &members);
    if (env->fault_occurred)
        return NULL;
    int size = xmlrpc_struct_size(env, members);
    xmlrpc_DECREF(members);
    return xmlrpc_int_new(env, size);
}

METHOD(first)
{
    xmlrpc_value *value = NULL;
    NOT_USED;
    if (xmlrpc_array_size(env, params) == 0)
        return xmlrpc_nil_new(env);
    xmlrpc_array_read_item(env, params, 0, &value);
    return value;
}

static const struct xmlrpc_method_info3 methods[] = {
    { .methodName = "sample.add", .methodFunction = add, .signatureString = "i:ii", .help = "Adds two numbers." },
    { .methodName = "sample.divide", .methodFunction = divide, .signatureString = "d:dd", .help = "Divides; fault 4." },
    { .methodName = "sample.concat", .methodFunction = concat, .signatureString = "s:ss", .help = "Joins two texts." },
    { .methodName = "sample.not", .methodFunction = not, .signatureString = "b:b", .help = "The contrary." },
    { .methodName = "sample.twice", .methodFunction = twice, .signatureString = "I:I", .help = "Of a large number." },
    { .methodName = "sample.year", .methodFunction = year_of, .signatureString = "S:8", .help = "And the moment again." },
    { .methodName = "sample.backwards", .methodFunction = backwards, .signatureString = "6:6", .help = "Turns bytes." },
    { .methodName = "sample.sum", .methodFunction = sum, .signatureString = "I:A", .help = "Of all numbers in a list." },
    { .methodName = "sample.count", .methodFunction = count, .signatureString = "i:S", .help = "Counts members." },
    { .methodName = "sample.first", .methodFunction = first, .signatureString = "?", .help = "Its first parameter, of any type." },
};

xmlrpc_registry *methods_registry(xmlrpc_env *env)
{
    xmlrpc_registry *registry = xmlrpc_registry_new(env);
    for (size_t i = 0; !env->fault_occurred && i < sizeof methods / sizeof methods[0]; i++)
        xmlrpc_registry_add_method3(env, registry, &methods[i]);
    return registry;
}

int methods_listen(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((unsigned short)atoi(port)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 16) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    fprintf(stderr, "ready on port %d\n", ntohs(address.sin_port));
    return fd;
}
