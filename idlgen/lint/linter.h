/* SPDX-License-Identifier: MIT */
/* What the rules share. */
#ifndef LINT_LINTER_H
#define LINT_LINTER_H

#include "base/map.h"
#include "fmt/scan.h"
#include "front/front.h"
#include "lint/rules.h"

/* One rule of an idl-lint: allow() comment. */
typedef struct lint_allow {
    lint_rule rule;
    uint32_t start, end; /* bytes of the file that it is for */
    place where;         /* of the rule's id in the comment */
    bool used;
} lint_allow;

typedef struct lint_finding {
    lint_rule rule;
    place where;
    char *message;
    size_t index; /* in the order they were found */
} lint_finding;

typedef struct linter {
    front *front;
    const ast_unit *unit;
    const char *text;
    uint32_t len;
    fmt_items items; /* of the main file, with their shape */
    lint_set set;
    lint_allow *allows;
    size_t allow_count, allow_cap;
    lint_finding *findings;
    size_t finding_count, finding_cap;
    map words; /* all words of the main file, those of directives too */
    map used;  /* definitions in use, by their addresses */
    bool has_operations;
    bool failed; /* no memory */
} linter;

/* Unless the rule is off or allowed there. */
void lint_report(linter *l, lint_rule rule, place where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Room for one more element: doubles *cap when count has reached it. NULL without memory. */
void *lint_grow(linter *l, void *array, size_t count, size_t *cap, size_t element);

/* Is it defined in the main file? */
bool lint_is_own(const ast_node *node);

/* Calls visit for all nodes of the main file, what contains others first. */
void lint_walk(linter *l, void (*visit)(linter *l, const ast_node *node));

/* ---- comments.c ---- */
void lint_comments_read(linter *l);
void lint_comments_finish(linter *l); /* the allow() that allowed nothing */

/* ---- the rules, by file ---- */
void lint_names(linter *l, const ast_node *node);
void lint_habits(linter *l, const ast_node *node);
void lint_wire(linter *l, const ast_node *node);
void lint_unused(linter *l);

#endif
