/* SPDX-License-Identifier: MIT */
/* Types. */
#include "front/parse.h"

#include <string.h>

#include "front/constant.h"
#include "front/habit.h"

static const char *const kind_names[] = { [AST_TYPE_VOID] = "void",
                                          [AST_TYPE_BOOLEAN] = "boolean",
                                          [AST_TYPE_INT8] = "int8",
                                          [AST_TYPE_UINT8] = "octet",
                                          [AST_TYPE_INT16] = "short",
                                          [AST_TYPE_UINT16] = "unsigned short",
                                          [AST_TYPE_INT32] = "long",
                                          [AST_TYPE_UINT32] = "unsigned long",
                                          [AST_TYPE_INT64] = "long long",
                                          [AST_TYPE_UINT64] = "unsigned long long",
                                          [AST_TYPE_FLOAT] = "float",
                                          [AST_TYPE_DOUBLE] = "double",
                                          [AST_TYPE_CHAR] = "char",
                                          [AST_TYPE_WCHAR] = "wchar",
                                          [AST_TYPE_STRING] = "string",
                                          [AST_TYPE_WSTRING] = "wstring",
                                          [AST_TYPE_ANY] = "any",
                                          [AST_TYPE_DATETIME] = "jrpc::DateTime",
                                          [AST_TYPE_SEQUENCE] = "sequence",
                                          [AST_TYPE_ARRAY] = "array",
                                          [AST_TYPE_MAP] = "map",
                                          [AST_TYPE_NAMED] = "?",
                                          [AST_TYPE_ERROR] = "T" };

ast_type *type_new(parser *p, ast_type_kind kind, place where)
{
    ast_type *type = ENV_NEW(p->env, ast_type);
    type->kind = kind;
    type->name = kind_names[kind];
    type->place = where;
    return type;
}

bool type_is_error(const ast_type *type)
{
    return !type || ast_type_resolve(type)->kind == AST_TYPE_ERROR;
}

void type_rename(parser *p, ast_type *type)
{
    const char *bound = type->bound ? env_format(p->env, ", %u", type->bound) : "";
    switch (type->kind) {
    case AST_TYPE_STRING:
    case AST_TYPE_WSTRING:
        if (type->bound)
            type->name = env_format(p->env, "%s<%u>", kind_names[type->kind], type->bound);
        break;
    case AST_TYPE_SEQUENCE:
        type->name = env_format(p->env, "sequence<%s%s>", type->element->name, bound);
        break;
    case AST_TYPE_MAP:
        type->name = env_format(p->env, "map<%s, %s%s>", type->key->name, type->element->name, bound);
        break;
    case AST_TYPE_ARRAY: {
        const ast_type *inner = type;
        const char *dimensions = "";
        for (; inner->kind == AST_TYPE_ARRAY; inner = inner->element)
            dimensions = env_format(p->env, "%s[%u]", dimensions, inner->bound);
        type->name = env_format(p->env, "%s%s", inner->name, dimensions);
        break;
    }
    default:
        break;
    }
}

ast_type *type_of_node(parser *p, ast_node *node, place where)
{
    ast_type *type = type_new(p, AST_TYPE_NAMED, where);
    type->def = node;
    type->name = node->scoped;
    return type;
}

static ast_type *unsupported(parser *p, place where, const char *what, const char *hint)
{
    parse_error(p, "unsupported", where, "%s is not supported over XML-RPC%s", what, hint);
    return type_new(p, AST_TYPE_ERROR, where);
}

/* ---- template types ---- */

/* The > that closes; >> is two of them. */
static bool close_angle(parser *p)
{
    token *t = &p->ring[p->ring_at];
    if (parse_peek(p, 0)->kind != TOKEN_SHIFT_RIGHT)
        return parse_expect(p, '>', "'>'");
    p->last = t->where;
    t->kind = '>';
    t->text = ">";
    t->len = 1;
    t->line_start = t->space = false;
    t->doc = t->trailing = NULL;
    if (!t->where.expansion && t->where.length == 2) {
        t->where.offset++;
        t->where.length = 1;
    }
    return true;
}

