/* SPDX-License-Identifier: MIT */
/* What this session says it runs. */
#include "chat/software.h"

#include <stdlib.h>

#include <jrpc/version.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/message.h"
#include "link/xml.h"

void software_init(software_said *s)
{
    pthread_mutex_init(&s->lock, NULL);
}

void software_done(software_said *s)
{
    free(s->name);
    free(s->version);
    free(s->os);
    pthread_mutex_destroy(&s->lock);
}

/* False without memory. */
static bool copy(const char *text, char **ret_copy)
{
    *ret_copy = text ? strdup(text) : NULL;
    return !text || *ret_copy;
}

static void swap(char **a, char **b)
{
    char *kept = *a;
    *a = *b;
    *b = kept;
}

jrpc_status software_say(software_said *s, const jrpc_software *software, jrpc_error *error)
{
    autofree char *name = NULL, *version = NULL, *os = NULL;
    jrpc_status status = message_check_text(software->name, "name", error);
    if (status == JRPC_OK)
        status = message_check_text(software->version, "version", error);
    if (status == JRPC_OK)
        status = message_check_text(software->os, "os", error);
    if (status != JRPC_OK)
        return status;
    if (!copy(software->name, &name) || !copy(software->version, &version) || !copy(software->os, &os))
        return error_nomem(error);
    pthread_mutex_lock(&s->lock);
    swap(&s->name, &name);
    swap(&s->version, &version);
    swap(&s->os, &os);
    pthread_mutex_unlock(&s->lock);
    return JRPC_OK;
}

void software_write(software_said *s, buf *out)
{
    pthread_mutex_lock(&s->lock);
    buf_append_lit(out, "<query xmlns='" NS_VERSION "'><name>");
    xml_append(out, s->name ? s->name : "jabber-rpc");
    buf_append_lit(out, "</name><version>");
    xml_append(out, s->version ? s->version : s->name ? "" : JRPC_VERSION);
    buf_append_lit(out, "</version>");
    if (s->os) {
        buf_append_lit(out, "<os>");
        xml_append(out, s->os);
        buf_append_lit(out, "</os>");
    }
    buf_append_lit(out, "</query>");
    pthread_mutex_unlock(&s->lock);
}
