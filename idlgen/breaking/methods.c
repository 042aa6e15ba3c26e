/* SPDX-License-Identifier: MIT */
/* Interfaces: which methods a server has, and what each is given and gives back. */
#include "breaking/compare.h"

#include <string.h>

#include "base/mem.h"
#include "emit/names.h"

typedef struct method_pair {
    compare *c;
    const method *was, *is;
} method_pair;

static bool is_attribute(const method *m)
{
    return m->node->kind == AST_ATTRIBUTE;
}

static void add(method_pair *p, const char *rule, unsigned breaks, const ast_node *is, const ast_node *was,
                const char *what, const char *name, const char *more)
{
    if (breaks)
        finding_add(p->c->found, rule, breaks, place_of(is ? is : p->is->node), place_of(was ? was : p->was->node),
                    "%s'%s' of '%s'%s", what, name, p->is->node->scoped, more);
}

/* ---- parameters ---- */

static const char *name_of(const method_param *param)
{
    return param->node ? param->node->name : "value";
}

static const method_param *find_param(const method *m, const method_param *like)
{
    for (size_t i = 0; i < m->param_count; i++) {
        if (strcmp(name_of(&m->params[i]), name_of(like)) == 0)
            return &m->params[i];
    }
    return NULL;
}

static size_t count_direction(const method *m, ast_direction direction)
{
    size_t count = 0;
    for (size_t i = 0; i < m->param_count; i++)
        count += (m->params[i].direction & direction) != 0;
    return count;
}

/* A parameter whose name only one side has, in the place of one whose name only the other has: renamed. */
static const method_param *counterpart(const method *of, const method_param *param, const method *in)
{
    const method_param *found = find_param(in, param);
    size_t index = (size_t)(param - of->params);
    if (found || of->param_count != in->param_count)
        return found;
    found = &in->params[index];
    return find_param(of, found) || found->direction != param->direction ? NULL : found;
}

/* The answer was the result's value itself, without a struct around it. */
static bool answers_with_value(const method *m)
{
    return m->result && count_direction(m, AST_OUT) == 0;
}

static unsigned direction_breaks(const method_pair *p, unsigned was, unsigned is)
{
    unsigned breaks = 0;
    if ((was ^ is) & AST_IN)
        breaks |= BREAKS_TO_NEW;
    if ((was & ~is & AST_OUT) || ((is & ~was & AST_OUT) && answers_with_value(p->was)))
        breaks |= BREAKS_TO_OLD;
    return breaks;
}

static void same_param(method_pair *p, const method_param *was, const method_param *is)
{
    const char *rule = is_attribute(p->is) ? "attribute-type" : "param-type";
    unsigned both = was->direction & is->direction;
    unsigned directions = (both & AST_IN ? BREAKS_TO_NEW : 0U) | (both & AST_OUT ? BREAKS_TO_OLD : 0U);
    unsigned breaks = wire_use(p->c, (use){ was->type, was->node }, (use){ is->type, is->node }, directions, &rule);
    if (source_differs(p->c, was->type, is->type))
        breaks |= BREAKS_SOURCE;
    if (breaks && is_attribute(p->is))
        finding_add(p->c->found, rule, breaks, place_of(p->is->node), place_of(p->was->node),
                    "attribute '%s' %s", p->is->node->scoped, type_change(p->c, rule, was->type, is->type));
    else if (breaks)
        finding_add(p->c->found, rule, breaks, place_of(is->node), place_of(was->node),
                    "parameter '%s' of '%s' %s", name_of(is), p->is->node->scoped,
                    type_change(p->c, rule, was->type, is->type));
    if (was->direction != is->direction)
        add(p, "direction-changed", BREAKS_SOURCE | direction_breaks(p, was->direction, is->direction), is->node, was->node,
            "parameter ", name_of(is), " has another direction");
    if ((both & AST_OUT) && strcmp(was->wire_name, is->wire_name) != 0)
        add(p, "param-wire-name", BREAKS_TO_OLD, is->node, was->node, "parameter ", name_of(is),
            " has another name on the wire");
}

/* Whether any parameter changed its place: among those sent, and in C. */
static void compare_order(method_pair *p)
{
    unsigned breaks = 0;
    size_t sent_before = 0;
    if (p->was->param_count != p->is->param_count)
        return;
    for (size_t i = 0; i < p->was->param_count; i++) {
        const method_param *was = &p->was->params[i], *is = find_param(p->is, was);
        size_t sent = 0;
        for (const method_param *other = p->is->params; is && other < is; other++)
            sent += (other->direction & AST_IN) != 0;
        if (is && is != &p->is->params[i])
            breaks |= BREAKS_SOURCE;
        if (is && (was->direction & is->direction & AST_IN) && sent != sent_before)
            breaks |= BREAKS_TO_NEW;
        sent_before += (was->direction & AST_IN) != 0;
    }
    /* What goes in or no longer does was told with the direction. */
    if (count_direction(p->was, AST_IN) != count_direction(p->is, AST_IN))
        breaks &= ~(unsigned)BREAKS_TO_NEW;
    if (breaks)
        finding_add(p->c->found, "param-order", breaks, place_of(p->is->node), place_of(p->was->node),
                    "the parameters of '%s' have another order", p->is->node->scoped);
}

