/* SPDX-License-Identifier: MIT */
/*
 * What TLS has decrypted and not handed out is invisible to poll(2), and a stanza in there would wait until the next one
 * comes. Nor does libstrophe tell whether there is some. So what TLS may hold is reckoned, from above:
 *
 * - What TLS reads is no less than what it hands out, for nothing is compressed.
 * - A pass makes one read of TLS, of at most PASS_BYTES. That goes to the socket only when nothing decrypted is left, and
 *   then for one record alone: OpenSSL does not read ahead, and libstrophe does not ask it to.
 * - So when a read has given something (an element came out), either it was PASS_BYTES, or TLS is empty: half a record is not
 *   begun before the next read.
 * - A read that gave nothing that we see, the middle of a long stanza or half a record, proves nothing. Then passes are made
 *   until nothing has been read from the socket for as many as empty the largest record.
 */
#include "link/intake.h"

#include "link/negotiate.h"
#include "link/socket.h"

enum {
    PASS_BYTES = 4096,
    HIDDEN_PASSES = 4, /* a record is 16,384 bytes at most */
    MANY_PASSES = 256, /* 1 MiB, and then the others have their turn */
};

typedef struct intake {
    unsigned quiet;  /* passes since something was read from the socket */
    bool handed_out; /* something came out since then */
} intake;

/* One pass, and what it left to do. False: the connection is gone or going. */
static bool pass(stream *s)
{
    s->queued = s->handed_out = false;
    xmpp_run_once(s->ctx, 0);
    negotiate_todo(s);
    return !s->failed && s->connected;
}

/* After a pass that has taken so many bytes from the socket. */
static void reckon(stream *s, intake *i, uint64_t taken)
{
    s->held += taken;
    i->quiet = taken ? 0 : i->quiet + 1;
    i->handed_out = s->handed_out || (i->handed_out && !taken);
    if (s->handed_out)
        s->held -= s->held < PASS_BYTES ? s->held : PASS_BYTES;
    else if (i->handed_out && i->quiet >= HIDDEN_PASSES)
        s->held = 0; /* else it may be half a record, to which the rest will come */
}

/* Is all read that can be, here or seen by poll(2)? */
static bool is_done(stream *s, intake *i)
{
    uint64_t consumed = 0, waiting = 0;
    const bool known = socket_bytes_read(s->fd, &consumed, &waiting);
    const uint64_t taken = known && consumed > s->consumed ? consumed - s->consumed : 0;
    const bool secured = xmpp_conn_is_secured(s->conn); /* each time: a pass may begin TLS */
    s->consumed += taken;
    reckon(s, i, taken);
    /* libstrophe writes first and reads then: what reading has queued takes another pass. */
    if (s->queued)
        return false;
    const unsigned enough = secured ? HIDDEN_PASSES : 1;
    if (i->quiet > enough)
        return true;
    return known && waiting == 0 && (!secured || s->held == 0 || i->quiet == enough);
}

void intake_all(stream *s)
{
    intake state = { 0, false };
    s->hungry = false;
    for (unsigned made = 1; pass(s) && !is_done(s, &state); made++) {
        /* Nobody may keep us here by sending without end. */
        s->hungry = made >= MANY_PASSES;
        if (s->hungry)
            return;
    }
}
