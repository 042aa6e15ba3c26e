/* SPDX-License-Identifier: MIT */
/* Scopes. */
#include "front/scope.h"

#include <string.h>

#include "base/suggest.h"
#include "front/diag_list.h"
#include "front/parse.h"

enum { SUGGESTIONS_TRIED = 2000, SUGGESTIONS_MADE = 200 };

scope *scope_new(env *e, scope *parent, ast_node *node)
{
    scope *s = ENV_NEW(e, scope);
    s->parent = parent;
    s->node = node;
    return s;
}

symbol *scope_get(const scope *s, const word *name)
{
    return table_get(&s->symbols, table_key(name->folded));
}

static void put(env *e, scope *s, const word *name, ast_node *node, place where, bool use)
{
    symbol *sym = ENV_NEW(e, symbol);
    *sym = (symbol){ name, node, where, use };
    table_put(e, &s->symbols, table_key(name->folded), sym);
}

void scope_put(env *e, scope *s, const word *name, ast_node *node, place where)
{
    put(e, s, name, node, where, false);
}

/* So that its uses are no mistakes as well. */
static void put_twin(env *e, scope *s, ident name, ast_node *node)
{
    symbol *sym = ENV_NEW(e, symbol);
    *sym = (symbol){ name.word, node, name.where, false };
    table_put(e, &s->twins, table_key(name.word), sym);
}

/* ---- declaring ---- */

static bool is_value_name(ast_kind kind)
{
    return kind == AST_MEMBER || kind == AST_PARAM || kind == AST_ARM;
}

/* The same text read a second time: what is missing is an include guard, and one message says so. */
static bool is_included_twice(parser *p, const symbol *old, ident name)
{
    const source *first = old->where.source, *again = name.where.source;
    if (!first || !again || first == again || first->file != again->file ||
        old->where.offset != name.where.offset)
        return false;
    bool said = again->file->repeated;
    again->file->repeated = true;
    if (said) {
        diag_drop_notes(p->env->diag);
        return true;
    }
    parse_error(p, "include-twice", again->included_from.source ? again->included_from : name.where,
                "'%s' is included a second time and defines its names again; an include guard or '#pragma once' "
                "prevents that",
                again->file->path);
    if (first->included_from.source)
        parse_note(p, first->included_from, "included before from here");
    return true;
}

static void report_redefinition(parser *p, const symbol *old, ident name, const ast_node *node)
{
    const char *extra = "";
    bool same = old->name == name.word;
    if (node->kind == AST_ENUMERATOR || old->node->kind == AST_ENUMERATOR)
        extra = "; enumerators belong to the scope around their enum";
    else if (node->kind == AST_OPERATION && old->node->kind == AST_OPERATION)
        extra = "; IDL has no overloading";
    if (same && is_included_twice(p, old, name))
        return;
    if (same)
        parse_error(p, "name-redefined", name.where, "'%s' is already defined%s", name.word->text, extra);
    else
        parse_error(p, "name-redefined", name.where, "'%s' differs from '%s' only in case%s", name.word->text,
                    old->name->text, extra);
    parse_note(p, old->where, "the earlier %s is here", ast_kind_name(old->node->kind));
    if (old->node->kind == AST_FORWARD)
        old->node->open = true; /* its absence is no mistake of its own */
}

/* The name was used here with the meaning it has outside. */
static bool report_use(parser *p, const symbol *old, ident name, const ast_node *node)
{
    const ast_type *type = ast_node_type(node);

    if (is_value_name(node->kind) && type && type_is_error(type))
        return true; /* enough was said of that name */
    if (is_value_name(node->kind) && old->name != name.word) {
        diag_report(
            p->env->diag, DIAG_WARNING, "name-like-type", name.where,
            "%s '%s' differs from the name '%s' used here only in case; strict IDL compilers refuse it",
            ast_kind_name(node->kind), name.word->text, old->name->text);
        parse_note(p, old->where, "'%s' is used here", old->name->text);
        return true;
    }
    parse_error(p, "name-after-use", name.where,
                "'%s' already means another thing in this scope, where it was used before", name.word->text);
    parse_note(p, old->where, "used here as the %s '%s'", ast_kind_name(old->node->kind), old->node->scoped);
    return false;
}

