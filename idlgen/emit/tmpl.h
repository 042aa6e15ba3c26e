/* SPDX-License-Identifier: MIT */
/* Templates: text that looks like the output, with @named@ holes. */
#ifndef EMIT_TMPL_H
#define EMIT_TMPL_H

#include "base/buf.h"

typedef struct tmpl_hole {
    const char *name, *text;
} tmpl_hole;

/* holes end with one without name. A hole that has no text is a mistake of ours and asserts. */
void tmpl_emit(buf *out, const char *text, const tmpl_hole *holes);

/* TMPL(out, template, { "type", type }, { "name", name }); */
#define TMPL(out, text, ...) tmpl_emit((out), (text), (const tmpl_hole[]){ __VA_ARGS__, { NULL, NULL } })

#endif
