/* SPDX-License-Identifier: MIT */
/* Logging in: the SASL mechanisms, by GNU SASL. Knows no XML and no socket. */
#ifndef LINK_SASL_H
#define LINK_SASL_H

#include <stdbool.h>

#include <jrpc/error.h>

#include "base/buf.h"

/* What a server offers. */
typedef struct sasl_offer {
    buf names;      /* for messages: "PLAIN, X-TOKEN" */
    unsigned known; /* bits of those we could use */
} sasl_offer;

#define SASL_OFFER_INIT \
    { \
        BUF_INIT, 0 \
    }

void sasl_offer_done(sasl_offer *offer);
void sasl_offer_add(sasl_offer *offer, const char *mechanism);
/* Ways to log in that we are willing to use. */
typedef enum sasl_way {
    SASL_EXTERNAL = 1, /* the certificate shown in TLS (XEP-0178) */
    SASL_SCRAM = 2,    /* the password is proved */
    SASL_PLAIN = 4     /* the password is sent */
} sasl_way;
/* The best that both sides can, static; NULL when there is none. ways: bits. */
const char *sasl_offer_best(const sasl_offer *offer, unsigned ways);

/* 0 is the best mechanism, SASL_RANKS one that we do not know. */
enum { SASL_RANKS = 5 };
int sasl_rank(const char *mechanism);

typedef struct sasl sasl;

/* The password is not kept longer than this lives, and wiped. INTERNAL (no such mechanism), NOMEM. */
jrpc_status sasl_new(const char *mechanism, const char *user, const char *password, sasl **ret_sasl,
                     jrpc_error *error);
/* EXTERNAL: account is the bare JID to be logged in as, "" when the certificate says it. */
jrpc_status sasl_new_external(const char *account, sasl **ret_sasl, jrpc_error *error);
void sasl_free(sasl *s);

/*
 * One step: challenge is base64, NULL for the first one (initial response). The answer is base64 in a heap
 * string that secret_free() frees. AUTH: the challenge is wrong, asks too much, or the server does not
 * know the password.
 */
jrpc_status sasl_step(sasl *s, const char *challenge, char **ret_response, jrpc_error *error);
/*
 * The server says that all is well; data is what came with it (base64, may be empty). AUTH unless the
 * mechanism has nothing more to prove: SCRAM's server must have shown that it knows the password too.
 */
jrpc_status sasl_end(sasl *s, const char *data, jrpc_error *error);

#endif
