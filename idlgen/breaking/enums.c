/* SPDX-License-Identifier: MIT */
/* Enums and bitmasks on the wire. */
#include "breaking/compare.h"

#include <inttypes.h>
#include <string.h>

/* The field that travels: the name, or with @wire("int") the number. */
static const ast_node *find_enumerator(const ast_node *enumeration, const ast_node *like, bool by_number)
{
    for (size_t i = 0; i < enumeration->enumeration.enumerators.len; i++) {
        const ast_node *e = enumeration->enumeration.enumerators.at[i];
        if (by_number ? e->enumerator.value == like->enumerator.value : strcmp(e->wire_name, like->wire_name) == 0)
            return e;
    }
    return NULL;
}

static const ast_node *find_named(const ast_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++) {
        if (strcmp(list->at[i]->name, name) == 0)
            return list->at[i];
    }
    return NULL;
}

typedef struct enum_pair {
    compare *c;
    const ast_node *was, *is;
    unsigned directions;
    bool loud, by_number;
    unsigned failed;
} enum_pair;

static bool fails(enum_pair *p, unsigned directions)
{
    p->failed |= directions & p->directions;
    return p->loud && (directions & p->directions);
}

static void old_enumerator(enum_pair *p, const ast_node *was)
{
    const ast_list *list = &p->is->enumeration.enumerators;
    const ast_node *is = find_enumerator(p->is, was, p->by_number), *namesake = find_named(list, was->name);
    if (is && (!p->by_number || strcmp(is->name, was->name) == 0 || !namesake))
        return;
    if (namesake && p->by_number) {
        if (fails(p, BREAKS_WIRE))
            finding_add(p->c->found, "enumerator-value", p->directions, place_of(namesake), place_of(was),
                        "enumerator '%s' travels as %" PRId64 ", it was %" PRId64, namesake->scoped,
                        namesake->enumerator.value, was->enumerator.value);
    } else if (namesake) {
        if (fails(p, BREAKS_WIRE))
            finding_add(p->c->found, "enumerator-wire-name", p->directions, place_of(namesake), place_of(was),
                        "enumerator '%s' is called '%s' on the wire, it was '%s'", namesake->scoped,
                        namesake->wire_name, was->wire_name);
    } else if (fails(p, BREAKS_TO_NEW)) {
        finding_add(p->c->found, "enumerator-removed", BREAKS_TO_NEW, place_of(p->is), place_of(was),
                    "enum '%s' has no enumerator '%s' any more", p->is->scoped, was->name);
    }
}

static void new_enumerator(enum_pair *p, const ast_node *is)
{
    if (find_enumerator(p->was, is, p->by_number) || find_named(&p->was->enumeration.enumerators, is->name))
        return;
    if (fails(p, BREAKS_TO_OLD))
        finding_add(p->c->found, "enumerator-added", BREAKS_TO_OLD, place_of(is), place_of(p->was),
                    "enumerator '%s' is new, and an old program cannot read it", is->scoped);
}

unsigned wire_enums(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud)
{
    bool was_number = was->notes->wire == AST_WIRE_INT, is_number = is->notes->wire == AST_WIRE_INT;
    enum_pair p = { c, was, is, directions, loud, was_number && is_number, 0 };
    if (was_number != is_number) {
        /* Who expects a number reads names as well. */
        unsigned failed = is_number ? BREAKS_TO_OLD : BREAKS_TO_NEW;
        if (fails(&p, failed))
            finding_add(c->found, "wire-form", failed, place_of(is), place_of(was),
                        "enum '%s' travels by its %s now", is->scoped, is_number ? "number" : "name");
        p.directions &= ~failed;
    }
    for (size_t i = 0; i < was->enumeration.enumerators.len; i++)
        old_enumerator(&p, was->enumeration.enumerators.at[i]);
    for (size_t i = 0; i < is->enumeration.enumerators.len; i++)
        new_enumerator(&p, is->enumeration.enumerators.at[i]);
    return p.failed;
}

/* ---- bitmasks ---- */

static const ast_node *bit_at(const ast_node *bitmask, uint32_t position)
{
    for (size_t i = 0; i < bitmask->bitmask.bits.len; i++) {
        if (bitmask->bitmask.bits.at[i]->bit.position == position)
            return bitmask->bitmask.bits.at[i];
    }
    return NULL;
}

static void old_bit(enum_pair *p, const ast_node *was)
{
    const ast_node *is = bit_at(p->is, was->bit.position);
    const ast_node *namesake = find_named(&p->is->bitmask.bits, was->name);
    if (namesake && namesake != is) {
        if (fails(p, BREAKS_WIRE))
            finding_add(p->c->found, "bit-position", p->directions, place_of(namesake), place_of(was),
                        "bit '%s' has position %u, it was %u", namesake->scoped, (unsigned)namesake->bit.position,
                        (unsigned)was->bit.position);
    } else if (!is && fails(p, BREAKS_TO_NEW)) {
        finding_add(p->c->found, "bit-removed", BREAKS_TO_NEW, place_of(p->is), place_of(was),
                    "bitmask '%s' has no bit '%s' any more", p->is->scoped, was->name);
    }
}

unsigned wire_bitmasks(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud)
{
    enum_pair p = { c, was, is, directions, loud, false, 0 };
    for (size_t i = 0; i < was->bitmask.bits.len; i++)
        old_bit(&p, was->bitmask.bits.at[i]);
    for (size_t i = 0; i < is->bitmask.bits.len; i++) {
        const ast_node *bit = is->bitmask.bits.at[i];
        if (!bit_at(was, bit->bit.position) && !find_named(&was->bitmask.bits, bit->name) && fails(&p, BREAKS_TO_OLD))
            finding_add(c->found, "bit-added", BREAKS_TO_OLD, place_of(bit), place_of(was),
                        "bit '%s' is new, and an old program cannot read it", bit->scoped);
    }
    return p.failed;
}
