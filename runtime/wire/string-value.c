/* SPDX-License-Identifier: MIT */
/* Strings of any characters as xmlrpc-c's values. */
#include <jrpc/xmlrpc.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * xmlrpc-c's constructors refuse characters beyond U+FFFD, as every emoji is, though nothing else in it
 * minds. So it is given a text of the same length, which is overwritten before anybody else sees the value.
 */
static xmlrpc_value *new_wide_string(xmlrpc_env *env, const char *text, size_t len)
{
    autofree char *filler = malloc(len + 1);
    if (!filler) {
        xmlrpc_env_set_fault(env, XMLRPC_INTERNAL_ERROR, "out of memory");
        return NULL;
    }
    memset(filler, 'x', len);
    xmlrpc_value *value = xmlrpc_string_new_lp_cr(env, len, filler);
    if (env->fault_occurred)
        return NULL;
    char *content = NULL;
    size_t content_len = 0;
    xmlrpc_parse_value(env, value, "s#", &content, &content_len); /* the one accessor that does not copy */
    if (env->fault_occurred || content_len != len) {
        xmlrpc_DECREF(value);
        return NULL;
    }
    memcpy(content, text, len);
    return value;
}

static bool is_wide(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0xF0)
            return true;
    }
    return false;
}

xmlrpc_value *jrpc_string_value(xmlrpc_env *env, const char *text, size_t len)
{
    return is_wide(text, len) ? new_wide_string(env, text, len) : xmlrpc_string_new_lp_cr(env, len, text);
}
