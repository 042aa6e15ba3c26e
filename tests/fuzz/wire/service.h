/* SPDX-License-Identifier: MIT */
/* A caller and a callee over the switch in this process, no thread but the one that fuzzes. */
#ifndef FUZZ_SERVICE_H
#define FUZZ_SERVICE_H

#include <jrpc/jrpc.h>
#include <jrpc/desc.h>

#include "base/buf.h"
#include "link/loopback.h"

#define SERVICE_CALLER "caller@localhost/fuzz"
#define SERVICE_CALLEE "callee@localhost/fuzz"

typedef struct service {
    loopback *hub;
    jrpc_session *caller, *callee;
    jrpc_peer *peer;
} service;

/* Zoo zoo(in Zoo value) raises (Bank::NoMoney); any any(in any value); and those of the zoo: ping, add, split, get. */
extern const jrpc_interface service_interface;
enum { SERVICE_ZOO, SERVICE_ANY, SERVICE_ADD, SERVICE_SPLIT, SERVICE_GET, SERVICE_PING };

/* The one of this process; aborts when it cannot be had. */
service *service_get(void);
/* Gives text as a stanza to the session of that name; false when it is not well-formed XML. */
bool service_inject(service *s, const char *to, const buf *text);
/* Lets both do what there is to do. */
void service_run(service *s);
/* Aborts unless a call is answered as it should be. */
void service_check(service *s);

#endif
