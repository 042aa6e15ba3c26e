/* SPDX-License-Identifier: MIT */
/* A look-up on a thread of its own, for the resolver of libc blocks as long as it likes. */
#ifndef LINK_LOOKUP_H
#define LINK_LOOKUP_H

#include "link/address.h"

typedef struct lookup lookup;

/* The strings are copied. NOMEM. */
jrpc_status lookup_start(const address_query *query, lookup **ret_lookup, jrpc_error *error);
/* Readable when it is done. */
int lookup_fd(const lookup *l);
/* False while it runs. Else *ret_status, the list or the error: once. */
bool lookup_take(lookup *l, address_list *ret_list, jrpc_status *ret_status, jrpc_error *error);
/* Whether it is done or not; the thread ends by itself. NULL is fine. */
void lookup_drop(lookup *l);

#endif
