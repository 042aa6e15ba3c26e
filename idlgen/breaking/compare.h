/* SPDX-License-Identifier: MIT */
/* Two trees, side by side. */
#ifndef BREAKING_COMPARE_H
#define BREAKING_COMPARE_H

#include "breaking/finding.h"
#include "emit/gen.h"
#include "emit/method.h"

/* One of the two files. */
typedef struct side {
    gen g;
    map scoped; /* "M::T" -> definition, modules too */
    map c_names; /* C name -> definition, enumerator or bit */
} side;

/* Types that contain each other through sequences make chains of any length. */
enum { COMPARE_DEPTH_MAX = 200 };

typedef struct compare {
    side was, is;
    const map *served;
    findings *found;
    map visited; /* pairs of definitions and the directions that they were compared in, or will be */
    map quiet;   /* pairs of definitions that were compared without a report, and what came of it */
    unsigned silent; /* > 0: inside of such a comparison; counts its depth */
    struct pending *pending; /* definitions to compare with reports */
    size_t pending_len, pending_cap;
} compare;

typedef struct pending {
    const ast_node *was, *is;
    unsigned directions;
} pending;

/*
 * Adds what breaks between the two trees to found; both stay borrowed by it (places, texts). Each is complete, without
 * mistakes. served: the names of all methods of all new files, for those of an interface that is gone. False without
 * memory.
 */
bool compare_units(const ast_unit *was, const ast_unit *is, const map *served, findings *found);
/* The old file has no counterpart. */
bool compare_lost(const ast_unit *was, const char *path, const map *served, findings *found);
/* Adds the names on the wire of the methods that it has. */
bool compare_served(const ast_unit *is, map *served);

/* ---- for the parts of it ---- */

const ast_node *side_find(const side *s, const char *scoped);
/* The place of a definition, NULL for nowhere. */
place place_of(const ast_node *node);
/* Where something that is gone was: what contained it, or else the beginning of the new file. */
place place_of_gone(const compare *c, const ast_node *was);
/* The outermost module or interface around a definition that is gone as well; NULL if it alone is. */
const ast_node *gone_container(const compare *c, const ast_node *was);
void report_gone(compare *c, const char *rule, unsigned breaks, const ast_node *was);

/* "was 'long' and is 'string' now", or what else the rule is about; lives as long as the comparison. */
const char *type_change(compare *c, const char *rule, const ast_type *was, const ast_type *is);

/* What a value means to both: a parameter, member, result. The nodes give ranges and may be NULL. */
typedef struct use {
    const ast_type *type;
    const ast_node *node;
} use;

/*
 * In which of the directions a value of one cannot be understood as the other. What is wrong inside of a struct, union
 * or enum that has the same name in both is reported there, in its place, and does not count here. *ret_rule is changed
 * when there is a better one.
 */
unsigned wire_use(compare *c, use was, use is, unsigned directions, const char **ret_rule);
/* A map on one side, a struct or union on the other; through typedefs. */
unsigned wire_mixed(compare *c, const ast_type *was, const ast_type *is, unsigned directions);
/* Two definitions of the same kind. If their names are the same, they are compared later, and it is 0. */
unsigned wire_definitions(compare *c, const ast_node *was, const ast_node *is, unsigned directions);
/* The work that the reports of the above have put off. */
void wire_finish(compare *c);
unsigned wire_structs(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud);
unsigned wire_unions(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud);
unsigned wire_enums(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud);
unsigned wire_bitmasks(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud);

/* Whether C sees two different types, in a declaration of a variable; types that are gone were reported as such. */
bool source_differs(compare *c, const ast_type *was, const ast_type *is);
void source_definitions(compare *c);
void compare_interfaces(compare *c);
/* Whether there is a name on the wire that a server of the interface answered to, and nobody does now. */
bool interface_is_unserved(gen *g, const ast_node *interface, const map *served);

#endif
