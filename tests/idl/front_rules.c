/* SPDX-License-Identifier: MIT */
/* Every page of `idlgen explain`: the wrong example breaks exactly that rule, the right one none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "explain.h"
#include "front/diag_list.h"
#include "front/front.h"
#include "lint/lint.h"

static int number;

static void report(bool good, const char *rule, const char *what)
{
    printf("%s %d - %s: %s\n", good ? "ok" : "not ok", ++number, rule, what);
}

/* All rules, but for those that most examples would break. */
static void lint(front *f, const ast_unit *unit, const char *rule, const char *text)
{
    const lint_change changes[] = {
        { "all", true }, { "doc-missing,fault-implicit,wire-optional", false }, { rule, true }
    };
    if (lint_run(f, unit, text, strlen(text), changes, sizeof changes / sizeof changes[0]) != JRPC_OK)
        abort();
}

/* Reads and checks the text, the emitters' checks included; those of --module and --python for their own pages. */
static front *examine(const char *rule, const char *text)
{
    static const front_options options = { .no_files = true };
    front *f = front_new(&options);
    if (!f || front_add_file(f, "example.idl", text, strlen(text)) != JRPC_OK)
        abort();
    const ast_unit *unit = front_read(f, "example.idl");
    emit_options emit = { .parts = EMIT_DEFAULT };
    if (strcmp(rule, "empty-module") == 0)
        emit.parts |= EMIT_MODULE;
    if (strcmp(rule, "python-name-clash") == 0)
        emit.parts |= EMIT_PYTHON;
    if (unit && emit_check(unit, &emit, front_diag(f)) == JRPC_E_NOMEM)
        abort();
    if (unit && lint_rule_find(rule, strlen(rule)) != LINT_RULE_COUNT)
        lint(f, unit, rule, text);
    return f;
}

static void print_found(const diag *d)
{
    for (const diag_entry *entry = d->first; entry; entry = entry->next) {
        place_position at = place_find(entry->where);
        printf("#   %u:%u: %s [%s]\n", at.line, at.column, entry->message, entry->rule ? entry->rule : "");
    }
}

static void test_page(const explain_page *page)
{
    /* Those with OLD are two files, and each of them is right: breaking.py compares them. */
    bool pair = strstr(page->wrong, "#ifdef OLD") != NULL;
    bool shown = strncmp(page->wrong, "/*", 2) != 0 && !pair, found = false, other = false;
    front *f = examine(page->rule, page->wrong);
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next) {
        if (!entry->rule)
            continue;
        found |= strcmp(entry->rule, page->rule) == 0;
        other |= strcmp(entry->rule, page->rule) != 0;
    }
    report(found == shown && !other, page->rule, "the wrong example breaks this rule only");
    if (found != shown || other)
        print_found(front_diag(f));
    front_free(f);
    f = examine(page->rule, page->right);
    report(front_diag(f)->first == NULL, page->rule, "the right example breaks none");
    print_found(front_diag(f));
    front_free(f);
}

int main(void)
{
    size_t at = 0;
    for (const explain_page *page; (page = explain_next(&at)) != NULL;) {
        test_page(page);
        report(explain_find(page->rule) == page, page->rule, "has one page");
    }
    printf("1..%d\n", number);
    return 0;
}
