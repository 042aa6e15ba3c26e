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
    unsigned pings; /* how often ping has run */
} service;

/* Zoo zoo(in Zoo value) raises (Bank::NoMoney); any any(in any value); and those of the zoo: ping, add, split, get. */
extern const jrpc_interface service_interface;
enum { SERVICE_ZOO, SERVICE_ANY, SERVICE_ADD, SERVICE_SPLIT, SERVICE_GET, SERVICE_PING };

/* The one of this process; aborts when it cannot be had. */
service *service_get(void);
/* Gives text as a stanza to the session of that name; false when it is not well-formed XML. */
bool service_inject(service *s, const char *to, const buf *text);
/* A filter of the hub's: a call's id is written to userdata, SERVICE_ID_ROOM characters, and the call goes no further. */
enum { SERVICE_ID_ROOM = 128 };
bool service_catch_call(void *userdata, const char *from, const char *to, const char *stanza, size_t len);
/* Lets both do what there is to do. */
void service_run(service *s);
/* Aborts unless a call is answered as it should be. */
void service_check(service *s);

#endif
