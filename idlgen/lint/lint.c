/* SPDX-License-Identifier: MIT */
/* Lint: one run over one file. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fmt/shape.h"
#include "front/diag_list.h"
#include "lint/linter.h"

static bool is_allowed(linter *l, lint_rule rule, place where)
{
    bool allowed = false;
    for (size_t i = 0; i < l->allow_count; i++) {
        lint_allow *a = &l->allows[i];
        if (a->rule != rule || where.offset < a->start || where.offset >= a->end)
            continue;
        a->used = allowed = true;
    }
    return allowed;
}

void *lint_grow(linter *l, void *array, size_t count, size_t *cap, size_t element)
{
    if (count < *cap)
        return array;
    size_t want = *cap ? *cap * 2 : 16;
    void *bigger = realloc(array, want * element);
    l->failed |= !bigger;
    if (bigger)
        *cap = want;
    return bigger;
}

void lint_report(linter *l, lint_rule rule, place where, const char *format, ...)
{
    buf message = BUF_INIT;
    va_list ap;
    if (!l->set.on[rule] || is_allowed(l, rule, where))
        return;
    lint_finding *bigger = lint_grow(l, l->findings, l->finding_count, &l->finding_cap, sizeof *bigger);
    if (!bigger)
        return;
    l->findings = bigger;
    va_start(ap, format);
    buf_vprintf(&message, format, ap);
    va_end(ap);
    bigger[l->finding_count] = (lint_finding){ rule, where, buf_take(&message), l->finding_count };
    l->failed |= !bigger[l->finding_count++].message;
    buf_done(&message);
}

static int compare_findings(const void *one, const void *two)
{
    const lint_finding *a = one, *b = two;
    if (a->where.offset != b->where.offset)
        return a->where.offset < b->where.offset ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* In the order of the file. */
static void give_findings(linter *l)
{
    if (l->finding_count)
        qsort(l->findings, l->finding_count, sizeof *l->findings, compare_findings);
    for (size_t i = 0; i < l->finding_count; i++) {
        const lint_finding *f = &l->findings[i];
        if (!l->failed)
            diag_report(front_diag(l->front), DIAG_WARNING, lint_rule_id(f->rule), f->where, "%s", f->message);
        free(f->message);
    }
    free(l->findings);
}

bool lint_is_own(const ast_node *node)
{
    return !node->include;
}

/* ---- all nodes ---- */

typedef void visitor(linter *l, const ast_node *node);

static void walk_node(linter *l, const ast_node *node, visitor *visit);

static void walk_list(linter *l, const ast_list *list, visitor *visit)
{
    for (size_t i = 0; i < list->len; i++) {
        if (lint_is_own(list->at[i]))
            walk_node(l, list->at[i], visit);
    }
}

/* Modules nest as deep as the front end lets them. */
static void walk_node(linter *l, const ast_node *node, visitor *visit)
{
    visit(l, node);
    switch (node->kind) {
    case AST_MODULE: walk_list(l, &node->module.definitions, visit); break;
    case AST_INTERFACE: walk_list(l, &node->interface.body, visit); break;
    case AST_OPERATION: walk_list(l, &node->operation.params, visit); break;
    case AST_STRUCT: walk_list(l, &node->structure.members, visit); break;
    case AST_EXCEPTION: walk_list(l, &node->exception.members, visit); break;
    case AST_UNION: walk_list(l, &node->union_.arms, visit); break;
    case AST_ENUM: walk_list(l, &node->enumeration.enumerators, visit); break;
    case AST_BITMASK: walk_list(l, &node->bitmask.bits, visit); break;
    default: break;
    }
}

void lint_walk(linter *l, visitor *visit)
{
    walk_list(l, &l->unit->definitions, visit);
}

/* ---- the run ---- */

static void check_node(linter *l, const ast_node *node)
{
    lint_names(l, node);
    lint_habits(l, node);
    lint_wire(l, node);
}

static void check(linter *l, const lint_change *changes, size_t change_count)
{
    l->set = lint_set_default();
    lint_comments_read(l);
    for (size_t i = 0; i < change_count; i++) {
        const char *bad;
        size_t bad_len;
        lint_set_change(&l->set, changes[i].rules, strlen(changes[i].rules), changes[i].on, &bad, &bad_len);
    }
    if (l->failed)
        return;
    lint_walk(l, check_node);
    lint_unused(l);
    lint_comments_finish(l);
}

jrpc_status lint_run(front *f, const ast_unit *unit, const char *text, size_t len, const lint_change *changes,
                     size_t change_count)
{
    linter l = { .front = f, .unit = unit, .words = MAP_INIT, .used = MAP_INIT };
    jrpc_status status = scan_text(text, len, &l.items);
    if (status == JRPC_OK)
        status = shape_run(&l.items);
    if (status == JRPC_OK) {
        l.text = scan_source(&l.items, &l.len);
        check(&l, changes, change_count);
    }
    give_findings(&l);
    if (status == JRPC_OK && (l.failed || front_diag(f)->failed))
        status = JRPC_E_NOMEM;
    free(l.allows);
    map_done(&l.words);
    map_done(&l.used);
    scan_done(&l.items);
    return status;
}