static void parse_bound(parser *p, ast_type *type, const char *what)
{
    type->bound = constant_bound(p, what, true);
}

static ast_type *parse_text(parser *p, ast_type_kind kind, place where)
{
    ast_type *type = type_new(p, kind, where);
    if (parse_accept(p, '<')) {
        parse_bound(p, type, "the bound of a string");
        close_angle(p);
    }
    type_rename(p, type);
    return type;
}

/* Skips the rest of < ... > after a mistake in it. */
static void skip_angles(parser *p)
{
    int depth = 1;
    while (depth > 0 && !parse_at(p, ';') && !parse_at(p, '{') && !parse_at(p, '}') && !parse_at(p, ')') &&
           !parse_at(p, TOKEN_EOF)) {
        if (depth == 1 && parse_at(p, TOKEN_SHIFT_RIGHT)) {
            close_angle(p); /* the other half closes what is around */
            return;
        }
        token t = parse_take(p);
        depth += t.kind == '<';
        depth -= t.kind == '>' ? 1 : t.kind == TOKEN_SHIFT_RIGHT ? 2 : 0;
    }
}

static void skip_annotations(parser *p)
{
    annots inner = { 0 };
    if (parse_at(p, '@'))
        annot_read(p, &inner);
}

static ast_type *parse_sequence(parser *p, place where)
{
    ast_type *type = type_new(p, AST_TYPE_SEQUENCE, where);
    if (!parse_expect(p, '<', "'<' and the type of the elements"))
        return type_new(p, AST_TYPE_ERROR, where);
    skip_annotations(p);
    type->element = parse_type(p, TYPE_ELEMENT);
    if (parse_accept(p, ','))
        parse_bound(p, type, "the bound of a sequence");
    bool closed = close_angle(p);
    if (!closed)
        skip_angles(p);
    if (!closed || type_is_error(type->element))
        type->kind = AST_TYPE_ERROR;
    else
        type_rename(p, type);
    return type;
}

static bool is_key(const ast_type *type)
{
    const ast_type *real = ast_type_resolve(type);
    if (real->kind == AST_TYPE_NAMED)
        return real->def->kind == AST_ENUM;
    return ast_type_is_integer(real->kind) || real->kind == AST_TYPE_STRING ||
           real->kind == AST_TYPE_WSTRING || real->kind == AST_TYPE_BOOLEAN || real->kind == AST_TYPE_CHAR ||
           real->kind == AST_TYPE_WCHAR;
}

static ast_type *parse_map(parser *p, place where)
{
    ast_type *type = type_new(p, AST_TYPE_MAP, where);
    parse_take(p);
    skip_annotations(p);
    type->key = parse_type(p, 0);
    if (parse_expect(p, ',', "',' and the type of the values")) {
        skip_annotations(p);
        type->element = parse_type(p, TYPE_ELEMENT);
    } else {
        type->element = type_new(p, AST_TYPE_ERROR, where);
    }
    if (parse_accept(p, ','))
        parse_bound(p, type, "the bound of a map");
    bool closed = close_angle(p);
    if (!closed)
        skip_angles(p);
    if (!closed || type_is_error(type->element) || type_is_error(type->key)) {
        type->kind = AST_TYPE_ERROR;
    } else if (!is_key(type->key)) {
        parse_error(p, "map-key", type->key->place,
                    "'%s' cannot be the key of a map: keys are string, integer, boolean, char or enum",
                    type->key->name);
        type->kind = AST_TYPE_ERROR;
    } else {
        type_rename(p, type);
    }
    return type;
}

/* ---- basic types ---- */

/* `long int`, `long long int`, `short int` */
static void refuse_int(parser *p)
{
    const token *t = parse_peek(p, 0);
    if (t->kind != TOKEN_WORD || strcmp(t->text, "int") != 0 || parse_peek(p, 1)->kind != TOKEN_WORD)
        return;
    parse_error(p, "type-habit", t->where, "'int' does not belong behind 'short' or 'long': leave it out");
    parse_take(p);
}

