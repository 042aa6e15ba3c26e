/* SPDX-License-Identifier: MIT */
/* Annotations: reading them, and finding what they mean. */
#include "front/annot.h"

#include <string.h>

#include "base/suggest.h"
#include "front/annot_apply.h"

/* ---- reading ---- */

/* A keyword tells that the annotation was left open and the declaration goes on. */
static bool at_keyword(parser *p)
{
    const token *t = parse_peek(p, 0);
    keyword k = (keyword)(t->kind == TOKEN_WORD ? t->word->keyword : KW_NONE);
    return keyword_is_reserved(k) && k != KW_TRUE && k != KW_FALSE;
}

/* { 1, 2 }: an initialiser of another language. */
static void skip_arguments(parser *p)
{
    if (parse_at(p, '{'))
        parse_skip_braces(p);
    while (!at_keyword(p) && !parse_at(p, ')') && !parse_at(p, ';') && !parse_at(p, '{') &&
           !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
        parse_take(p);
}

static void read_argument(parser *p, annot_arg *arg)
{
    uint32_t depth = 0;
    arg->where = parse_peek(p, 0)->where;
    if (parse_peek(p, 0)->kind == TOKEN_WORD && parse_peek(p, 1)->kind == '=') {
        arg->name = parse_take(p).word;
        parse_take(p);
    }
    for (;;) {
        const token *t = parse_peek(p, 0);
        if (t->kind == TOKEN_EOF || t->kind == ';' || t->kind == '{' || t->kind == '}')
            return;
        if (depth == 0 && (t->kind == ',' || t->kind == ')'))
            return;
        if (at_keyword(p))
            return;
        depth += t->kind == '(';
        depth -= t->kind == ')';
        token taken = parse_take(p);
        token_list_add(p->env, &arg->tokens, &taken);
    }
}

static bool is_known(const char *name);

static void read_arguments(parser *p, annot *a)
{
    annot_arg **end = &a->args;
    while (!parse_at(p, ')')) {
        annot_arg *arg = ENV_NEW(p->env, annot_arg);
        read_argument(p, arg);
        if (arg->tokens.len == 0) {
            const token *t = parse_peek(p, 0);
            place where = t->line_start || t->kind == TOKEN_EOF ? parse_after(p) : t->where;
            /* What an unknown annotation takes is not ours to judge. */
            if (t->kind != '{' || is_known(a->name))
                parse_error(p, "syntax", where, "expected the value of an argument before %s", parse_show(p, t));
            a->broken = true;
            skip_arguments(p);
            break;
        }
        *end = arg;
        end = &arg->next;
        if (!parse_accept(p, ','))
            break;
    }
    if (a->broken)
        parse_accept(p, ')');
    else
        a->broken = !parse_expect(p, ')', "')'");
}

/* @annotation mine { ... }; */
static void define(parser *p)
{
    token name = parse_take(p);
    table_put(p->env, &p->annotations, table_key(name.word), name.word);
    parse_skip_braces(p);
    parse_semicolon(p, "the annotation");
}

static annot *read_one(parser *p)
{
    place at = parse_take(p).where;
    annot *a = ENV_NEW(p->env, annot);
    parse_accept(p, TOKEN_SCOPE);
    /* @default, @oneway: a keyword, when nothing is between. */
    const token *t = parse_peek(p, 0);
    bool keyword_follows = t->kind == TOKEN_WORD && t->where.source == at.source && !at.expansion &&
                           t->where.offset == at.offset + 1;
    if (!parse_at_name(p) && !keyword_follows) {
        parse_error(p, "syntax", at, "expected the name of an annotation after '@'");
        return NULL;
    }
    token name = parse_take(p);
    if (strcmp(name.text, "annotation") == 0 && parse_at(p, TOKEN_WORD) && parse_peek(p, 1)->kind == '{') {
        define(p);
        return NULL;
    }
    a->where = name.where;
    a->word = name.word;
    a->name = name.text;
    while (parse_at(p, TOKEN_SCOPE) && parse_peek(p, 1)->kind == TOKEN_WORD) {
        parse_take(p);
        token part = parse_take(p);
        a->name = env_format(p->env, "%s::%s", a->name, part.text);
        a->word = part.word;
    }
    if (parse_accept(p, '('))
        read_arguments(p, a);
    return a;
}

static const doc *join_docs(parser *p, const doc *a, const doc *b)
{
    if (!a || !b)
        return a ? a : b;
    doc *all = ENV_NEW(p->env, doc);
    for (size_t i = 0; i < a->len + b->len; i++) {
        all->lines = env_grow(p->env, all->lines, all->len + 1, &all->cap, sizeof *all->lines);
        all->lines[all->len++] = i < a->len ? a->lines[i] : b->lines[i - a->len];
        all->lines[all->len] = NULL;
    }
    return all;
}

void annot_read(parser *p, annots *into)
{
    annot **end = &into->first;
    while (*end)
        end = &(*end)->next;
    for (size_t count = 0; parse_at(p, '@'); count++) {
        annot *a = read_one(p);
        if (count == LIMIT_LIST)
            pp_fatal(p->pp, "interface-size", p->last, "a declaration has at most %d annotations",
                     LIMIT_LIST);
        if (a) {
            *end = a;
            end = &a->next;
        }
        into->doc = join_docs(p, into->doc, parse_peek(p, 0)->doc);
    }
}

void annot_refuse(parser *p, const annots *intro, const char *what)
{
    if (intro->first && !intro->first->broken)
        parse_error(p, "annotation-target", intro->first->where,
                    "the annotation '@%s' belongs to nothing; it stands before %s", intro->first->name, what);
}

/* ---- applying ---- */

enum {
    ON_TYPE = 1 << AST_STRUCT | 1 << AST_UNION | 1 << AST_ENUM | 1 << AST_BITMASK | 1 << AST_EXCEPTION |
              1 << AST_TYPEDEF,
    ON_CALL = 1 << AST_OPERATION | 1 << AST_ATTRIBUTE,
    ON_FIELD = 1 << AST_MEMBER | 1 << AST_ARM,
    ON_VALUE = ON_FIELD | 1 << AST_PARAM | 1 << AST_TYPEDEF | 1 << AST_OPERATION | 1 << AST_ATTRIBUTE,
    ON_NUMBER = ON_FIELD | 1 << AST_PARAM | 1 << AST_TYPEDEF,
    ON_ALL = ~0
};

typedef struct known {
    const char *name;
    annot_fn *apply; /* NULL: accepted, of no effect on XML-RPC */
    int targets;     /* 1 << ast_kind */
    bool repeats;
} known;

static const known all[] = {
    { "optional", annot_optional, ON_ALL, false },
    { "default", annot_default, 1 << AST_MEMBER, false },
    { "key", annot_key, 1 << AST_MEMBER, false },
    { "unique", annot_unique, ON_VALUE, false },
    { "value", annot_value, 1 << AST_ENUMERATOR, false },
    { "position", annot_position, 1 << AST_BIT, false },
    { "bit_bound", annot_bit_bound, 1 << AST_BITMASK | 1 << AST_ENUM, false },
    { "min", annot_min, ON_NUMBER, false },
    { "max", annot_max, ON_NUMBER, false },
    { "range", annot_range, ON_NUMBER, false },
    { "unit", annot_unit, ON_NUMBER | 1 << AST_ATTRIBUTE | 1 << AST_OPERATION | 1 << AST_CONST, false },
    { "verbatim", annot_verbatim, ON_ALL, true },
    { "oneway", annot_oneway, 1 << AST_OPERATION, false },
    { "wire_name", annot_wire_name,
      ON_FIELD | ON_CALL | 1 << AST_PARAM | 1 << AST_INTERFACE | 1 << AST_ENUMERATOR | 1 << AST_BIT, false },
    { "c_name", annot_c_name, ON_ALL & ~(1 << AST_MODULE), false },
    { "fault", annot_fault, 1 << AST_EXCEPTION, false },
    { "idempotent", annot_idempotent, 1 << AST_OPERATION, false },
    { "timeout", annot_timeout, ON_CALL | 1 << AST_INTERFACE, false },
    { "wire", annot_wire, ON_VALUE | 1 << AST_ENUM, false },
    { "deprecated", annot_deprecated, ON_ALL, false },
    { "acl", annot_acl, ON_CALL | 1 << AST_INTERFACE, false },
    { "command", annot_command, ON_CALL | 1 << AST_INTERFACE, false },
    { "id", NULL, ON_ALL, false },
    { "autoid", NULL, ON_ALL, false },
    { "hashid", NULL, ON_ALL, false },
    { "extensibility", NULL, ON_ALL, false },
    { "final", NULL, ON_ALL, false },
    { "appendable", NULL, ON_ALL, false },
    { "mutable", NULL, ON_ALL, false },
    { "must_understand", NULL, ON_ALL, false },
    { "default_literal", NULL, ON_ALL, false },
    { "default_nested", NULL, ON_ALL, false },
    { "external", NULL, ON_ALL, false },
    { "nested", NULL, ON_ALL, false },
    { "non_serialized", NULL, ON_ALL, false },
    { "data_representation", NULL, ON_ALL, false },
    { "ignore_literal_names", NULL, ON_ALL, false },
    { "service", NULL, ON_ALL, false },
    { "topic", NULL, ON_ALL, false },
    { "try_construct", NULL, ON_ALL, false },
    { "ami", NULL, ON_ALL, false },
    { "feature", NULL, ON_ALL, false },
    { "dds_service", NULL, ON_ALL, false },
    { "rpc_service", NULL, ON_ALL, false },
    { NULL, NULL, 0, false }
};

static const known *find(const char *name)
{
    const known *k = all;
    while (k->name && strcmp(k->name, name) != 0)
        k++;
    return k->name ? k : NULL;
}

static bool is_known(const char *name)
{
    return find(name) != NULL;
}

/* Skipped with a note, or a warning when it looks like a slip of the pen. */
static void report_unknown(parser *p, const annot *a)
{
    suggestion near;
    if (table_get(&p->annotations, table_key(a->word)))
        return;
    suggest_init(&near, a->name);
    for (const known *k = all; k->name; k++)
        suggest_try(&near, k->name);
    diag_report(p->env->diag, near.best ? DIAG_WARNING : DIAG_NOTE, "annotation-unknown", a->where,
                "unknown annotation '@%s' is skipped%s%s%s", a->name, near.best ? "; did you mean '@" : "",
                near.best ? near.best : "", near.best ? "'?" : "");
}

static bool is_repeated(const annots *intro, const annot *a)
{
    for (const annot *other = intro->first; other != a; other = other->next) {
        if (strcmp(other->name, a->name) == 0)
            return true;
    }
    return false;
}

static void apply_one(parser *p, const annots *intro, const annot *a, ast_node *node, ast_notes *notes)
{
    const known *k = find(a->name);
    if (!k)
        report_unknown(p, a);
    if (!k || a->broken)
        return;
    if (!(k->targets & 1 << node->kind)) {
        parse_error(p, "annotation-target", a->where, "'@%s' has no meaning on a%s %s", a->name,
                    strchr("aeiou", ast_kind_name(node->kind)[0]) ? "n" : "", ast_kind_name(node->kind));
        return;
    }
    if (!k->repeats && is_repeated(intro, a)) {
        parse_error(p, "annotation-twice", a->where, "'@%s' is here twice", a->name);
        return;
    }
    if (k->apply)
        k->apply(p, a, node, notes);
}

/* What the interface says for all its operations. */
static void inherit(const ast_node *node, ast_notes *notes)
{
    const ast_node *interface = node->parent;
    if ((node->kind != AST_OPERATION && node->kind != AST_ATTRIBUTE) || !interface)
        return;
    notes->timeout_ms = interface->notes->timeout_ms;
    notes->acl = interface->notes->acl;
    notes->no_command = interface->notes->no_command;
}

void annot_apply(parser *p, const annots *intro, ast_node *node)
{
    ast_notes notes = { 0 };
    if (!intro)
        return;
    inherit(node, &notes);
    if (!intro->first && !notes.timeout_ms && !notes.acl && !notes.no_command)
        return;
    for (const annot *a = intro->first; a; a = a->next)
        apply_one(p, intro, a, node, &notes);
    annot_finish(p, intro, node, &notes);
    ast_notes *kept = ENV_NEW(p->env, ast_notes);
    *kept = notes;
    node->notes = kept;
    if (notes.wire_name && node->kind != AST_OPERATION && node->kind != AST_ATTRIBUTE)
        node->wire_name = notes.wire_name;
}