static void compare_params(method_pair *p)
{
    for (size_t i = 0; i < p->was->param_count; i++) {
        const method_param *was = &p->was->params[i], *is = counterpart(p->was, was, p->is);
        if (is)
            same_param(p, was, is);
        else
            add(p, "param-removed", BREAKS_SOURCE | direction_breaks(p, was->direction, 0), NULL, was->node,
                "parameter ", name_of(was), " is gone");
    }
    for (size_t i = 0; i < p->is->param_count; i++) {
        const method_param *is = &p->is->params[i];
        if (!counterpart(p->is, is, p->was))
            add(p, "param-added", BREAKS_SOURCE | direction_breaks(p, 0, is->direction), is->node, NULL, "parameter ",
                name_of(is), " is new");
    }
    compare_order(p);
}

/* ---- results ---- */

static void compare_results(method_pair *p)
{
    const ast_type *was = p->was->result, *is = p->is->result;
    const char *rule = is_attribute(p->is) ? "attribute-type" : "result-type";
    unsigned breaks = 0;
    if (!was && !is)
        return;
    if (!was || !is) {
        breaks = BREAKS_SOURCE | (was ? (unsigned)BREAKS_TO_OLD : 0U);
    } else {
        bool same_form = answers_with_value(p->was) == answers_with_value(p->is);
        breaks = same_form ? wire_use(p->c, (use){ was, NULL }, (use){ is, NULL }, BREAKS_TO_OLD, &rule) : 0;
        breaks |= source_differs(p->c, was, is) ? (unsigned)BREAKS_SOURCE : 0U;
    }
    if (breaks)
        finding_add(p->c->found, rule, breaks, place_of(p->is->node), place_of(p->was->node), "%s '%s' %s",
                    is_attribute(p->is) ? "attribute" : "the result of", p->is->node->scoped,
                    was && is ? type_change(p->c, rule, was, is) : was ? "is gone" : "is new");
}

/* ---- exceptions ---- */

static const ast_node *raised(const ast_list *raises, int32_t code, const char *scoped)
{
    for (size_t i = 0; i < raises->len; i++) {
        const ast_node *e = raises->at[i];
        if (scoped ? strcmp(e->scoped, scoped) == 0 : e->exception.fault == code)
            return e;
    }
    return NULL;
}

/* An old client knows an exception by its code, and reads its members if the name is the one that it knows. */
static void compare_exception(method_pair *p, const ast_node *is)
{
    const ast_node *known = raised(p->was->raises, is->exception.fault, NULL);
    const ast_node *namesake = raised(p->was->raises, 0, is->scoped);
    if (namesake && namesake != known)
        finding_add(p->c->found, "exception-code", BREAKS_TO_OLD, place_of(is), place_of(namesake),
                    "exception '%s' has fault code %ld, it was %ld; @fault(%ld) keeps it", is->scoped,
                    (long)is->exception.fault, (long)namesake->exception.fault, (long)namesake->exception.fault);
    else if (known && known == namesake)
        wire_definitions(p->c, known, is, BREAKS_TO_OLD);
    else if (known && known->exception.members.len)
        finding_add(p->c->found, "exception-name", BREAKS_TO_OLD, place_of(is), place_of(known),
                    "exception '%s' has the fault code of '%s', whose members an old client will not find", is->scoped,
                    known->scoped);
}

/* ---- methods ---- */

static void compare_method(compare *c, const method *was, const method *is)
{
    method_pair p = { c, was, is };
    compare_params(&p);
    compare_results(&p);
    for (size_t i = 0; i < is->raises->len; i++)
        compare_exception(&p, is->raises->at[i]);
    if (is->oneway && !was->oneway)
        finding_add(c->found, "operation-oneway", BREAKS_SOURCE, place_of(is->node), place_of(was->node),
                    "operation '%s' has become oneway: it has no _send(), _finish() and _reply()", is->node->scoped);
    if (strcmp(was->part, is->part) != 0)
        finding_add(c->found, "operation-renamed", BREAKS_SOURCE, place_of(is->node), place_of(was->node),
                    "operation '%s' was '%s'", is->node->scoped, was->node->scoped);
}

static const method *find_by_wire(const method_list *in, const char *wire_name)
{
    for (size_t i = 0; i < in->len; i++) {
        if (strcmp(in->at[i].wire_name, wire_name) == 0)
            return &in->at[i];
    }
    return NULL;
}

static const method *find_by_name(const method_list *in, const method *like)
{
    for (size_t i = 0; i < in->len; i++) {
        if (strcmp(in->at[i].name, like->name) == 0)
            return &in->at[i];
    }
    return NULL;
}

/* ---- interfaces ---- */