/* The name of what is around cannot be given to something in it. */
static bool is_own_name(parser *p, const scope *s, ident name, const ast_node *node)
{
    const ast_node *owner = s->node;
    if (!owner || is_value_name(node->kind) || owner->kind == AST_ENUM)
        return false;
    const word *own = env_word(p->env, owner->name, strlen(owner->name));
    if (own->folded != name.word->folded)
        return false;
    parse_error(p, "name-of-scope", name.where, "'%s' is the name of the %s around it", name.word->text,
                ast_kind_name(owner->kind));
    parse_note(p, owner->place, "'%s' begins here", owner->name);
    return true;
}

static bool is_inherited(parser *p, const scope *s, ident name)
{
    const ast_node *base = table_get(&s->inherited, table_key(name.word->folded));
    if (!base)
        return false;
    parse_error(p, "inherit-clash", name.where,
                "'%s' is already inherited from '%s'; IDL has neither overriding nor overloading",
                name.word->text, base->parent ? base->parent->scoped : "");
    parse_note(p, base->place, "the inherited %s is here", ast_kind_name(base->kind));
    return true;
}

bool scope_declare(parser *p, scope *s, ident name, ast_node *node)
{
    if (!name.word)
        return false;
    const symbol *old = scope_get(s, name.word);
    if (old && !old->use) {
        report_redefinition(p, old, name, node);
        if (old->name != name.word)
            put_twin(p->env, s, name, node);
        return false;
    }
    if (old && !report_use(p, old, name, node))
        return false;
    if (is_own_name(p, s, name, node) || is_inherited(p, s, name))
        return false;
    put(p->env, s, name.word, node, name.where, false);
    return true;
}

/* ---- looking up ---- */

typedef struct search {
    const word *name;
    uint32_t stamp;
    size_t steps;
    const symbol *found, *other;
} search;

static void search_bases(search *look, const ast_node *interface)
{
    for (size_t i = 0; i < interface->interface.bases.len; i++) {
        const ast_node *base = interface->interface.bases.at[i];
        scope *s = base->scope;
        if (!s || s->stamp == look->stamp)
            continue;
        s->stamp = look->stamp;
        look->steps++;
        const symbol *sym = scope_get(s, look->name);
        if (!sym || sym->use)
            search_bases(look, base);
        else if (!look->found)
            look->found = sym;
        else if (look->found->node != sym->node)
            look->other = sym;
    }
}

/* In the scope itself and what it inherits. */
static const symbol *find_here(parser *p, const scope *s, ident name, bool with_values, bool *ret_reported)
{
    const symbol *sym = scope_get(s, name.word);
    const symbol *twin = sym && sym->name != name.word ? table_get(&s->twins, table_key(name.word)) : NULL;
    sym = twin ? twin : sym;
    if (sym && (with_values || !is_value_name(sym->node->kind)))
        return sym;
    if (!s->node || s->node->kind != AST_INTERFACE)
        return NULL;
    search look = { .name = name.word, .stamp = ++p->stamp };
    search_bases(&look, s->node);
    p->searched += look.steps;
    if (p->searched > LIMIT_SEARCH)
        pp_fatal(p->pp, "interface-size", name.where,
                 "interfaces inherit so much that looking up names takes too long");
    if (look.other) {
        parse_error(p, "name-ambiguous", name.where, "'%s' is inherited twice: as '%s' and as '%s'",
                    name.word->text, look.found->node->scoped, look.other->node->scoped);
        parse_note(p, look.found->where, "one is here");
        parse_note(p, look.other->where, "the other is here");
        *ret_reported = true;
    }
    return look.found;
}