static ast_type *parse_long(parser *p, place where, bool is_unsigned)
{
    if (parse_accept_keyword(p, KW_LONG))
        return type_new(p, is_unsigned ? AST_TYPE_UINT64 : AST_TYPE_INT64, where);
    if (!is_unsigned && parse_accept_keyword(p, KW_DOUBLE))
        return unsupported(p, where, "long double", "; use 'double'");
    return type_new(p, is_unsigned ? AST_TYPE_UINT32 : AST_TYPE_INT32, where);
}

static ast_type *parse_unsigned(parser *p, place where)
{
    const token *t = parse_peek(p, 0);
    if (parse_accept_keyword(p, KW_SHORT))
        return type_new(p, AST_TYPE_UINT16, where);
    if (parse_accept_keyword(p, KW_LONG))
        return parse_long(p, where, true);
    if (parse_at_keyword(p, KW_CHAR) || (t->kind == TOKEN_WORD && strcmp(t->text, "int") == 0)) {
        bool is_char = parse_at_keyword(p, KW_CHAR);
        parse_error(p, "type-habit", where, "'unsigned %s' is not IDL: %s", is_char ? "char" : "int",
                    is_char ? "use 'octet'" : "use 'unsigned long' or 'uint32'");
        parse_take(p);
    } else {
        parse_error(p, "type-habit", where,
                    "'unsigned' alone is no type: use 'unsigned short', 'unsigned long' or "
                    "'unsigned long long'");
    }
    return type_new(p, AST_TYPE_ERROR, where);
}

static ast_type *parse_fixed(parser *p, place where)
{
    if (parse_accept(p, '<'))
        skip_angles(p);
    return unsupported(p, where, "fixed", "; use 'string', or a scaled 'long long'");
}

static ast_type *parse_keyword_type(parser *p, keyword k, place where, unsigned flags)
{
    switch (k) {
    case KW_BOOLEAN: return type_new(p, AST_TYPE_BOOLEAN, where);
    case KW_OCTET: return type_new(p, AST_TYPE_UINT8, where);
    case KW_SHORT: return type_new(p, AST_TYPE_INT16, where);
    case KW_LONG: return parse_long(p, where, false);
    case KW_UNSIGNED: return parse_unsigned(p, where);
    case KW_FLOAT: return type_new(p, AST_TYPE_FLOAT, where);
    case KW_DOUBLE: return type_new(p, AST_TYPE_DOUBLE, where);
    case KW_CHAR: return type_new(p, AST_TYPE_CHAR, where);
    case KW_WCHAR: return type_new(p, AST_TYPE_WCHAR, where);
    case KW_STRING: return parse_text(p, AST_TYPE_STRING, where);
    case KW_WSTRING: return parse_text(p, AST_TYPE_WSTRING, where);
    case KW_ANY: return type_new(p, AST_TYPE_ANY, where);
    case KW_SEQUENCE: return parse_sequence(p, where);
    case KW_FIXED: return parse_fixed(p, where);
    case KW_OBJECT: return unsupported(p, where, "Object", ": references to objects cannot travel");
    case KW_VALUEBASE: return unsupported(p, where, "ValueBase", "");
    case KW_VOID:
        if (flags & TYPE_VOID)
            return type_new(p, AST_TYPE_VOID, where);
        parse_error(p, "type-void", where, "void is for the result of an operation only");
        return type_new(p, AST_TYPE_ERROR, where);
    default: return NULL;
    }
}

/* int8 and the like, unless the file defines these names itself. */
static ast_type *parse_sized(parser *p)
{
    static const ast_type_kind kinds[KW_COUNT] = {
        [KW_INT8] = AST_TYPE_INT8, [KW_INT16] = AST_TYPE_INT16, [KW_INT32] = AST_TYPE_INT32,
        [KW_INT64] = AST_TYPE_INT64, [KW_UINT8] = AST_TYPE_UINT8, [KW_UINT16] = AST_TYPE_UINT16,
        [KW_UINT32] = AST_TYPE_UINT32, [KW_UINT64] = AST_TYPE_UINT64
    };
    const token *t = parse_peek(p, 0);
    if (t->kind != TOKEN_WORD || !kinds[t->word->keyword] || parse_peek(p, 1)->kind == TOKEN_SCOPE)
        return NULL;
    ast_type_kind kind = kinds[t->word->keyword];
    for (const scope *s = p->scope; s; s = s->parent) {
        const symbol *sym = scope_get(s, t->word);
        if (sym && sym->node->kind != AST_MEMBER && sym->node->kind != AST_PARAM &&
            sym->node->kind != AST_ARM)
            return NULL;
    }
    return type_new(p, kind, parse_take(p).where);
}