typedef struct interface_pair {
    compare *c;
    const ast_node *was, *is;
    const method_list *now;
} interface_pair;

static const ast_node *attribute_named(const ast_node *interface, const char *name)
{
    for (size_t i = 0; i < interface->interface.operations.len; i++) {
        const ast_node *node = interface->interface.operations.at[i];
        if (node->kind == AST_ATTRIBUTE && strcmp(node->name, name) == 0)
            return node;
    }
    return NULL;
}

static void missing_method(interface_pair *p, const method *was)
{
    const ast_node *owner = side_find(&p->c->is, was->owner->scoped);
    const ast_node *attribute = is_attribute(was) ? attribute_named(p->is, was->node->name) : NULL;
    bool in_base = was->owner != p->was && owner && owner->kind == AST_INTERFACE &&
                   find_by_wire(method_all(&p->c->is.g, owner), was->wire_name);
    if (attribute)
        finding_add(p->c->found, "attribute-readonly", BREAKS_TO_NEW | BREAKS_SOURCE, place_of(attribute),
                    place_of(was->node), "attribute '%s' has become readonly", attribute->scoped);
    else if (in_base)
        finding_add(p->c->found, "base-removed", BREAKS_TO_NEW | BREAKS_SOURCE, place_of(p->is), place_of(p->was),
                    "interface '%s' does not inherit from '%s' any more", p->is->scoped, was->owner->scoped);
    else
        finding_add(p->c->found, is_attribute(was) ? "attribute-removed" : "operation-removed",
                    BREAKS_TO_NEW | BREAKS_SOURCE, place_of(owner ? owner : p->is), place_of(was->node),
                    "interface '%s' has no %s '%s' any more", p->is->scoped, ast_kind_name(was->node->kind),
                    was->node->name);
}

static void renamed_on_wire(interface_pair *p, const method *was, const method *is)
{
    bool by_prefix = !was->node->notes->wire_name && !is->node->notes->wire_name &&
                     strcmp(was->owner->wire_name, is->owner->wire_name) != 0;
    if (by_prefix)
        finding_add(p->c->found, "interface-wire-name", BREAKS_TO_NEW, place_of(is->owner), place_of(was->owner),
                    "interface '%s' is called \"%s\" on the wire, it was \"%s\"", is->owner->scoped,
                    is->owner->wire_name, was->owner->wire_name);
    else
        finding_add(p->c->found, "operation-wire-name", BREAKS_TO_NEW, place_of(is->node), place_of(was->node),
                    "%s '%s' is called \"%s\" on the wire, it was \"%s\"", ast_kind_name(is->node->kind),
                    is->node->scoped, is->wire_name, was->wire_name);
}

static void same_interface(interface_pair *p, const method_list *before)
{
    for (size_t i = 0; i < before->len; i++) {
        const method *was = &before->at[i], *is = find_by_wire(p->now, was->wire_name);
        if (!is) {
            is = find_by_name(p->now, was);
            if (is)
                renamed_on_wire(p, was, is);
        }
        if (is)
            compare_method(p->c, was, is);
        else
            missing_method(p, was);
    }
}

/* ---- an interface that is gone: its methods may be those of another ---- */

typedef struct search {
    const char *wire_name;
    const method *found;
} search;

static void search_interface(gen *g, const ast_node *node, void *context)
{
    search *s = context;
    if (node->kind == AST_INTERFACE && !s->found && !(node->include && node->include->builtin))
        s->found = find_by_wire(method_all(g, node), s->wire_name);
}

bool interface_is_unserved(gen *g, const ast_node *interface, const map *served)
{
    const method_list *methods = method_all(g, interface);
    for (size_t i = 0; i < methods->len; i++) {
        if (!map_get_str(served, methods->at[i].wire_name))
            return true;
    }
    return false;
}

static void lost_interface(compare *c, const ast_node *was)
{
    const method_list *before = method_all(&c->was.g, was);
    bool unserved = interface_is_unserved(&c->was.g, was, c->served);
    for (size_t i = 0; i < before->len; i++) {
        search s = { before->at[i].wire_name, NULL };
        gen_visit(&c->is.g, &c->is.g.unit->definitions, search_interface, &s);
        if (s.found)
            compare_method(c, &before->at[i], s.found);
    }
    report_gone(c, "interface-removed", BREAKS_SOURCE | (unserved ? BREAKS_TO_NEW : 0U), was);
}

static void find_interface(gen *g, const ast_node *was, void *context)
{
    compare *c = context;
    if (was->kind != AST_INTERFACE || (was->include && was->include->builtin))
        return;
    const ast_node *is = side_find(&c->is, was->scoped);
    if (!is || is->kind != AST_INTERFACE) {
        lost_interface(c, was);
        return;
    }
    interface_pair p = { c, was, is, method_all(&c->is.g, is) };
    same_interface(&p, method_all(g, was));
}

void compare_interfaces(compare *c)
{
    gen_visit(&c->was.g, &c->was.g.unit->definitions, find_interface, c);
}
