/* SPDX-License-Identifier: MIT */
/* Operations and attributes. */
#include "front/interface.h"

#include <string.h>

#include "front/constant.h"
#include "front/habit.h"

/* ---- raises ---- */

static void add_exception(parser *p, ast_list *raises, ast_node *node, place where)
{
    if (node->kind != AST_EXCEPTION) {
        parse_error(p, "raises-kind", where, "%s '%s' is not an exception", ast_kind_name(node->kind),
                    node->scoped);
        parse_note(p, node->place, "'%s' is defined here", node->name);
        return;
    }
    for (size_t i = 0; i < raises->len; i++) {
        const ast_node *other = raises->at[i];
        if (other == node) {
            parse_error(p, "raises-twice", where, "'%s' is already in this list", node->scoped);
            return;
        }
        if (other->exception.fault == node->exception.fault && other->place.source != node->place.source) {
            diag_report(
                p->env->diag, DIAG_WARNING, "fault-same", where,
                "'%s' has the fault code %d, as '%s' has; "
                "callers without the extensions cannot tell them apart: give one another with '@fault(n)'",
                node->scoped, node->exception.fault, other->scoped);
            parse_note(p, other->place, "'%s' is here", other->name);
            parse_note(p, node->place, "'%s' is here", node->name);
        }
    }
    ast_list_add(p->env, raises, node);
}

enum { RAISES_MAX = 255 };

void parse_raises(parser *p, ast_list *raises)
{
    parse_take(p);
    bool opened = parse_expect(p, '(', "'(' and the exceptions");
    if (!opened && !parse_at_scoped(p))
        return;
    do {
        place where = parse_peek(p, 0)->where;
        if (!parse_at_scoped(p)) {
            parse_error(p, "syntax", where, "expected the name of an exception before %s",
                        parse_show(p, parse_peek(p, 0)));
            parse_skip_item(p);
            continue;
        }
        ast_node *node = parse_scoped(p, "exception", &where);
        if (node && node->kind != AST_UNSUPPORTED && raises->len < RAISES_MAX)
            add_exception(p, raises, node, where);
        else if (node && node->kind != AST_UNSUPPORTED)
            pp_fatal(p->pp, "interface-size", where, "an operation raises at most %d exceptions", RAISES_MAX);
    } while (parse_accept(p, ','));
    if (opened)
        parse_expect(p, ')', "')'");
}

/* ---- parameters ---- */

/* `inn long a`: a word too many in front of type and name was meant for a direction. One mistake is one error. */
static bool is_misspelled_direction(parser *p)
{
    const token *first = parse_peek(p, 0), *type = parse_peek(p, 1), *after = parse_peek(p, 2);
    return first->kind == TOKEN_WORD && !first->word->keyword && type->kind == TOKEN_WORD &&
           (after->kind == TOKEN_WORD || after->kind == '<' || after->kind == TOKEN_SCOPE);
}

/* `f(x)`: a name and nothing else. */
static bool is_only_name(parser *p)
{
    const token *t = parse_peek(p, 0), *after = parse_peek(p, 1);
    return t->kind == TOKEN_WORD && !keyword_is_reserved((keyword)t->word->keyword) &&
           (after->kind == ',' || after->kind == ')');
}

static bool is_direction(const token *t)
{
    return t->kind == TOKEN_WORD &&
           (t->word->keyword == KW_IN || t->word->keyword == KW_OUT || t->word->keyword == KW_INOUT);
}

