/* SPDX-License-Identifier: MIT */
/* A program as it was before this library: an xmlrpc-c registry of ten methods and more, and what is asked of it. */
#ifndef SCENARIO_OLD_PROGRAM_H
#define SCENARIO_OLD_PROGRAM_H

#include "pair.h"

#include <jrpc/xmlrpc.h>

#include <string.h>

#include <xmlrpc-c/server.h>

void release_value(xmlrpc_value **value);
#define AUTO_VALUE AUTO(release_value) xmlrpc_value *
#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

typedef struct old_program {
    xmlrpc_registry *registry;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    unsigned running, most; /* calls of old.slow at one time */
    bool open;              /* its gate */
    char caller[64];        /* of old.caller */
    unsigned invoked;       /* calls that the preinvoke function saw */
} old_program;

/* The method of old.echo. */
xmlrpc_value *echo(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call);

old_program *new_program(void);
void free_program(old_program *o);

/* Calls of old.slow end from now on. */
void open_gate(old_program *o);
void wait_running(old_program *o, unsigned count);

/* xmlrpc_build_value() that succeeds; the caller owns the value. */
xmlrpc_value *build(const char *format, ...);

/* A call in each form. They take params over, which may be NULL. */
jrpc_status ask(jrpc_peer *peer, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result, jrpc_error *error);
int ask_int(jrpc_peer *peer, const char *method, xmlrpc_value *params);
void expect_fault(jrpc_peer *peer, const char *method, xmlrpc_value *params, jrpc_status status, int32_t code,
                  const char *part);

/* A pair whose b serves the registry; pair_close() ends it. */
pair *open_mounted(old_program *o, const jrpc_session_options *of_b, const jrpc_registry_options *options);

/* The registry's preinvoke function, which is set by the test that needs it. */
void before(xmlrpc_env *env, const char *method, xmlrpc_value *params, void *userdata);

#endif
