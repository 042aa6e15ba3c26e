/* SPDX-License-Identifier: MIT */
/*
 * The support modules of generated Python. idlgen holds their text, so that what it writes is complete and of one
 * version: the modules can be copied anywhere, and nothing has to be installed beside slixmpp.
 */
#include "emit/python.h"

static const char *const scalars[] = {
#include "emit/jrpc_scalars.inc"
};
static const char *const types[] = {
#include "emit/jrpc_types.inc"
};
static const char *const messages[] = {
#include "emit/jrpc_messages.inc"
};
static const char *const slixmpp[] = {
#include "emit/jrpc_slixmpp.inc"
};
static const char *const xml[] = {
#include "emit/jrpc_xml.inc"
};

static void put(buf *out, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_append_str(out, lines[i]);
}

#define SUPPORT(name) \
    void python_##name##_render(gen *g, buf *out) \
    { \
        (void)g; \
        put(out, name, sizeof name / sizeof name[0]); \
    }

SUPPORT(scalars)
SUPPORT(types)
SUPPORT(messages)
SUPPORT(slixmpp)
SUPPORT(xml)
