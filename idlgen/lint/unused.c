/* SPDX-License-Identifier: MIT */
/* What nothing uses: included files, types, exceptions. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "front/token.h"
#include "lint/linter.h"

/* ---- words ---- */

typedef struct includes {
    bool *used;
    linter *l;
} includes;

static bool is_wordy(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void mark_include(includes *in, const ast_include *include)
{
    size_t i = 0;
    for (const ast_include *at = in->l->unit->includes; at && include; at = at->next, i++) {
        if (at == include)
            in->used[i] = true;
    }
}

static void add_word(includes *in, const char *text, size_t len)
{
    bool escaped = len > 1 && text[0] == '_';
    if (!map_put(&in->l->words, text + escaped, len - escaped, in->l))
        in->l->failed = true;
    mark_include(in, front_macro_include(in->l->front, text, len));
}

/* The words of the main file: what they name is used. */
static void read_words(includes *in)
{
    const fmt_items *items = &in->l->items;
    for (size_t i = 0; i < items->len; i++) {
        const fmt_item *item = &items->at[i];
        bool is_word = item->kind == FMT_TOKEN && item->token == TOKEN_WORD;
        if (!is_word && item->kind != FMT_DIRECTIVE)
            continue;
        for (size_t at = 0, end; at < item->len; at = end + 1) {
            for (end = at; end < item->len && is_wordy(item->text[end]); end++)
                ;
            if (end > at)
                add_word(in, item->text + at, end - at);
        }
    }
}

/* ---- included files ---- */

static void mark_definitions(includes *in, const ast_list *list);

/* Through what was it included, if the main file names it or something in it? */
static void mark_definition(includes *in, const ast_node *node)
{
    bool named = node->kind != AST_MODULE && map_get_str(&in->l->words, node->name) != NULL;
    if (node->kind == AST_MODULE)
        mark_definitions(in, &node->module.definitions);
    if (node->kind == AST_INTERFACE)
        mark_definitions(in, &node->interface.body);
    if (node->kind == AST_ENUM)
        mark_definitions(in, &node->enumeration.enumerators);
    if (named && node->kind != AST_OPERATION && node->kind != AST_ATTRIBUTE)
        mark_include(in, node->include);
}

static void mark_definitions(includes *in, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        if (!lint_is_own(list->at[i]))
            mark_definition(in, list->at[i]);
    }
}

static void check_includes(linter *l)
{
    autofree bool *used = calloc(l->unit->include_count + 1, sizeof *used);
    includes in = { used, l };
    if (!used) {
        l->failed = true;
        return;
    }
    read_words(&in);
    mark_definitions(&in, &l->unit->definitions);
    size_t i = 0;
    for (const ast_include *at = l->unit->includes; at && !l->failed; at = at->next, i++) {
        if (!used[i])
            lint_report(l, LINT_INCLUDE_UNUSED, at->place, "nothing of '%s' is used here", at->name);
    }
}

/* ---- types ---- */

/* What a definition says of itself, or of what it stands in, is no use. */
static void mark(linter *l, const ast_node *user, const ast_node *used)
{
    bool itself = false;
    for (const ast_node *at = user; at && !itself; at = at->parent)
        itself = at == used;
    if (used && !itself && !map_put(&l->used, (const char *)&used, sizeof used, l))
        l->failed = true;
}

static void mark_type(linter *l, const ast_node *user, const ast_type *type)
{
    for (; type; type = type->element) {
        mark(l, user, type->def);
        if (type->key)
            mark(l, user, type->key->def);
    }
}

static void mark_raised(linter *l, const ast_node *user, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        mark(l, user, list->at[i]);
}

static void mark_uses(linter *l, const ast_node *node)
{
    mark_type(l, node, ast_node_type(node));
    switch (node->kind) {
    case AST_STRUCT: mark(l, node, node->structure.base); break;
    case AST_UNION: mark_type(l, node, node->union_.discriminator); break;
    case AST_OPERATION: mark_raised(l, node, &node->operation.raises); break;
    case AST_ATTRIBUTE:
        mark_raised(l, node, &node->attribute.get_raises);
        mark_raised(l, node, &node->attribute.set_raises);
        break;
    default: break;
    }
}

/* A file with operations says what its types are for; others are there to be included. */
static void find_operation(linter *l, const ast_node *node)
{
    l->has_operations |= node->kind == AST_OPERATION || node->kind == AST_ATTRIBUTE;
}

static void check_type(linter *l, const ast_node *node)
{
    bool is_type = node->kind == AST_STRUCT || node->kind == AST_UNION || node->kind == AST_ENUM ||
                   node->kind == AST_BITMASK || node->kind == AST_TYPEDEF;
    if ((!is_type && node->kind != AST_EXCEPTION) || map_get(&l->used, (const char *)&node, sizeof node))
        return;
    if (is_type)
        lint_report(l, LINT_TYPE_UNUSED, node->place, "nothing in this file uses '%s'", node->scoped);
    else
        lint_report(l, LINT_TYPE_UNUSED, node->place, "nothing in this file raises exception '%s'", node->scoped);
}

void lint_unused(linter *l)
{
    check_includes(l);
    lint_walk(l, find_operation);
    lint_walk(l, mark_uses);
    if (l->has_operations && !l->failed)
        lint_walk(l, check_type);
}
