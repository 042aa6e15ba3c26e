/* SPDX-License-Identifier: MIT */
/* The handshake of an external component. */
#include "link/component.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "link/xml.h"

enum { ID_MAX = 1024 };

void component_log(stream *s, const char *message)
{
    static const char header[] = "RECV: <stream:stream ", attribute[] = " id=\"";
    if (strncmp(message, header, sizeof header - 1) != 0)
        return;
    const char *id = strstr(message, attribute);
    const char *end = id ? strchr(id + sizeof attribute - 1, '"') : NULL;
    if (!end)
        return;
    id += sizeof attribute - 1;
    if (end - id > ID_MAX)
        return;
    free(s->stream_id);
    s->stream_id = strndup(id, (size_t)(end - id));
}

void component_handshake(stream *s)
{
    char where[STREAM_WHERE_MAX];
    AUTO(buf_done) buf proof = BUF_INIT;
    AUTO(buf_done) buf b = BUF_INIT;
    s->phase = STREAM_HANDSHAKE;
    if (!s->stream_id) {
        stream_fail(s, JRPC_E_STREAM, stream_where(s, where), NULL,
                    "the server's stream has no id to prove the secret on");
        return;
    }
    buf_append_str(&proof, s->stream_id);
    buf_append_str(&proof, s->password ? s->password : "");
    char *digest =
        buf_failed(&proof) ? NULL : xmpp_sha1(s->ctx, (const unsigned char *)proof.data, proof.len);
    if (proof.data)
        explicit_bzero(proof.data, proof.len);
    if (!digest) {
        stream_fail_nomem(s);
        return;
    }
    buf_printf(&b, "<handshake>%s</handshake>", digest);
    xmpp_free(s->ctx, digest);
    stream_write_buf(s, &b);
}
