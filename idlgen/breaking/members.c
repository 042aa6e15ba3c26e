/* SPDX-License-Identifier: MIT */
/* Structs, exceptions and unions on the wire. */
#include "breaking/compare.h"

#include <string.h>

#include "base/mem.h"
#include "breaking/leaf.h"

/* ---- structs: members by name, those of the bases among them ---- */

typedef struct member_set {
    const ast_node **at;
    size_t len;
    map by_wire;
} member_set;

static size_t count_members(const ast_node *node)
{
    size_t count = 0;
    for (; node->kind == AST_STRUCT && node->structure.base; node = node->structure.base)
        count += node->structure.members.len;
    return count + (node->kind == AST_STRUCT ? node->structure.members.len : node->exception.members.len);
}

static void take_members(compare *c, const ast_node *node, member_set *s)
{
    const ast_list *list = node->kind == AST_STRUCT ? &node->structure.members : &node->exception.members;
    if (node->kind == AST_STRUCT && node->structure.base)
        take_members(c, node->structure.base, s);
    for (size_t i = 0; s->at && i < list->len; i++) {
        s->at[s->len++] = list->at[i];
        if (!map_put_str(&s->by_wire, list->at[i]->wire_name, list->at[i]))
            c->found->failed = true;
    }
}

static member_set members_of(compare *c, const ast_node *node)
{
    member_set s = { arena_zalloc(&c->is.g.memory, (count_members(node) + 1) * sizeof *s.at), 0, MAP_INIT };
    if (!s.at)
        c->found->failed = true;
    take_members(c, node, &s);
    return s;
}

static void members_done(member_set *s)
{
    map_done(&s->by_wire);
}

/* One that is called so in IDL, and whose name on the wire the other side does not have. */
static const ast_node *renamed_on_wire(const member_set *in, const ast_node *member, const member_set *other)
{
    for (size_t i = 0; i < in->len; i++) {
        if (strcmp(in->at[i]->name, member->name) == 0 && !map_get_str(&other->by_wire, in->at[i]->wire_name))
            return in->at[i];
    }
    return NULL;
}

static bool may_be_missing(const ast_node *member)
{
    return member->notes->optional || member->notes->default_value;
}

typedef struct struct_pair {
    compare *c;
    const ast_node *was, *is;
    unsigned directions;
    bool loud;
    unsigned failed;
} struct_pair;

static bool fails(struct_pair *p, unsigned directions)
{
    p->failed |= directions & p->directions;
    return p->loud && (directions & p->directions);
}

static const char *what_of(const ast_node *owner)
{
    return owner->kind == AST_EXCEPTION ? "exception" : "struct";
}

static void same_member(struct_pair *p, const ast_node *was, const ast_node *is)
{
    const char *rule = "member-type";
    unsigned failed = wire_use(p->c, (use){ was->member.type, was }, (use){ is->member.type, is }, p->directions, &rule);
    if (fails(p, failed))
        finding_add(p->c->found, rule, failed, place_of(is), place_of(was), "member '%s' %s", is->scoped,
                    type_change(p->c, rule, was->member.type, is->member.type));
    failed = 0;
    if (was->notes->optional && !may_be_missing(is))
        failed |= BREAKS_TO_NEW;
    if (is->notes->optional && !may_be_missing(was))
        failed |= BREAKS_TO_OLD;
    if (fails(p, failed))
        finding_add(p->c->found, "member-optional", failed & p->directions, place_of(is), place_of(was),
                    is->notes->optional ? "member '%s' has become optional" : "member '%s' was optional", is->scoped);
}

static void lost_member(struct_pair *p, const ast_node *was, const ast_node *is)
{
    if (is) {
        if (fails(p, BREAKS_WIRE))
            finding_add(p->c->found, "member-wire-name", p->directions, place_of(is), place_of(was),
                        "member '%s' is called '%s' on the wire, it was '%s'", is->scoped, is->wire_name, was->wire_name);
    } else if (fails(p, may_be_missing(was) ? 0 : BREAKS_TO_OLD)) {
        finding_add(p->c->found, "member-removed", BREAKS_TO_OLD, place_of(p->is), place_of(was),
                    "%s '%s' has no member '%s' any more", what_of(p->is), p->is->scoped, was->name);
    }
}

