/* SPDX-License-Identifier: MIT */
/* Modules, and what definitions of all kinds begin with. */
#include "front/parse.h"

#include <string.h>

#include "base/suggest.h"
#include "front/constant.h"
#include "front/habit.h"

/* ---- forward declarations ---- */

void parse_forward(parser *p, ast_kind of, ident name, const annots *intro)
{
    if (!name.word)
        return;
    const symbol *old = scope_get(p->scope, name.word);
    if (old && !old->use && old->name == name.word) {
        const ast_node *node = old->node;
        if ((node->kind == AST_FORWARD && node->forward.of == of) || node->kind == of ||
            node->kind == AST_UNSUPPORTED)
            return;
    }
    ast_node *node = parse_define(p, AST_FORWARD, name, intro);
    node->forward.of = of;
    ast_list_add(p->env, &p->forwards, node);
}

ast_node *parse_define_forwarded(parser *p, ast_kind kind, ident name, const annots *intro)
{
    symbol *old = name.word ? scope_get(p->scope, name.word) : NULL;
    if (!old || old->use || old->node->kind != AST_FORWARD || old->node->forward.of != kind ||
        old->name != name.word)
        return parse_define(p, kind, name, intro);
    ast_node *node = parse_node(p, kind, name, intro);
    node->used = old->node->place;
    old->node->forward.target = node;
    old->node = node;
    old->where = name.where;
    ast_list_add(p->env, p->list, node);
    return node;
}

/* ---- modules ---- */

static ast_node *open_module(parser *p, ident name, const annots *intro)
{
    const symbol *old = name.word ? scope_get(p->scope, name.word) : NULL;
    bool again = old && !old->use && old->node->kind == AST_MODULE && old->name == name.word;
    ast_node *node;
    if (again) {
        node = parse_node(p, AST_MODULE, name, intro);
        ast_list_add(p->env, p->list, node);
        node->module.first = old->node;
        node->scope = old->node->scope;
    } else {
        node = parse_define(p, AST_MODULE, name, intro);
        node->module.first = node;
        node->scope = scope_new(p->env, p->scope, node);
    }
    annot_apply(p, intro, node);
    return node;
}

/* `module a.b {`, `module a::b {` */
static void refuse_parts(parser *p, ident name)
{
    const token *t = parse_peek(p, 0), *next = parse_peek(p, 1);
    if (!name.word || (t->kind != '.' && t->kind != TOKEN_SCOPE) || next->kind != TOKEN_WORD)
        return;
    parse_error(p, "syntax", t->where, "a module has one name; inside it 'module %s { ... };' can stand",
                next->text);
    while (parse_at(p, '.') || parse_at(p, TOKEN_SCOPE) || parse_at(p, TOKEN_WORD))
        parse_take(p);
}

void parse_module(parser *p, const annots *intro)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the module");
    if (parse_at(p, '<')) {
        parse_error(p, "unsupported", name.where, "template modules are not supported over XML-RPC");
        parse_recover(p);
        return;
    }
    refuse_parts(p, name);
    place open = parse_peek(p, 0)->where;
    if (!parse_open(p, name, AST_MODULE) || !parse_enter(p))
        return;
    ast_node *node = open_module(p, name, intro);
    scope *outer = p->scope;
    ast_list *list = p->list;
    p->scope = node->scope;
    p->list = &node->module.definitions;
    parse_definitions(p, true);
    p->list = list;
    p->scope = outer;
    parse_leave(p);
    if (parse_close(p, open))
        parse_semicolon(p, "the module");
    parse_trailing(p, node);
}

/* ---- const and typedef ---- */

static bool is_const_type(const ast_type *type)
{
    const ast_type *real = ast_type_resolve(type);
    if (real->kind == AST_TYPE_NAMED)
        return real->def->kind == AST_ENUM || real->def->kind == AST_BITMASK;
    return ast_type_is_scalar(real) || real->kind == AST_TYPE_STRING || real->kind == AST_TYPE_WSTRING;
}