static ast_direction parse_direction(parser *p)
{
    const token *t = parse_peek(p, 0);
    keyword k =
        (keyword)(t->kind == TOKEN_WORD ? t->word->keyword ? t->word->keyword : t->word->clash : KW_NONE);
    if (k == KW_IN || k == KW_OUT || k == KW_INOUT) {
        if (!t->word->keyword)
            parse_error(p, "keyword-case", t->where, "'%s' must be written '%s'", t->text, keyword_text(k));
        parse_take(p);
        return k == KW_IN ? AST_IN : k == KW_OUT ? AST_OUT : AST_INOUT;
    }
    const token *next = parse_peek(p, 1);
    const char *hint = t->kind == TOKEN_WORD && !t->word->keyword ? habit_of_type(t->text) : NULL;
    bool behind = t->kind == TOKEN_WORD && next->kind == TOKEN_WORD && is_direction(next);
    if (behind)
        parse_error(p, "param-direction", t->where,
                    "the direction of a parameter stands before its type: '%s %s'", next->text, t->text);
    else if (hint)
        parse_error(p, "param-direction", t->where, "a parameter begins with its direction: 'in', 'out' or "
                    "'inout'; and '%s' is not IDL: %s", t->text, hint);
    else
        parse_error(p, "param-direction", t->where,
                    "a parameter begins with its direction: 'in', 'out' or 'inout'");
    if (!behind && is_misspelled_direction(p))
        parse_take(p);
    return AST_IN;
}

/* `f(void)` and `f()` */
static bool has_no_params(parser *p)
{
    if (parse_at(p, ')'))
        return true;
    if (!parse_at_keyword(p, KW_VOID) || parse_peek(p, 1)->kind != ')')
        return false;
    parse_error(p, "type-void", parse_take(p).where, "leave out 'void' where there are no parameters");
    return true;
}

static void refuse_extras(parser *p, const ast_type *type)
{
    const token *t = parse_peek(p, 0);
    if (t->kind == '[')
        parse_error(p, "param-array", t->where,
                    "name the array type with 'typedef %s T[n];' and use that name", type->name);
    else if (t->kind == '=')
        parse_error(p, "syntax", t->where, "parameters have no default values");
    else
        return;
    parse_skip_item(p);
}

static void parse_param(parser *p, ast_node *operation)
{
    annots intro;
    parse_intro(p, &intro);
    if (parse_at(p, ',') || parse_at(p, ')')) {
        parse_error(p, "syntax", parse_peek(p, 0)->where, "expected a parameter before %s",
                    parse_show(p, parse_peek(p, 0)));
        while (parse_accept(p, ','))
            continue;
        return;
    }
    if (is_only_name(p)) {
        parse_error(p, "param-direction", parse_peek(p, 0)->where,
                    "a parameter has a direction, a type and a name: 'in long %s'", parse_peek(p, 0)->text);
        parse_take(p);
        parse_accept(p, ',');
        return;
    }
    if (parse_at(p, '.')) {
        parse_error(p, "syntax", parse_peek(p, 0)->where,
                    "an operation has a fixed number of parameters; a 'sequence<any>' takes more");
        parse_skip_item(p);
        return;
    }
    size_t errors = diag_error_count(p->env->diag);
    ast_direction direction = parse_direction(p);
    if (is_direction(parse_peek(p, 0)))
        parse_error(p, "syntax", parse_take(p).where, "a parameter has one direction; both ways is 'inout'");
    if (parse_at(p, '@'))
        annot_read(p, &intro);
    ast_type *type = parse_type(p, 0);
    if (diag_error_count(p->env->diag) > errors && is_direction(parse_peek(p, 0)))
        parse_take(p);
    bool silent = diag_error_count(p->env->diag) > errors && (parse_at(p, ',') || parse_at(p, ')'));
    ident name = silent ? (ident){ NULL, p->last } : parse_declarator(p, type, "the name of the parameter");
    if (name.word) {
        ast_node *node = parse_node(p, AST_PARAM, name, &intro);
        node->param.direction = direction;
        node->param.type = type;
        scope_declare(p, p->scope, name, node);
        ast_list_add(p->env, &operation->operation.params, node);
        annot_apply(p, &intro, node);
        refuse_extras(p, type);
        if (!parse_at(p, ',') && !parse_at(p, ')') && !parse_at(p, ';') && !parse_at_keyword(p, KW_RAISES)) {
            parse_error(p, "syntax", parse_after(p), "expected ',' or ')' after the parameter");
            parse_skip_item(p);
        }
        if (parse_at(p, ';') && is_direction(parse_peek(p, 1))) {
            parse_error(p, "syntax", parse_take(p).where, "parameters have ',' between them, not ';'");
            return;
        }
        bool comma = parse_accept(p, ',');
        parse_trailing(p, node);
        if (comma && parse_at(p, ')'))
            parse_error(p, "syntax", p->last, "the last parameter has no ',' behind it");
    } else {
        parse_skip_item(p);
        parse_accept(p, ',');
    }
}