static void new_member(struct_pair *p, const ast_node *is)
{
    if (fails(p, may_be_missing(is) ? 0 : BREAKS_TO_NEW))
        finding_add(p->c->found, "member-added", BREAKS_TO_NEW, place_of(is), place_of(p->was),
                    "member '%s' is new, without @optional or @default", is->scoped);
}

unsigned wire_structs(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud)
{
    AUTO(members_done) member_set before = members_of(c, was);
    AUTO(members_done) member_set now = members_of(c, is);
    struct_pair p = { c, was, is, directions, loud, 0 };
    for (size_t i = 0; i < before.len; i++) {
        const ast_node *member = map_get_str(&now.by_wire, before.at[i]->wire_name);
        if (member)
            same_member(&p, before.at[i], member);
        else
            lost_member(&p, before.at[i], renamed_on_wire(&now, before.at[i], &before));
    }
    for (size_t i = 0; i < now.len; i++) {
        if (!map_get_str(&before.by_wire, now.at[i]->wire_name) && !renamed_on_wire(&before, now.at[i], &now))
            new_member(&p, now.at[i]);
    }
    return p.failed;
}

/* ---- unions: each label, and what it selects on either side ---- */

/* The arm of a label; label NULL: of one that no arm names. */
static const ast_node *arm_of(const ast_node *union_, const ast_label *label, bool by_name)
{
    const ast_list *arms = &union_->union_.arms;
    for (size_t i = 0; label && i < arms->len; i++) {
        const ast_arm *arm = &arms->at[i]->arm;
        for (size_t k = 0; k < arm->label_count; k++) {
            const ast_label *other = &arm->labels[k];
            bool named = by_name && label->enumerator && other->enumerator;
            if (named ? strcmp(label->enumerator->wire_name, other->enumerator->wire_name) == 0
                      : label->value == other->value)
                return arms->at[i];
        }
    }
    return union_->union_.default_arm;
}

static const ast_node *arm_named(const ast_node *union_, const char *wire_name)
{
    for (size_t i = 0; i < union_->union_.arms.len; i++) {
        if (strcmp(union_->union_.arms.at[i]->wire_name, wire_name) == 0)
            return union_->union_.arms.at[i];
    }
    return NULL;
}

static const ast_node *discriminating_enum(const ast_node *union_)
{
    const ast_type *type = ast_type_resolve(union_->union_.discriminator);
    return type->kind == AST_TYPE_NAMED ? type->def : NULL;
}

/* Whether the union's discriminator has this label at all. */
static bool has_label(const ast_node *union_, const ast_label *label, bool by_name)
{
    const ast_node *enumeration = discriminating_enum(union_);
    if (!enumeration || !label)
        return true;
    for (size_t i = 0; i < enumeration->enumeration.enumerators.len; i++) {
        const ast_node *e = enumeration->enumeration.enumerators.at[i];
        if (by_name && label->enumerator ? strcmp(e->wire_name, label->enumerator->wire_name) == 0
                                         : e->enumerator.value == label->value)
            return true;
    }
    return false;
}

static void report_arms(struct_pair *p, const ast_node *was, const ast_node *is, unsigned failed)
{
    const ast_node *kept = was ? arm_named(p->is, was->wire_name) : NULL;
    place now = place_of(is ? is : p->is), before = place_of(was ? was : p->was);
    failed &= p->directions;
    if (was && is && strcmp(was->name, is->name) == 0)
        finding_add(p->c->found, "member-wire-name", failed, now, before,
                    "member '%s' is called '%s' on the wire, it was '%s'", is->scoped, is->wire_name, was->wire_name);
    else if (was && !kept)
        finding_add(p->c->found, "union-member-removed", failed, place_of(p->is), before,
                    "union '%s' has no member '%s' any more", p->is->scoped, was->name);
    else if (is && !arm_named(p->was, is->wire_name))
        finding_add(p->c->found, "union-member-added", failed, now, place_of(p->was),
                    "member '%s' is new, and an old program cannot read it", is->scoped);
    else
        finding_add(p->c->found, "union-label", failed, place_of(p->is), place_of(p->was),
                    "union '%s' selects its members by other labels", p->is->scoped);
}