/* `const N = 5;` */
static bool without_type(parser *p)
{
    const token *t = parse_peek(p, 0);
    if (!parse_at_name(p) || parse_peek(p, 1)->kind != '=')
        return false;
    parse_error(p, "syntax", t->where, "a constant has a type: 'const long %s = ...;'", t->text);
    return true;
}

void parse_const(parser *p, const annots *intro)
{
    parse_take(p);
    ast_type *type = without_type(p) ? type_new(p, AST_TYPE_ERROR, p->last) : parse_type(p, 0);
    if (!type_is_error(type) && !is_const_type(type)) {
        parse_error(p, "const-type", type->place, "a constant cannot be of type '%s'", type->name);
        type = type_new(p, AST_TYPE_ERROR, type->place);
    }
    ident name = parse_declarator(p, type, "the name of the constant");
    if (!name.word) {
        parse_recover(p);
        return;
    }
    ast_value result = { 0 };
    if (!parse_expect(p, '=', "'=' and the constant's value")) {
        parse_recover(p);
    } else {
        size_t errors = diag_error_count(p->env->diag);
        value v = constant_parse(p, type_is_error(type) ? NULL : type);
        if (!type_is_error(type))
            constant_convert(p, &v, type, &result);
        bool broken = diag_error_count(p->env->diag) > errors && !parse_at(p, ';');
        if (broken)
            parse_recover(p);
        else
            parse_semicolon(p, "the constant");
    }
    ast_node *node = parse_define(p, AST_CONST, name, intro);
    node->constant.type = type;
    node->constant.value = result;
    annot_apply(p, intro, node);
    parse_trailing(p, node);
}

static bool is_type_word(const token *t)
{
    static const uint8_t types[] = { KW_BOOLEAN, KW_OCTET, KW_SHORT, KW_LONG,   KW_FLOAT,
                                     KW_DOUBLE,  KW_CHAR,  KW_WCHAR, KW_STRING, KW_WSTRING };
    return t->kind == TOKEN_WORD && t->word->keyword && memchr(types, t->word->keyword, sizeof types);
}

/* `typedef Name string;`: the name, reported and taken. */
static ident name_before_type(parser *p)
{
    const token *t = parse_peek(p, 0), *type = parse_peek(p, 1);
    if (!parse_at_name(p) || !is_type_word(type) || parse_peek(p, 2)->kind != ';')
        return (ident){ NULL, t->where };
    parse_error(p, "syntax", t->where, "the new name stands behind the type: 'typedef %s %s;'", type->text,
                t->text);
    return parse_ident(p, "the new name of the type");
}

void parse_typedef(parser *p, const annots *intro)
{
    parse_take(p);
    ident early = name_before_type(p);
    ast_type *type = parse_type(p, TYPE_INNER);
    ast_node *node = NULL;
    do {
        ident name = early.word ? early : parse_declarator(p, type, "the new name of the type");
        if (!name.word) {
            parse_recover(p);
            return;
        }
        ast_type *dimensioned = parse_dimensions(p, type, name);
        node = parse_define(p, AST_TYPEDEF, name, intro);
        node->alias.type = dimensioned;
        annot_apply(p, intro, node);
        type_deepen(p, node, node->alias.type);
    } while (parse_accept(p, ','));
    parse_semicolon(p, "the typedef");
    parse_trailing(p, node);
}

/* ---- dispatch ---- */

static bool is_contextual(parser *p, keyword k)
{
    return parse_at_keyword(p, k) && parse_peek(p, 1)->kind == TOKEN_WORD && parse_peek(p, 2)->kind != '(';
}

static void parse_native(parser *p, const annots *intro)
{
    const source *s = parse_peek(p, 0)->where.source;
    if (!s || !s->file->builtin) {
        parse_unsupported(p);
        return;
    }
    parse_take(p);
    parse_define(p, AST_NATIVE, parse_ident(p, "a name"), intro);
    parse_semicolon(p, "the type");
}