static ast_node *settle(parser *p, const symbol *sym, ident name)
{
    if (sym->name != name.word) {
        parse_error(p, "name-case", name.where, "'%s' must be written '%s', as where it is defined",
                    name.word->text, sym->name->text);
        parse_note(p, sym->node->place, "'%s' is defined here", sym->name->text);
    }
    return sym->node;
}

/* The name keeps this meaning in the scope that used it; an operation's uses count for its interface. */
static void introduce(parser *p, const symbol *sym, ident name)
{
    for (scope *s = p->scope; s && s->node; s = s->parent) {
        if (!scope_get(s, name.word))
            put(p->env, s, sym->name, sym->node, name.where, true);
        if (!s->is_operation)
            break;
    }
}

ast_node *scope_lookup(parser *p, ident name, bool *ret_reported)
{
    *ret_reported = false;
    for (const scope *s = p->scope; s; s = s->parent) {
        const symbol *sym = find_here(p, s, name, false, ret_reported);
        if (*ret_reported)
            return NULL;
        if (!sym)
            continue;
        if (s != p->scope)
            introduce(p, sym, name);
        return settle(p, sym, name);
    }
    return NULL;
}

ast_node *scope_lookup_in(parser *p, ast_node *owner, ident name, bool *ret_reported)
{
    *ret_reported = false;
    const scope *s = owner ? owner->scope : p->root;
    const symbol *sym = s ? find_here(p, s, name, true, ret_reported) : NULL;
    return sym && !sym->use && !*ret_reported ? settle(p, sym, name) : NULL;
}

/* ---- suggesting ---- */

static bool is_wanted(const symbol *sym, bool types_only)
{
    if (sym->use || is_value_name(sym->node->kind))
        return false;
    return !types_only || (sym->node->kind != AST_OPERATION && sym->node->kind != AST_ATTRIBUTE &&
                           sym->node->kind != AST_CONST && sym->node->kind != AST_ENUMERATOR);
}

static void try_scope(suggestion *best, const scope *s, bool types_only, size_t *tried)
{
    for (size_t i = 0; i < s->symbols.cap && *tried < SUGGESTIONS_TRIED; i++) {
        const symbol *sym = s->symbols.slots[i].value;
        if (!sym || !is_wanted(sym, types_only))
            continue;
        suggest_try(best, sym->name->text);
        ++*tried;
    }
}

/* The name as it is, in another module. */
static const char *find_elsewhere(parser *p, const word *name, bool types_only)
{
    for (size_t i = 0; i < p->root->symbols.cap && i < SUGGESTIONS_TRIED; i++) {
        const symbol *outer = p->root->symbols.slots[i].value;
        if (!outer || !outer->node->scope)
            continue;
        const symbol *sym = scope_get(outer->node->scope, name);
        if (sym && is_wanted(sym, types_only) && sym->name == name)
            return sym->node->scoped;
    }
    return NULL;
}

const char *scope_suggest(parser *p, const ast_node *owner, const word *name, bool types_only)
{
    static const char *const types[] = { "boolean", "octet",  "short",  "long",    "float",   "double",
                                         "char",    "wchar",  "string", "wstring", "any",     "sequence",
                                         "int8",    "int16",  "int32",  "int64",   "uint8",   "uint16",
                                         "uint32",  "uint64", "map",    "void",    "unsigned",
                                         "oneway",  "readonly", "attribute" };
    suggestion best;
    size_t tried = 0;
    if (p->suggested++ >= SUGGESTIONS_MADE)
        return NULL;
    suggest_init(&best, name->text);
    if (owner && owner->scope)
        try_scope(&best, owner->scope, types_only, &tried);
    for (const scope *s = owner ? NULL : p->scope; s; s = s->parent)
        try_scope(&best, s, types_only, &tried);
    for (size_t i = 0; !owner && types_only && i < sizeof types / sizeof types[0]; i++)
        suggest_try(&best, types[i]);
    if (best.best)
        return best.best;
    return owner ? NULL : find_elsewhere(p, name, types_only);
}
