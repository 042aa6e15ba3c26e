/* SPDX-License-Identifier: MIT */
/*
 * What could be better in a file that is right: findings are warnings of the front's diagnostics.
 *
 *     const ast_unit *unit = front_read(f, "bank.idl");
 *     if (unit) lint_run(f, unit, text, len, NULL, 0);
 *
 * In the file, `// idl-lint: allow(rule, rule) why` silences rules on its line, or in the declaration below it;
 * `// idl-lint: enable(rule) disable(rule)` before the first declaration holds for the whole file.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include <jrpc/status.h>

#include "front/front.h"
#include "lint/rules.h"

/* Of the command line: applied behind what the file says, in order. */
typedef struct lint_change {
    const char *rules; /* "id,id" or "all" */
    bool on;
} lint_change;

/* text is what the main file holds. NOMEM; TOO_LARGE. */
jrpc_status lint_run(front *f, const ast_unit *unit, const char *text, size_t len, const lint_change *changes,
                     size_t change_count);

#endif
