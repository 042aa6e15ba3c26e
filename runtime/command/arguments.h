/* SPDX-License-Identifier: MIT */
/* The in and inout values of one call that a person makes, while they are put together. One thread. */
#ifndef COMMAND_ARGUMENTS_H
#define COMMAND_ARGUMENTS_H

#include <jrpc/desc.h>

#include "base/buf.h"
#include "text/words.h"

typedef struct arguments {
    const jrpc_method *method; /* borrowed: whoever has it registered must keep it */
    size_t count;
    void **values; /* storage of each in and inout parameter in order, zero at first */
} arguments;

/* NOMEM. arguments_done() in any case. */
jrpc_status arguments_init(arguments *a, const jrpc_method *method);
void arguments_done(arguments *a);

/* The parameter of this index among the in and inout ones, from 0; NULL behind the last. */
const jrpc_param *arguments_param(const jrpc_method *method, size_t index);
size_t arguments_expected(const jrpc_method *method);

/* From words. INVALID: what is wrong with which argument, and what was expected, is appended to why. NOMEM. */
jrpc_status arguments_read_words(arguments *a, const word *list, size_t count, buf *why);

#endif
