/* SPDX-License-Identifier: MIT */
/*
 * Registry: the named methods of one server. Exact match of the wire name, nothing else can be reached. Methods come and
 * go at run time: one that runs is kept by its reference. Any thread.
 */
#ifndef SERVE_REGISTRY_H
#define SERVE_REGISTRY_H

#include <pthread.h>
#include <stdatomic.h>

#include <jrpc/desc.h>
#include <jrpc/serve.h>
#include <jrpc/xmlrpc.h>

#include "base/map.h"
#include "serve/invoke.h"
#include "serve/tenancy.h"
#include "wire/native.h"

/* Takes the parameters in their own way. Driving thread. */
typedef jrpc_status registry_decode_fn(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params);

/* See mount.h. */
typedef struct mounted mounted;

typedef struct registry_method {
    atomic_uint references;
    char *name; /* wire name */
    /* With types: */
    const jrpc_method *method; /* NULL for one without */
    invoke_plan *plan;
    invoke_fn function;
    /* Without: */
    jrpc_value_fn value_handler;
    char *help;
    registry_decode_fn *decode; /* in place of the array of values; or NULL */
    mounted *mounted; /* of a registry of xmlrpc-c's; or NULL */
    const char *signature; /* "result parameter...", XML-RPC's names of types; NULL: not known. Static */
    void *userdata;
    tenancy *tenancy; /* one use of it: what was registered together */
    struct registry_method *successor; /* for moments, under the registry's lock: who is to take its place */
} registry_method;

typedef struct registry {
    pthread_mutex_t lock;
    map methods; /* wire name -> registry_method */
    tenancies tenancies; /* by interface; of a method without types, by itself. With a lock of their own */
} registry;

typedef struct registry_services {
    const jrpc_module_service *services;
    size_t count;
} registry_services;

void registry_init(registry *r);
void registry_done(registry *r);

/*
 * In one step: all methods of the old services go, and all of the new ones come. EXISTS: a name is taken by others than the
 * old ones; INVALID (the tables of the new ones), NOMEM; then nothing has changed.
 */
jrpc_status registry_swap(registry *r, const registry_services *olds, const registry_services *news, void *userdata,
                          jrpc_error *error);
/* All methods of an interface, or none: EXISTS, INVALID (its tables), NOMEM. */
jrpc_status registry_add_interface(registry *r, const jrpc_interface *interface_, const void *impl, void *userdata,
                                   jrpc_error *error);
jrpc_status registry_add_value(registry *r, const char *name, jrpc_value_fn handler, void *userdata, const char *help,
                               jrpc_error *error);
/* All of them, which are taken over, or none. EXISTS, INVALID (a name), NOMEM. */
jrpc_status registry_add_mounted(registry *r, registry_method *const *methods, size_t count, jrpc_error *error);
/* Those of this registry of xmlrpc-c's. */
void registry_remove_mounted(registry *r, const struct xmlrpc_registry *from);
/* NOT_FOUND when none of its methods is there. */
jrpc_status registry_remove_interface(registry *r, const jrpc_interface *interface_, jrpc_error *error);

/* NOT_FOUND: there is none, or it is of an interface. *ret_key is what tenancy_wait() knows it by. */
jrpc_status registry_remove_value(registry *r, const char *name, const void **ret_key, jrpc_error *error);

/* In no registry yet; uses the tenancy. NULL without memory. */
registry_method *registry_method_new(const char *name, tenancy *t, void *userdata);
/* What it takes and gives: of one with types, or a mounted one with a signature; else NULL. As long as it is there. */
const jrpc_method *registry_described(const registry_method *m);
/* A new reference, or NULL. */
registry_method *registry_find(registry *r, const char *name);
void registry_method_unref(registry_method *m);

/* NOT_FOUND with the nearest name when there is none. */
jrpc_status registry_check(registry *r, const char *name, jrpc_error *error);
/* The wire names in alphabetical order, as a sequence that the caller clears. NOMEM. */
jrpc_status registry_list(registry *r, jrpc_seq_string *ret_names);

#endif
