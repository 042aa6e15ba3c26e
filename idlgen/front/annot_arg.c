/* SPDX-License-Identifier: MIT */
/* Arguments of annotations. */
#include "front/annot_apply.h"

#include <string.h>

#include "front/constant.h"

static bool is_wanted(const annot_arg *arg, const char *name)
{
    return !arg->name || strcmp(arg->name->text, name) == 0;
}

const annot_arg *annot_argument(parser *p, const annot *a, const char *name, bool optional)
{
    const annot_arg *arg = a->args;
    if (arg && !arg->next && is_wanted(arg, name))
        return arg;
    if (arg && arg->next && is_wanted(arg, name))
        parse_error(p, "annotation-argument", arg->next->where, "'@%s' has one argument only", a->name);
    else if (arg)
        parse_error(p, "annotation-argument", arg->where, "'@%s' has no argument '%s'; it is called '%s'",
                    a->name, arg->name->text, name);
    else if (!optional)
        parse_error(p, "annotation-argument", a->where, "'@%s' needs an argument: @%s(...)", a->name,
                    a->name);
    return NULL;
}

/* The argument's tokens take the place of the input. */
bool annot_constant(parser *p, const annot_arg *arg, const ast_type *type, ast_value *ret_value)
{
    token ring[PARSER_AHEAD];
    uint32_t ring_at = p->ring_at, ring_len = p->ring_len;
    place last = p->last;
    memcpy(ring, p->ring, sizeof ring);
    p->ring_at = p->ring_len = 0;
    p->replay = arg->tokens.at;
    p->replay_len = arg->tokens.len;
    p->last = arg->where;
    bool good = constant_read(p, type, ret_value);
    const token *t = parse_peek(p, 0);
    if (good && t->kind != TOKEN_EOF) {
        parse_error(p, "syntax", t->where, "expected ',' or ')' before %s", parse_show(p, t));
        good = false;
    }
    memcpy(p->ring, ring, sizeof ring);
    p->ring_at = ring_at;
    p->ring_len = ring_len;
    p->replay = NULL;
    p->last = last;
    return good;
}

const char *annot_text(parser *p, const annot *a, bool optional)
{
    static const ast_type text = { .kind = AST_TYPE_STRING, .name = "string" };
    const annot_arg *arg = annot_argument(p, a, "value", optional);
    ast_value v;
    return arg && annot_constant(p, arg, &text, &v) ? v.text : NULL;
}

bool annot_number(parser *p, const annot *a, int64_t min, int64_t max, int64_t *ret_number)
{
    static const ast_type number = { .kind = AST_TYPE_INT64, .name = "long long" };
    const annot_arg *arg = annot_argument(p, a, "value", false);
    ast_value v;
    if (!arg || !annot_constant(p, arg, &number, &v))
        return false;
    if (v.integer < min || v.integer > max) {
        parse_error(p, "annotation-argument", arg->where, "'@%s' takes %lld to %lld, not %lld", a->name,
                    (long long)min, (long long)max, (long long)v.integer);
        return false;
    }
    *ret_number = v.integer;
    return true;
}

bool annot_flag(parser *p, const annot *a)
{
    static const ast_type boolean = { .kind = AST_TYPE_BOOLEAN, .name = "boolean" };
    ast_value v;
    if (!a->args)
        return true;
    const annot_arg *arg = annot_argument(p, a, "value", false);
    return arg && annot_constant(p, arg, &boolean, &v) && v.integer;
}
