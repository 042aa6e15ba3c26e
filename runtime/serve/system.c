/* SPDX-License-Identifier: MIT */
/* Introspection: what a server says of its methods (XML-RPC introspection, fault code interoperability). */
#include "serve/system.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/mount.h"
#include "serve/multicall.h"
#include "serve/server.h"
#include "wire/batch.h"
#include "wire/fault.h"

/* xmlrpc-c reports through an environment of each call. */
static void env_done(xmlrpc_env *env)
{
    xmlrpc_env_clean(env);
}

#define AUTO_ENV AUTO(env_done) xmlrpc_env

static void value_done(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}

#define AUTO_VALUE AUTO(value_done) xmlrpc_value

static jrpc_status expect_count(jrpc_call *call, xmlrpc_value *params, int expected)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    int count = xmlrpc_array_size(&env, params);
    if (count == expected)
        return JRPC_OK;
    return jrpc_call_fault(call, FAULT_BAD_PARAMS, "expected %d parameter%s, got %d", expected,
                           expected == 1 ? "" : "s", count);
}

static jrpc_status append_string(xmlrpc_env *env, xmlrpc_value *array, const char *text)
{
    AUTO_VALUE *item = xmlrpc_string_new(env, text);
    if (!env->fault_occurred)
        xmlrpc_array_append_item(env, array, item);
    return env->fault_occurred ? JRPC_E_NOMEM : JRPC_OK;
}

static jrpc_status list_methods(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    server *s = userdata;
    jrpc_status status = expect_count(call, params, 0);
    if (status != JRPC_OK)
        return status;
    jrpc_seq_string names;
    status = registry_list(&s->registry, &names);
    if (status != JRPC_OK)
        return status;
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO_VALUE *array = xmlrpc_array_new(&env);
    status = env.fault_occurred ? JRPC_E_NOMEM : JRPC_OK;
    AUTO(jid_done) jid who;
    access_read_caller(jrpc_call_caller(call), &who);
    for (size_t i = 0; i < names.len && status == JRPC_OK; i++) {
        if (access_shows(s, &who, names.data[i]))
            status = append_string(&env, array, names.data[i]);
    }
    jrpc_value_clear(&jrpc_type_seq_string, &names);
    if (status == JRPC_OK)
        *ret_result = TAKE_PTR(array);
    return status;
}

/* The method that the one parameter names; answers itself when there is none. */
static jrpc_status find_named(jrpc_call *call, server *s, xmlrpc_value *params, registry_method **ret_method)
{
    jrpc_status status = expect_count(call, params, 1);
    if (status != JRPC_OK)
        return status;
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO_VALUE *item = NULL;
    xmlrpc_array_read_item(&env, params, 0, &item);
    autofree char *name = NULL;
    if (!env.fault_occurred) {
        const char *text = NULL;
        xmlrpc_read_string(&env, item, &text);
        name = (char *)(uintptr_t)text;
    }
    if (env.fault_occurred)
        return jrpc_call_fault(call, FAULT_BAD_PARAMS, "params[0]: expected string: the name of a method");
    AUTO(jid_done) jid who;
    access_read_caller(jrpc_call_caller(call), &who);
    *ret_method = access_shows(s, &who, name) ? registry_find(&s->registry, name) : NULL;
    if (!*ret_method)
        return jrpc_call_fault(call, FAULT_NO_METHOD, "no such method: %s", name);
    return JRPC_OK;
}

static jrpc_status method_help(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    registry_method *m = NULL;
    jrpc_status status = find_named(call, userdata, params, &m);
    if (status != JRPC_OK)
        return status;
    const char *help = m->method ? m->method->help : m->help;
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    *ret_result = xmlrpc_string_new(&env, help ? help : "");
    registry_method_unref(m);
    return env.fault_occurred ? JRPC_E_NOMEM : JRPC_OK;
}

/* XML-RPC's name of a type. */
static const char *wire_type_name(const jrpc_type *type)
{
    switch ((jrpc_kind)type->kind) {
    case JRPC_KIND_BOOL:
        return "boolean";
    case JRPC_KIND_I8:
    case JRPC_KIND_U8:
    case JRPC_KIND_I16:
    case JRPC_KIND_U16:
    case JRPC_KIND_I32:
    case JRPC_KIND_U32:
    case JRPC_KIND_I64:
    case JRPC_KIND_U64:
        return type->flags & JRPC_TYPE_WIRE_STRING ? "string" : "int";
    case JRPC_KIND_BITMASK:
        return "int";
    case JRPC_KIND_ENUM:
        return type->flags & JRPC_TYPE_WIRE_INT ? "int" : "string";
    case JRPC_KIND_FLOAT:
    case JRPC_KIND_DOUBLE:
        return "double";
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
    case JRPC_KIND_STRING:
        return "string";
    case JRPC_KIND_BYTES:
        return "base64";
    case JRPC_KIND_DATETIME:
        return "dateTime.iso8601";
    case JRPC_KIND_STRUCT:
    case JRPC_KIND_UNION:
    case JRPC_KIND_MAP:
        return "struct";
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_ARRAY:
        return "array";
    case JRPC_KIND_ANY:
        return "any";
    }
    return "any";
}

