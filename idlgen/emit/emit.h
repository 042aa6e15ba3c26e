/* SPDX-License-Identifier: MIT */
/*
 * C code from the checked tree of one IDL file.
 *
 *     emit_options options = { .parts = EMIT_DEFAULT, .outdir = "build" };
 *     if (emit_check(unit, &options, front_diag(f)) == JRPC_OK)
 *         status = emit_write(unit, &options, &failure);
 *
 * The outputs of calc.idl are calc.h, calc-types.c, calc-client.c, calc-server.c, calc-module.c,
 * calc-impl.c; the reference is calc.md or calc.html; in Python calc.py and
 * jrpc_scalars.py, jrpc_types.py, jrpc_messages.py, jrpc_slixmpp.py, jrpc_xml.py.
 * Nothing here is global; one thread at a time per unit.
 */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include <jrpc/status.h>

#include "base/buf.h"
#include "front/ast.h"
#include "front/diag.h"

typedef enum emit_part {
    EMIT_HEADER = 1,
    EMIT_TYPES = 2,
    EMIT_CLIENT = 4,
    EMIT_SERVER = 8,
    EMIT_MODULE = 16, /* what makes the server side a module of rpc-server */
    EMIT_IMPL = 32,   /* a first implementation to start from: never overwritten */
    EMIT_MARKDOWN = 64, /* the reference of the interfaces, for people */
    EMIT_HTML = 128,
    EMIT_PYTHON = 256, /* the module of the file; the next five are its support, always the same */
    EMIT_PYTHON_SCALARS = 512,
    EMIT_PYTHON_TYPES = 1024,
    EMIT_PYTHON_MESSAGES = 2048,
    EMIT_PYTHON_SLIXMPP = 4096,
    EMIT_PYTHON_XML = 8192,
    EMIT_PYTHON_ALL = 0x3F00,
    EMIT_LAST = EMIT_PYTHON_XML,
    EMIT_DEFAULT = EMIT_HEADER | EMIT_TYPES | EMIT_CLIENT | EMIT_SERVER,
    EMIT_ALL = EMIT_DEFAULT | EMIT_MODULE | EMIT_IMPL
} emit_part;

typedef struct emit_options {
    unsigned parts;     /* emit_part, several */
    bool blocking_only; /* only the stubs that wait for the answer: no _send(), _finish() and _reply() */
    const char *prefix; /* put in front of every C name that has no @c_name; NULL: nothing */
    const char *stem;   /* base of the outputs' names; NULL: the input's name without folder and ".idl" */
    const char *outdir; /* NULL: the current folder */
    const char *output; /* path of the output, when parts has one bit; "-": standard output. NULL: by stem */
} emit_options;

/*
 * Checks that all C names of the outputs are different and free to use; a clash is reported with both places.
 * INVALID (there are reports in d), NOMEM. The functions below expect a unit that passed.
 */
jrpc_status emit_check(const ast_unit *unit, const emit_options *options, diag *d);

/* The path of one output, in a new string; NULL without memory. part is one bit. */
char *emit_output_name(const ast_unit *unit, const emit_options *options, emit_part part);

/* The text of one output, appended. NOMEM. */
jrpc_status emit_render(const ast_unit *unit, const emit_options *options, emit_part part, buf *out);

/* The file that could not be written, and why. */
typedef struct emit_failure {
    char path[512];
    char reason[128];
} emit_failure;

/*
 * Writes all outputs. They are made in memory first; each file appears whole or not at all; one that would
 * not change is not touched. An implementation file that exists is left alone. IO, NOMEM.
 */
jrpc_status emit_write(const ast_unit *unit, const emit_options *options, emit_failure *ret_failure);

#endif