bool parse_type_definition(parser *p, annots *intro)
{
    const token *t = parse_peek(p, 0);
    if (is_contextual(p, KW_BITMASK)) {
        parse_bitmask(p, intro);
        return true;
    }
    switch (t->kind == TOKEN_WORD ? t->word->keyword : KW_NONE) {
    case KW_CONST: parse_const(p, intro); return true;
    case KW_TYPEDEF: parse_typedef(p, intro); return true;
    case KW_STRUCT: parse_struct(p, intro, false); return true;
    case KW_UNION: parse_union(p, intro, false); return true;
    case KW_ENUM:
        parse_trailing(p, parse_enum(p, intro));
        return true;
    case KW_EXCEPTION: parse_exception(p, intro); return true;
    case KW_NATIVE: parse_native(p, intro); return true;
    default: return false;
    }
}

/* `interfce I {`: the keyword it is nearly. */
static const char *nearly(parser *p, const token *t)
{
    static const keyword known[] = { KW_MODULE, KW_INTERFACE, KW_STRUCT, KW_UNION,
                                     KW_ENUM,   KW_EXCEPTION, KW_TYPEDEF, KW_CONST };
    suggestion best;
    if (t->kind != TOKEN_WORD || parse_peek(p, 1)->kind != TOKEN_WORD)
        return NULL;
    suggest_init(&best, t->text);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        suggest_try(&best, keyword_text(known[i]));
    return best.best;
}

static void report_stray(parser *p)
{
    const token *t = parse_peek(p, 0);
    const char *hint = t->kind == TOKEN_WORD ? habit_of_definition(t->text) : NULL;
    keyword clash = t->kind == TOKEN_WORD ? (keyword)t->word->clash : KW_NONE;
    uint16_t second = parse_peek(p, 1)->kind, third = parse_peek(p, 2)->kind;
    bool operation = t->kind == TOKEN_WORD && second == TOKEN_WORD && third == '(';
    const char *meant = nearly(p, t);
    if (hint)
        parse_error(p, "syntax", t->where, "'%s' is not IDL: %s", t->text, hint);
    else if (meant && !clash)
        parse_error(p, "syntax", t->where, "'%s' begins no definition; did you mean '%s'?", t->text, meant);
    else if (clash)
        parse_error(p, "keyword-case", t->where, "'%s' must be written '%s'", t->text, keyword_text(clash));
    else if (is_type_word(t) && second == TOKEN_WORD && (third == ';' || third == '=' || third == '['))
        parse_error(p, "syntax", t->where,
                    "IDL has no variables: a constant is 'const %s %s = ...;', a member belongs inside a struct",
                    t->text, parse_peek(p, 1)->text);
    else if (operation ||
             (t->kind == TOKEN_WORD && (t->word->keyword == KW_ONEWAY || t->word->keyword == KW_ATTRIBUTE ||
                                        t->word->keyword == KW_READONLY)))
        parse_error(p, "syntax", t->where, "operations and attributes belong inside an interface");
    else
        parse_error(p, "syntax", t->where, "expected a definition before %s", parse_show(p, t));
    parse_take(p);
    if (t->kind != ';')
        parse_recover(p);
}

static void parse_definition(parser *p)
{
    annots intro;
    parse_intro(p, &intro);
    if (parse_at_keyword(p, KW_MODULE))
        parse_module(p, &intro);
    else if (parse_at_keyword(p, KW_INTERFACE))
        parse_interface(p, &intro);
    else if (!parse_type_definition(p, &intro) && !parse_unsupported(p)) {
        if (parse_at(p, '}') || parse_at(p, TOKEN_EOF))
            annot_refuse(p, &intro, "a definition");
        else
            report_stray(p);
    }
}

void parse_definitions(parser *p, bool in_module)
{
    for (;;) {
        if (parse_at(p, TOKEN_EOF))
            return;
        if (parse_at(p, '}')) {
            if (in_module)
                return;
            parse_error(p, "syntax", parse_peek(p, 0)->where, "this '}' closes nothing");
            parse_take(p);
            parse_accept(p, ';');
        } else if (!parse_accept(p, ';')) {
            parse_definition(p);
        }
    }
}