enum { PARAMS_MAX = 255 };

static void parse_params(parser *p, ast_node *node)
{
    scope *outer = p->scope;
    p->scope = node->scope;
    while (!has_no_params(p) && !parse_at(p, ';') && !parse_at(p, '{') && !parse_at(p, '}') &&
           !parse_at(p, TOKEN_EOF)) {
        if (node->operation.params.len >= PARAMS_MAX) {
            parse_error(p, "interface-size", parse_peek(p, 0)->where,
                        "an operation has at most %d parameters", PARAMS_MAX);
            while (!parse_at(p, ')') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
                parse_take(p);
            break;
        }
        parse_param(p, node);
    }
    p->scope = outer;
}

/* ---- what comes after the parameters ---- */

/* context ("a", "b"): read, and of no effect. */
static void parse_context(parser *p)
{
    place where = parse_take(p).where;
    diag_report(p->env->diag, DIAG_WARNING, "context-ignored", where, "'context' has no effect over XML-RPC");
    if (!parse_accept(p, '('))
        return;
    while (!parse_at(p, ')') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
        parse_take(p);
    parse_accept(p, ')');
}

static void parse_clauses(parser *p, ast_node *node)
{
    for (;;) {
        const token *t = parse_peek(p, 0);
        bool is_const = parse_at_keyword(p, KW_CONST) && parse_peek(p, 1)->kind == ';';
        const char *hint =
            t->kind == TOKEN_WORD && (!t->word->keyword || is_const) ? habit_of_clause(t->text) : NULL;
        if (parse_at_keyword(p, KW_RAISES)) {
            parse_raises(p, &node->operation.raises);
        } else if (parse_at_keyword(p, KW_CONTEXT)) {
            parse_context(p);
        } else if (hint && strstr(hint, "raises")) {
            parse_error(p, "syntax", t->where, "'%s' is not IDL: %s", t->text, hint);
            if (parse_peek(p, 1)->kind != '(') {
                parse_recover(p);
                return;
            }
            parse_raises(p, &node->operation.raises);
        } else if (hint) {
            parse_error(p, "syntax", t->where, "'%s' is not IDL: %s", t->text, hint);
            parse_recover(p);
            return;
        } else {
            break;
        }
    }
    if (parse_at(p, '{')) {
        parse_error(p, "syntax", parse_peek(p, 0)->where, "an operation has no body; it ends with ';'");
        parse_skip_braces(p);
        parse_accept(p, ';');
        return;
    }
    parse_semicolon(p, "the operation");
}

static void check_oneway(parser *p, const ast_node *node)
{
    const ast_operation *o = &node->operation;
    if (!o->oneway)
        return;
    if (!type_is_error(o->result) && o->result->kind != AST_TYPE_VOID)
        parse_error(p, "oneway-result", o->result->place,
                    "a oneway operation returns nothing: its result must be void");
    for (size_t i = 0; i < o->params.len; i++) {
        const ast_node *param = o->params.at[i];
        if (param->param.direction != AST_IN)
            parse_error(p, "oneway-result", param->place,
                        "a oneway operation returns nothing: '%s' must be 'in'", param->name);
    }
    if (o->raises.len)
        parse_error(p, "oneway-result", node->place,
                    "a oneway operation returns nothing: it cannot raise exceptions");
}

/* Members of the result's struct: _result and each out and inout by its name. */
static void check_out_names(parser *p, const ast_node *node)
{
    const ast_list *params = &node->operation.params;
    for (size_t i = 0; i < params->len; i++) {
        const ast_node *a = params->at[i];
        for (size_t j = 0; j < i && a->param.direction != AST_IN; j++) {
            const ast_node *b = params->at[j];
            if (b->param.direction == AST_IN || strcmp(a->wire_name, b->wire_name) != 0)
                continue;
            parse_error(p, "wire-name-clash", a->place, "'%s' is called \"%s\" on the wire, as '%s' is",
                        a->name, a->wire_name, b->name);
            parse_note(p, b->place, "'%s' is here", b->name);
            break;
        }
    }
}

/* The interface's prefix, unless @wire_name gives the whole name. */
static const char *wire_name(parser *p, const ast_node *interface, const char *infix, const char *name)
{
    const char *dot = interface->wire_name[0] ? "." : "";
    return env_format(p->env, "%s%s%s%s", interface->wire_name, dot, infix, name);
}

void operation_parse(parser *p, ast_node *interface, const annots *intro)
{
    bool oneway = parse_accept_keyword(p, KW_ONEWAY);
    bool headless = parse_at_name(p) && parse_peek(p, 1)->kind == '(';
    if (headless && strcmp(parse_peek(p, 0)->text, interface->name) == 0) {
        parse_error(p, "syntax", parse_peek(p, 0)->where, "interfaces have no constructors");
        parse_recover(p);
        return;
    }
    if (headless)
        parse_error(p, "syntax", parse_peek(p, 0)->where,
                    "an operation begins with the type of its result, or 'void': 'void %s(...)'",
                    parse_peek(p, 0)->text);
    ast_type *result = headless ? type_new(p, AST_TYPE_ERROR, p->last) : parse_type(p, TYPE_VOID);
    ident name = parse_declarator(p, result, "the name of the operation");
    if (!name.word) {
        parse_recover(p);
        return;
    }
    if (!parse_accept(p, '(')) {
        if (parse_at(p, '-'))
            parse_expect(p, '(', "'('");
        else if (!type_is_error(result) || !parse_at_name(p))
            parse_error(p, "syntax", parse_after(p), parse_at(p, ';') || parse_at(p, ',') ?
                        "expected '(' and the parameters of the operation '%s'; data is an 'attribute'" :
                        "expected '(' and the parameters of the operation '%s'", name.word->text);
        parse_recover(p);
        return;
    }
    ast_node *node = parse_define(p, AST_OPERATION, name, intro);
    node->scope = scope_new(p->env, p->scope, node);
    node->scope->is_operation = true;
    node->operation.interface = interface;
    node->operation.result = result;
    node->operation.oneway = oneway;
    parse_params(p, node);
    bool closed = parse_accept(p, ')');
    if (!closed)
        parse_error(p, "syntax", parse_after(p), "expected ')' after the parameters");
    annot_apply(p, intro, node);
    node->wire_name =
        node->notes->wire_name ? node->notes->wire_name : wire_name(p, interface, "", node->name);
    if (headless && parse_at(p, '-'))
        parse_recover(p); /* `f() -> T` */
    else if (closed || parse_at_keyword(p, KW_RAISES) || parse_at(p, ';'))
        parse_clauses(p, node);
    else
        parse_recover(p);
    check_oneway(p, node);
    check_out_names(p, node);
    ast_list_add(p->env, &interface->interface.operations, node);
    parse_trailing(p, node);
}

/* ---- attributes ---- */

static ast_node *define_attribute(parser *p, ast_node *interface, ident name, ast_type *type, bool readonly,
                                  const annots *intro)
{
    ast_node *node = parse_define(p, AST_ATTRIBUTE, name, intro);
    node->attribute.interface = interface;
    node->attribute.type = type;
    node->attribute.readonly = readonly;
    annot_apply(p, intro, node);
    const char *wire = node->notes->wire_name ? node->notes->wire_name : node->name;
    node->wire_name = wire;
    node->attribute.get_wire_name = wire_name(p, interface, "_get_", wire);
    node->attribute.set_wire_name = readonly ? NULL : wire_name(p, interface, "_set_", wire);
    ast_list_add(p->env, &interface->interface.operations, node);
    return node;
}

static void parse_attribute_raises(parser *p, ast_node *node)
{
    for (;;) {
        const token *t = parse_peek(p, 0);
        keyword k = (keyword)(t->kind == TOKEN_WORD ? t->word->keyword : KW_NONE);
        bool wrong =
            (k == KW_RAISES && !node->attribute.readonly) || (k != KW_RAISES && node->attribute.readonly);
        if (k != KW_RAISES && k != KW_GETRAISES && k != KW_SETRAISES)
            return;
        if (wrong)
            parse_error(p, "attribute-raises", t->where,
                        node->attribute.readonly
                            ? "a readonly attribute has 'raises' "
                              "only"
                            : "an attribute has 'getraises' and 'setraises'; 'raises' is for readonly ones");
        parse_raises(p, k == KW_SETRAISES ? &node->attribute.set_raises : &node->attribute.get_raises);
    }
}

static ast_type *attribute_type(parser *p)
{
    if (!parse_at_name(p) || parse_peek(p, 1)->kind != ';')
        return parse_type(p, 0);
    const token *t = parse_peek(p, 0);
    parse_error(p, "syntax", t->where, "an attribute has a type and a name: 'attribute long %s;'", t->text);
    return type_new(p, AST_TYPE_ERROR, t->where);
}

void attribute_parse(parser *p, ast_node *interface, const annots *intro)
{
    bool readonly = parse_accept_keyword(p, KW_READONLY);
    if (!parse_accept_keyword(p, KW_ATTRIBUTE))
        parse_error(p, "syntax", parse_after(p), "expected 'attribute' after 'readonly'");
    if (parse_at_keyword(p, KW_READONLY)) {
        parse_error(p, "syntax", parse_take(p).where, "write 'readonly attribute', in this order");
        readonly = true;
    }
    ast_type *type = attribute_type(p);
    ast_node *node = NULL;
    do {
        ident name = parse_declarator(p, type, "the name of the attribute");
        if (!name.word) {
            parse_recover(p);
            return;
        }
        ast_type *own = type;
        if (node) {
            own = ENV_NEW(p->env, ast_type);
            *own = *type;
        }
        node = define_attribute(p, interface, name, own, readonly, intro);
    } while (parse_accept(p, ','));
    size_t errors = diag_error_count(p->env->diag);
    refuse_extras(p, type);
    parse_attribute_raises(p, node);
    if (diag_error_count(p->env->diag) > errors && !parse_at(p, ';'))
        parse_recover(p);
    else
        parse_semicolon(p, "the attribute");
    parse_trailing(p, node);
}

/* ---- wire names ---- */

static void check_wire_name(parser *p, table *names, const ast_node *interface, const char *wire,
                            const ast_node *node)
{
    uint64_t key = table_key(env_word(p->env, wire, strlen(wire)));
    const ast_node *other = table_get(names, key);
    if (!other) {
        table_put(p->env, names, key, (void *)(uintptr_t)node);
        return;
    }
    if (strlen(wire) > LIMIT_IDENTIFIER || strcmp(other->name, node->name) == 0)
        return; /* the second: reported as redefined */
    place where = node->parent == interface ? node->place : interface->place;
    parse_error(p, "wire-name-clash", where, "'%s' is called \"%s\" on the wire, as '%s' is", node->scoped,
                wire, other->scoped);
    parse_note(p, other->place, "'%s' is here", other->name);
}

void operation_check_wire_names(parser *p, const ast_node *interface)
{
    const ast_list *all = &interface->interface.operations;
    table names = { 0 };
    for (size_t i = 0; i < all->len; i++) {
        const ast_node *node = all->at[i];
        if (node->kind == AST_OPERATION) {
            check_wire_name(p, &names, interface, node->wire_name, node);
            continue;
        }
        check_wire_name(p, &names, interface, node->attribute.get_wire_name, node);
        if (node->attribute.set_wire_name)
            check_wire_name(p, &names, interface, node->attribute.set_wire_name, node);
    }
}