/* The value that comes back: the result's own, or a struct when there are outs, or boolean for void. */
static const char *result_type_name(const jrpc_method *method)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_OUT)
            return "struct";
    }
    return method->result ? wire_type_name(method->result) : "boolean";
}

static jrpc_status append_types(xmlrpc_env *env, const jrpc_method *method, xmlrpc_value *signature)
{
    jrpc_status status = append_string(env, signature, result_type_name(method));
    for (size_t i = 0; i < method->param_count && status == JRPC_OK; i++) {
        if (method->params[i].direction & JRPC_IN)
            status = append_string(env, signature, wire_type_name(method->params[i].type));
    }
    return status;
}

static jrpc_status append_words(xmlrpc_env *env, const char *words, xmlrpc_value *signature)
{
    jrpc_status status = JRPC_OK;
    while (*words && status == JRPC_OK) {
        size_t len = strcspn(words, " ");
        autofree char *word = strndup(words, len);
        status = word ? append_string(env, signature, word) : JRPC_E_NOMEM;
        words += len + (words[len] == ' ');
    }
    return status;
}

/* A list of one signature; "undef" when nothing is known (XML-RPC introspection). */
static jrpc_status build_signature(const registry_method *m, xmlrpc_value **ret_result)
{
    if (m->mounted) {
        *ret_result = mounted_signatures(m->mounted);
        return JRPC_OK;
    }
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    if (!m->method && !m->signature) {
        *ret_result = xmlrpc_string_new(&env, "undef");
        return env.fault_occurred ? JRPC_E_NOMEM : JRPC_OK;
    }
    AUTO_VALUE *outer = xmlrpc_array_new(&env);
    AUTO_VALUE *inner = env.fault_occurred ? NULL : xmlrpc_array_new(&env);
    if (env.fault_occurred)
        return JRPC_E_NOMEM;
    jrpc_status status =
        m->method ? append_types(&env, m->method, inner) : append_words(&env, m->signature, inner);
    if (status != JRPC_OK)
        return status;
    xmlrpc_array_append_item(&env, outer, inner);
    if (env.fault_occurred)
        return JRPC_E_NOMEM;
    *ret_result = TAKE_PTR(outer);
    return JRPC_OK;
}

static jrpc_status method_signature(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    registry_method *m = NULL;
    jrpc_status status = find_named(call, userdata, params, &m);
    if (status != JRPC_OK)
        return status;
    status = build_signature(m, ret_result);
    registry_method_unref(m);
    return status;
}

static jrpc_status get_capabilities(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(userdata);
    jrpc_status status = expect_count(call, params, 0);
    if (status != JRPC_OK)
        return status;
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    *ret_result = xmlrpc_build_value(
        &env, "{s:{s:s,s:i},s:{s:s,s:i},s:{s:s,s:i},s:{s:s,s:i}}",
        "xmlrpc", "specUrl", "http://www.xmlrpc.com/spec", "specVersion", (xmlrpc_int32)1,
        "introspection", "specUrl", "http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html", "specVersion",
        (xmlrpc_int32)1,
        "faults_interop", "specUrl", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", "specVersion",
        (xmlrpc_int32)20010516,
        "system.multicall", "specUrl", "http://www.xmlrpc.com/discuss/msgReader$1208", "specVersion", (xmlrpc_int32)1);
    return env.fault_occurred ? JRPC_E_NOMEM : JRPC_OK;
}

jrpc_status system_register(struct server *s, jrpc_error *error)
{
    static const struct {
        const char *name;
        jrpc_value_fn handler;
        const char *help, *signature;
        registry_decode_fn *decode;
    } methods[] = {
        { "system.listMethods", list_methods, "Names of all methods of this server, in alphabetical order.", "array",
          NULL },
        { "system.methodHelp", method_help, "What the named method does.", "string string", NULL },
        { "system.methodSignature", method_signature,
          "Types of the named method: a list of signatures, each the result's type and then the parameters'; "
          "or \"undef\".",
          "array string", NULL },
        { "system.getCapabilities", get_capabilities, "Specifications that this server follows.", "struct",
          NULL },
        { BATCH_METHOD, multicall_run,
          "Several calls, one after the other: an array of structs, each with a methodName and an array of params. "
          "The result has for each an array of its one result, or the struct of a fault.",
          "array array", multicall_decode },
    };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        jrpc_status status =
            registry_add_value(&s->registry, methods[i].name, methods[i].handler, s, methods[i].help, error);
        if (status != JRPC_OK)
            return status;
        registry_method *m = registry_find(&s->registry, methods[i].name);
        m->signature = methods[i].signature;
        m->decode = methods[i].decode;
        registry_method_unref(m);
    }
    return JRPC_OK;
}