static void compare_label(struct_pair *p, const ast_label *label, bool by_name)
{
    bool known_before = has_label(p->was, label, by_name), known_now = has_label(p->is, label, by_name);
    const ast_node *was = known_before ? arm_of(p->was, label, by_name) : NULL;
    const ast_node *is = known_now ? arm_of(p->is, label, by_name) : NULL;
    const char *rule = "union-member-type";
    if (!was && !is)
        return;
    if (was && is && strcmp(was->wire_name, is->wire_name) == 0) {
        unsigned failed = wire_use(p->c, (use){ was->arm.type, was }, (use){ is->arm.type, is }, p->directions, &rule);
        if (fails(p, failed))
            finding_add(p->c->found, rule, failed, place_of(is), place_of(was), "member '%s' %s", is->scoped,
                        type_change(p->c, rule, was->arm.type, is->arm.type));
        return;
    }
    /* Nobody sends a union whose label selects nothing. */
    unsigned failed = (was ? BREAKS_TO_NEW : 0U) | (is ? BREAKS_TO_OLD : 0U);
    if (fails(p, failed))
        report_arms(p, was, is, failed);
}

static void compare_labels_of(struct_pair *p, const ast_node *union_, bool by_name)
{
    const ast_list *arms = &union_->union_.arms;
    for (size_t i = 0; i < arms->len; i++) {
        for (size_t k = 0; k < arms->at[i]->arm.label_count; k++)
            compare_label(p, &arms->at[i]->arm.labels[k], by_name);
    }
}

/* Enumerators that no arm names. */
static void compare_enumerators(struct_pair *p, const ast_node *union_, bool by_name)
{
    const ast_node *enumeration = discriminating_enum(union_);
    for (size_t i = 0; i < enumeration->enumeration.enumerators.len; i++) {
        const ast_node *e = enumeration->enumeration.enumerators.at[i];
        ast_label label = { e->enumerator.value, e, e->place };
        compare_label(p, &label, by_name);
    }
}

/* Names that select by the same form. What is not a member's label is not sent, so that the whole enums say too much. */
static bool are_named(const ast_node *was, const ast_node *is)
{
    const ast_node *a = discriminating_enum(was), *b = discriminating_enum(is);
    return a && b && a->notes->wire != AST_WIRE_INT && b->notes->wire != AST_WIRE_INT;
}

static bool is_default_reachable(const ast_node *union_)
{
    return union_->union_.default_arm && !union_->union_.covered;
}

/* Integers of other sizes: those that are labels, or where there is a default, all. */
static bool labels_fit(const ast_node *writer, const ast_node *reader)
{
    const ast_type *from = ast_type_resolve(writer->union_.discriminator);
    const ast_type *to = ast_type_resolve(reader->union_.discriminator);
    if (!ast_type_is_integer(from->kind) || !ast_type_is_integer(to->kind) || is_default_reachable(writer))
        return false;
    for (size_t i = 0; i < writer->union_.arms.len; i++) {
        const ast_arm *arm = &writer->union_.arms.at[i]->arm;
        for (size_t k = 0; k < arm->label_count; k++) {
            if (!leaf_holds(to, arm->labels[k].value))
                return false;
        }
    }
    return true;
}

/* In which directions one discriminator cannot be read as the other. */
static unsigned compare_discriminators(struct_pair *p)
{
    const char *rule = "union-discriminator";
    const ast_type *was = p->was->union_.discriminator, *is = p->is->union_.discriminator;
    if (are_named(p->was, p->is))
        return 0;
    unsigned failed = wire_use(p->c, (use){ was, NULL }, (use){ is, NULL }, p->directions, &rule);
    if (labels_fit(p->was, p->is))
        failed &= ~(unsigned)BREAKS_TO_NEW;
    if (labels_fit(p->is, p->was))
        failed &= ~(unsigned)BREAKS_TO_OLD;
    if (fails(p, failed))
        finding_add(p->c->found, "union-discriminator", failed, place_of(p->is), place_of(p->was),
                    "union '%s' was switched by '%s' and is by '%s' now", p->is->scoped, was->name, is->name);
    return failed;
}

unsigned wire_unions(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud)
{
    struct_pair p = { c, was, is, directions, loud, 0 };
    const ast_node *enumeration = discriminating_enum(was);
    bool by_name = enumeration && enumeration->notes->wire != AST_WIRE_INT;
    if (compare_discriminators(&p) == directions)
        return p.failed;
    compare_labels_of(&p, was, by_name);
    compare_labels_of(&p, is, by_name);
    if (enumeration) {
        compare_enumerators(&p, was, by_name);
        if (discriminating_enum(is))
            compare_enumerators(&p, is, by_name);
    } else if (is_default_reachable(was) || is_default_reachable(is)) {
        compare_label(&p, NULL, by_name);
    }
    return p.failed;
}