/* ---- named types ---- */

static ast_type *refuse_node(parser *p, const ast_node *node, place where)
{
    ast_type *error = type_new(p, AST_TYPE_ERROR, where);
    ast_kind kind = node->kind == AST_FORWARD ? node->forward.of : node->kind;
    if (kind == AST_UNSUPPORTED)
        return error;
    if (kind == AST_INTERFACE) {
        parse_error(p, "unsupported", where,
                    "interface '%s' as a type: references to objects are not supported over XML-RPC",
                    node->scoped);
        return error;
    }
    parse_error(p, "name-not-type", where, "%s '%s' is not a type", ast_kind_name(kind), node->scoped);
    parse_note(p, node->place, "'%s' is defined here", node->name);
    return error;
}

static ast_type *pend(parser *p, ast_node *forward, place where)
{
    ast_type *type = type_of_node(p, forward, where);
    pending_type *pending = ENV_NEW(p->env, pending_type);
    *pending = (pending_type){ type, forward, p->pending };
    p->pending = pending;
    return type;
}

static ast_type *use_node(parser *p, ast_node *node, place where, unsigned flags)
{
    ast_kind kind = node->kind == AST_FORWARD ? node->forward.of : node->kind;
    if (kind == AST_NATIVE)
        return type_new(p, AST_TYPE_DATETIME, where);
    if (kind != AST_STRUCT && kind != AST_UNION && kind != AST_ENUM && kind != AST_BITMASK &&
        kind != AST_TYPEDEF)
        return refuse_node(p, node, where);
    bool incomplete = node->kind == AST_FORWARD || node->open;
    if (node->open && (parse_at(p, '*') || parse_at(p, '&'))) {
        parse_error(p, "type-habit", parse_take(p).where,
                    "IDL has no pointers: a 'sequence<%s>' can be empty or hold one", node->name);
        return type_new(p, AST_TYPE_ERROR, where);
    }
    if (incomplete && !(flags & TYPE_ELEMENT)) {
        if (node->open)
            parse_error(p, "type-recursive", where, "'%s' cannot hold itself, only a 'sequence<%s>'",
                        node->scoped, node->name);
        else
            parse_error(p, "type-incomplete", where,
                        "'%s' is declared but not yet defined; only a 'sequence<%s>' can be made of it",
                        node->scoped, node->name);
        parse_note(p, node->place, node->open ? "its definition begins here" : "declared here");
        if (node->kind == AST_FORWARD)
            node->forward.blamed = true;
        return type_new(p, AST_TYPE_ERROR, where);
    }
    if (node->open && kind == AST_STRUCT)
        node->structure.recursive = true;
    else if (node->open && kind == AST_UNION)
        node->union_.recursive = true;
    return node->kind == AST_FORWARD ? pend(p, node, where) : type_of_node(p, node, where);
}

/* An unknown word that looks like a type of another language, or a keyword in the wrong case. */
static ast_type *parse_habit(parser *p, unsigned flags)
{
    const token *t = parse_peek(p, 0);
    if (t->kind != TOKEN_WORD || keyword_is_reserved((keyword)t->word->keyword))
        return NULL;
    for (const scope *s = p->scope; s; s = s->parent) {
        if (scope_get(s, t->word))
            return NULL;
    }
    const char *hint = habit_of_type(t->text);
    keyword clash = (keyword)t->word->clash;
    if (hint) {
        token taken = parse_take(p);
        token last = taken;
        while (parse_accept(p, TOKEN_SCOPE))
            last = parse_at(p, TOKEN_WORD) ? parse_take(p) : last;
        parse_error(p, "type-habit", taken.where, "'%s%s%s' is not IDL: %s", taken.text,
                    last.text == taken.text ? "" : "::", last.text == taken.text ? "" : last.text,
                    last.text == taken.text ? hint : habit_of_qualified(last.text, hint));
        if (parse_accept(p, '<'))
            skip_angles(p);
        return type_new(p, AST_TYPE_ERROR, taken.where);
    }
    if (!clash)
        return NULL;
    token taken = parse_take(p);
    parse_error(p, "keyword-case", taken.where, "'%s' must be written '%s'", taken.text, keyword_text(clash));
    ast_type *type = parse_keyword_type(p, clash, taken.where, flags);
    return type ? type : type_new(p, AST_TYPE_ERROR, taken.where);
}

/* `struct X {`, `struct {`, `union U switch`: a definition, not C's `struct Point p`. */
static bool inner_begins(parser *p)
{
    uint32_t at = parse_peek(p, 1)->kind == TOKEN_WORD ? 2 : 1;
    const token *t = parse_peek(p, at);
    return t->kind == '{' || t->kind == ':' || (t->kind == TOKEN_WORD && t->word->keyword == KW_SWITCH);
}

static ast_type *parse_inner(parser *p, unsigned flags)
{
    static const uint8_t kinds[] = { KW_STRUCT, KW_UNION, KW_ENUM };
    const token *t = parse_peek(p, 0);
    if (t->kind != TOKEN_WORD || !t->word->keyword || !memchr(kinds, t->word->keyword, sizeof kinds))
        return NULL;
    place where = t->where;
    keyword k = (keyword)t->word->keyword;
    if (!inner_begins(p)) {
        parse_take(p);
        parse_error(p, "type-habit", where, "'%s' does not belong before the name of a type: leave it out",
                    keyword_text(k));
        return NULL;
    }
    ast_node *node = k == KW_STRUCT  ? parse_struct(p, NULL, true)
                     : k == KW_UNION ? parse_union(p, NULL, true)
                                     : parse_enum(p, NULL);
    if (node && !(flags & TYPE_INNER)) {
        parse_error(p, "type-inner", where,
                    "a%s %s cannot be defined here; define it before and use its name",
                    k == KW_STRUCT ? ""
                    : k == KW_ENUM ? "n"
                                   : "",
                    keyword_text(k));
        return type_new(p, AST_TYPE_ERROR, where);
    }
    return node ? type_of_node(p, node, where) : type_new(p, AST_TYPE_ERROR, where);
}

/* `M.A` */
static bool refuse_dots(parser *p)
{
    const token *name = parse_peek(p, 0), *dot = parse_peek(p, 1), *part = parse_peek(p, 2);
    if (name->kind != TOKEN_WORD || dot->kind != '.' || part->kind != TOKEN_WORD)
        return false;
    parse_error(p, "syntax", dot->where, "the parts of a name have '::' between them: write '%s::%s'",
                name->text, part->text);
    parse_take(p);
    while (parse_accept(p, '.') || parse_accept(p, TOKEN_SCOPE))
        parse_accept(p, TOKEN_WORD);
    return true;
}

static ast_type *parse_one(parser *p, unsigned flags)
{
    ast_type *type = parse_inner(p, flags);
    if (type)
        return type;
    const token *t = parse_peek(p, 0);
    place where = t->where;
    if (t->kind == TOKEN_WORD && keyword_is_reserved((keyword)t->word->keyword)) {
        keyword k = (keyword)t->word->keyword;
        if (k == KW_CONST) {
            parse_error(p, "type-habit", where, "'const' does not belong before a type here: leave it out");
            parse_take(p);
            return parse_one(p, flags & (TYPE_VOID | TYPE_ELEMENT));
        }
        parse_take(p);
        type = parse_keyword_type(p, k, where, flags);
        if (type)
            return type;
        parse_error(p, "syntax", where, "expected a type before '%s'", keyword_text(k));
        return type_new(p, AST_TYPE_ERROR, where);
    }
    if (t->kind == TOKEN_WORD && t->word->keyword == KW_MAP && parse_peek(p, 1)->kind == '<') {
        parse_take(p);
        return parse_map(p, where);
    }
    type = parse_sized(p);
    if (!type)
        type = parse_habit(p, flags);
    if (type)
        return type;
    if (refuse_dots(p))
        return type_new(p, AST_TYPE_ERROR, where);
    if (!parse_at_scoped(p)) {
        parse_error(p, "syntax", t->line_start ? parse_after(p) : where, "expected a type before %s",
                    parse_show(p, t));
        return type_new(p, AST_TYPE_ERROR, where);
    }
    ast_node *node = parse_scoped(p, "type", &where);
    return node ? use_node(p, node, where, flags) : type_new(p, AST_TYPE_ERROR, where);
}

/* What other languages put behind a type: `char *`, `string&`, `long[]`, `string?`. */
static ast_type *parse_suffix(parser *p, ast_type *type)
{
    const token *t = parse_peek(p, 0);
    place where = t->where;
    bool list = t->kind == '[' && parse_peek(p, 1)->kind == ']';
    ast_type_kind kind = ast_type_resolve(type)->kind;
    bool bound = (kind == AST_TYPE_STRING || kind == AST_TYPE_WSTRING) && type->bound == 0 &&
                 (t->kind == '[' || t->kind == '(') && parse_peek(p, 1)->kind == TOKEN_NUMBER;
    if (t->kind == '*' || t->kind == '&') {
        parse_error(p, "type-habit", where, "IDL has no pointers%s",
                    ast_type_resolve(type)->kind == AST_TYPE_CHAR
                        ? ": use 'string'"
                        : "; values are passed whole, '@optional' members may be absent");
    } else if (bound) {
        parse_error(p, "type-habit", where, "the bound of a string stands in angle brackets: '%s<%.*s>'%s",
                    type->name, (int)parse_peek(p, 1)->len, parse_peek(p, 1)->text,
                    t->kind == '[' ? "; the size of an array stands behind the name" : "");
    } else if (list || (t->kind == '[' && !type_is_error(type))) {
        parse_error(p, "type-habit", where,
                    list ? "'[]' does not make a type here: use 'sequence<%s>'"
                         : "the dimension of an array of '%s' stands behind "
                           "the name",
                    type->name);
    } else if (t->kind == '?') {
        parse_error(p, "type-habit", where, "write '@optional' before the type");
    } else {
        return type;
    }
    while (parse_at(p, '*') || parse_at(p, '&') || parse_at(p, '?'))
        parse_take(p);
    if (bound && parse_at(p, '(')) {
        while (!parse_at(p, ')') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
            parse_take(p);
        parse_accept(p, ')');
    }
    if (parse_at(p, '[')) {
        while (!parse_at(p, ']') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
            parse_take(p);
        parse_accept(p, ']');
    }
    return type_new(p, AST_TYPE_ERROR, where);
}

ast_type *parse_type(parser *p, unsigned flags)
{
    place where = parse_peek(p, 0)->where;
    if (!parse_enter(p))
        return type_new(p, AST_TYPE_ERROR, where);
    ast_type *type = parse_one(p, flags);
    if (ast_type_is_integer(type->kind))
        refuse_int(p);
    type = parse_suffix(p, type);
    parse_leave(p);
    if (where.source == p->last.source && p->last.offset >= where.offset && !where.expansion &&
        !p->last.expansion)
        type->place.length = p->last.offset + p->last.length - type->place.offset;
    return type;
}

/* ---- depth ---- */

enum { DEPTH_MAX = 64 }; /* of values on the wire */

uint32_t type_depth(const ast_type *type)
{
    uint32_t depth = 1;
    for (; type; type = type->element) {
        if (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF) {
            return depth - 1 + type->def->depth;
        } else if (type->kind == AST_TYPE_NAMED) {
            return depth + type->def->depth;
        }
        depth++;
    }
    return depth - 1;
}

void type_deepen(parser *p, ast_node *owner, const ast_type *type)
{
    uint32_t depth = type_depth(type);
    if (depth > DEPTH_MAX && owner->depth <= DEPTH_MAX && !type_is_error(type))
        parse_error(p, "type-depth", type->place,
                    "values of this type nest more than %d deep; no call can carry them", DEPTH_MAX);
    if (depth > owner->depth)
        owner->depth = depth;
}
