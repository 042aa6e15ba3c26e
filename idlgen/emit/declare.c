/* SPDX-License-Identifier: MIT */
/* The types of the header, in an order that C can read. */
#include "emit/declare.h"

#include <stdlib.h>

#include "emit/ctype.h"
#include "emit/names.h"
#include "emit/text.h"
#include "emit/tmpl.h"
#include "emit/value.h"
#include "emit/verbatim.h"
#include "emit/verbs.h"

void declare_done(declare *d)
{
    map_done(&d->complete);
    map_done(&d->opened);
    free(d->waiting);
}

/* ---- which types a node names ---- */

static void each_of(const ast_list *list, declare_type_fn *fn, void *context)
{
    for (size_t i = 0; i < list->len; i++)
        fn(context, ast_node_type(list->at[i]));
}

static void each_of_method(const ast_node *node, declare_type_fn *fn, void *context)
{
    if (node->kind == AST_OPERATION) {
        each_of(&node->operation.params, fn, context);
        if (node->operation.result && node->operation.result->kind != AST_TYPE_VOID)
            fn(context, node->operation.result);
    } else if (node->kind == AST_ATTRIBUTE) {
        fn(context, node->attribute.type);
    }
}

void declare_each_type(const ast_node *node, declare_type_fn *fn, void *context)
{
    switch (node->kind) {
    case AST_STRUCT:
        each_of(&node->structure.members, fn, context);
        break;
    case AST_EXCEPTION:
        each_of(&node->exception.members, fn, context);
        break;
    case AST_UNION:
        fn(context, node->union_.discriminator);
        each_of(&node->union_.arms, fn, context);
        break;
    case AST_TYPEDEF:
        fn(context, node->alias.type);
        break;
    case AST_INTERFACE:
        for (size_t i = 0; i < node->interface.body.len; i++)
            each_of_method(node->interface.body.at[i], fn, context);
        break;
    default:
        break;
    }
}

/* ---- anonymous types ---- */

/* The definition whose end C has to see before it knows the size of a type; NULL when it knows. */
static const ast_node *open_definition(const declare *d, const ast_type *type)
{
    while (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF)
        type = type->def->alias.type;
    if (type->kind == AST_TYPE_ARRAY)
        return open_definition(d, type->element);
    if (type->kind != AST_TYPE_NAMED || type->def->include)
        return NULL;
    const ast_node *def = type->def;
    if (def->kind != AST_STRUCT && def->kind != AST_UNION)
        return NULL;
    return map_get(&d->complete, (const char *)&def, sizeof def) ? NULL : def;
}

static void announce(declare *d, const ast_type *type)
{
    const ast_node *def = open_definition(d, type);
    const char *name = def ? names_global(d->g, def) : NULL;

    if (!name || map_get_str(&d->opened, name))
        return;
    gen_put(d->g, &d->opened, name, name);
    TMPL(d->types, "typedef struct @T@ @T@;\n\n", { "T", name });
}

static const char sequence_text[] =
    "typedef struct @T@ {\n"
    "    @data@;\n"
    "    size_t len, cap;\n"
    "} @T@;\n";

static const char map_text[] =
    "typedef struct @T@ {\n"
    "    struct @T@_entry *data;\n"
    "    size_t len, cap;\n"
    "} @T@;\n";

static const char entry_text[] =
    "typedef struct @T@_entry {\n"
    "    @key@;\n"
    "    @value@;\n"
    "} @T@_entry;\n";

static void wait_for(declare *d, const char *name, const ast_type *type)
{
    if (d->waiting_len == d->waiting_cap) {
        size_t cap = d->waiting_cap ? d->waiting_cap * 2 : 16;
        declare_waiting *more = realloc(d->waiting, cap * sizeof *more);
        if (!more) {
            d->g->failed = true;
            return;
        }
        d->waiting = more;
        d->waiting_cap = cap;
    }
    d->waiting[d->waiting_len++] = (declare_waiting){ name, type };
}

static void declare_entry(declare *d, const char *name, const ast_type *type)
{
    TMPL(d->types, entry_text, { "T", name }, { "key", ctype_declare(d->g, ctype_visible(type->key), "key") },
         { "value", ctype_declare(d->g, ctype_visible(type->element), "value") });
}

/* Writes the entries that have become possible. */
static void flush_waiting(declare *d)
{
    size_t kept = 0;

    for (size_t i = 0; i < d->waiting_len; i++) {
        if (open_definition(d, d->waiting[i].type->element)) {
            d->waiting[kept++] = d->waiting[i];
            continue;
        }
        declare_entry(d, d->waiting[i].name, d->waiting[i].type);
        buf_append_char(d->types, '\n');
    }
    d->waiting_len = kept;
}

static void declare_map(declare *d, const char *name, const ast_type *type)
{
    bool is_open = open_definition(d, type->element) != NULL;

    if (is_open)
        wait_for(d, name, type);
    else
        declare_entry(d, name, type);
    TMPL(d->types, map_text, { "T", name });
}

static void declare_anonymous(declare *d, const ast_type *type)
{
    gen *g = d->g;
    const char *name = ctype_name(g, type);
    const char *descriptor = ctype_plain_descriptor(g, type);
    bool shared = ctype_is_foreign(type);

    if (map_get_str(&g->provided, name) || map_get_str(&d->opened, name))
        return;
    gen_put(g, &d->opened, name, name);
    announce(d, type->element);
    if (shared) {
        TMPL(d->types, "#ifndef @T@_defined /* by the header of another file */\n#define @T@_defined\n",
             { "T", name });
        TMPL(d->functions, "#ifndef @T@_functions\n#define @T@_functions\n", { "T", name });
    }
    if (type->kind == AST_TYPE_MAP)
        declare_map(d, name, type);
    else
        TMPL(d->types, sequence_text, { "T", name },
             { "data",
               text_join(g, gen_text(g, "%s*", text_join(g, ctype_name(g, ctype_visible(type->element)), "")),
                         "data") });
    verbs_value(shared ? d->functions : d->descriptors, name, descriptor);
    verbs_container(g, d->functions, name, type);
    buf_append_str(d->types, shared ? "#endif\n\n" : "\n");
    buf_append_str(d->functions, shared ? "#endif\n" : "");
}

static void need(void *context, const ast_type *type)
{
    declare *d = context;

    if (type->key)
        need(d, type->key);
    if (type->element)
        need(d, type->element);
    if (ctype_is_anonymous(type))
        declare_anonymous(d, type);
}

static void note_provided(void *context, const ast_type *type)
{
    gen *g = context;

    if (type->key)
        note_provided(g, type->key);
    if (type->element)
        note_provided(g, type->element);
    if (ctype_is_anonymous(type)) {
        const char *name = ctype_name(g, type);
        gen_put(g, &g->provided, name, name);
    }
}

static void visit_included(gen *g, const ast_node *node, void *context)
{
    (void)context;
    if (node->include)
        declare_each_type(node, note_provided, g);
}

void declare_included(gen *g)
{
    gen_visit(g, &g->unit->definitions, visit_included, NULL);
}

/* ---- definitions ---- */

static void declare_constant(declare *d, const ast_node *node)
{
    text_doc(d->types, "", node);
    TMPL(d->types, "#define @N@ @value@\n\n", { "N", names_global(d->g, node) },
         { "value", value_expression(d->g, node->constant.type, &node->constant.value) });
}

static bool counts_from_zero(const ast_list *enumerators)
{
    for (size_t i = 0; i < enumerators->len; i++)
        if (enumerators->at[i]->enumerator.value != (int64_t)i)
            return false;
    return true;
}

static void declare_enum(declare *d, const ast_node *node)
{
    const ast_list *list = &node->enumeration.enumerators;
    const char *name = names_global(d->g, node);
    bool plain = counts_from_zero(list);

    text_doc(d->types, "", node);
    TMPL(d->types, "typedef enum @T@ {\n", { "T", name });
    verbatim_put(d->types, "    ", node, AST_BEGIN_DECLARATION);
    for (size_t i = 0; i < list->len; i++) {
        text_doc(d->types, "    ", list->at[i]);
        buf_printf(d->types, "    %s", names_global(d->g, list->at[i]));
        if (!plain)
            buf_printf(d->types, " = %s", value_int64(d->g, list->at[i]->enumerator.value));
        buf_append_str(d->types, i + 1 < list->len ? ",\n" : "\n");
    }
    verbatim_put(d->types, "    ", node, AST_END_DECLARATION);
    TMPL(d->types, "} @T@;\n\n", { "T", name });
    TMPL(d->descriptors, "JRPC_DECLARE_ENUM(@T@);\n", { "T", name });
}

static void declare_bitmask(declare *d, const ast_node *node)
{
    const ast_list *list = &node->bitmask.bits;
    const char *name = names_global(d->g, node);
    unsigned width = node->bitmask.size * 8;

    text_doc(d->types, "", node);
    buf_printf(d->types, "typedef uint%u_t %s;\n", width, name);
    for (size_t i = 0; i < list->len; i++) {
        text_doc(d->types, "", list->at[i]);
        buf_printf(d->types, "#define %s (UINT%u_C(1) << %u)\n", names_global(d->g, list->at[i]), width,
                   (unsigned)list->at[i]->bit.position);
    }
    buf_append_char(d->types, '\n');
    TMPL(d->descriptors, "extern const jrpc_type @T@_type;\n", { "T", name });
}

/* What C cannot say, as a comment: string<8>. */
static const char *bound_comment(gen *g, const ast_type *type)
{
    return type->bound && type->kind != AST_TYPE_ARRAY ? gen_text(g, " /* %s */", type->name) : "";
}

static void declare_member(declare *d, const ast_node *node)
{
    gen *g = d->g;
    ctype_optional form = ctype_optional_of(node);
    const char *name = names_local(g, node);

    verbatim_put(d->types, "    ", node, AST_BEFORE_DECLARATION);
    text_doc(d->types, "    ", node);
    if (form == CTYPE_HAS)
        buf_printf(d->types, "    bool has_%s; /* optional: false is absent */\n",
                   node->notes->c_name ? node->notes->c_name : node->name);
    if (form == CTYPE_BOXED)
        name = gen_text(g, node->member.type->kind == AST_TYPE_ARRAY ? "(*%s)" : "*%s", name);
    buf_printf(d->types, "    %s;%s\n", ctype_declare(g, node->member.type, name),
               form == CTYPE_BOXED || form == CTYPE_NULL ? " /* optional: NULL is absent */"
                                                         : bound_comment(g, node->member.type));
    verbatim_put(d->types, "    ", node, AST_AFTER_DECLARATION);
}

/* Structs and exceptions. */
static void declare_members(declare *d, const ast_node *node, const ast_node *base, const ast_list *members)
{
    const char *name = names_global(d->g, node);

    text_doc(d->types, "", node);
    TMPL(d->types, "typedef struct @T@ {\n", { "T", name });
    if (base)
        TMPL(d->types, "    @B@ base;\n", { "B", names_global(d->g, base) });
    verbatim_put(d->types, "    ", node, AST_BEGIN_DECLARATION);
    for (size_t i = 0; i < members->len; i++)
        declare_member(d, members->at[i]);
    if (!base && members->len == 0)
        buf_append_str(d->types, "    char empty_; /* C has no structures without members */\n");
    verbatim_put(d->types, "    ", node, AST_END_DECLARATION);
    TMPL(d->types, "} @T@;\n\n", { "T", name });
    if (node->kind == AST_EXCEPTION)
        TMPL(d->descriptors, "JRPC_DECLARE_EXCEPTION(@T@);\n", { "T", name });
    else
        verbs_value(d->descriptors, name, gen_text(d->g, "%s_type", name));
    for (size_t i = 0; i < members->len; i++)
        verbs_set_optional(d->g, d->functions, d->setters, node, members->at[i]);
}

static void declare_arm(declare *d, const ast_node *union_, const ast_node *node)
{
    verbatim_put(d->types, "        ", node, AST_BEFORE_DECLARATION);
    text_doc(d->types, "        ", node);
    buf_printf(d->types, "        %s; /*", ctype_declare(d->g, node->arm.type, names_local(d->g, node)));
    for (size_t i = 0; i < node->arm.label_count; i++) {
        const ast_label *label = &node->arm.labels[i];
        buf_printf(d->types, "%s %s", i ? "," : "", value_label(d->g, union_, label));
    }
    buf_printf(d->types, "%s */\n",
               !node->arm.is_default   ? ""
               : node->arm.label_count ? ", all others"
                                       : " all others");
    verbatim_put(d->types, "        ", node, AST_AFTER_DECLARATION);
}

static void declare_union(declare *d, const ast_node *node)
{
    const ast_list *arms = &node->union_.arms;
    const char *name = names_global(d->g, node);

    text_doc(d->types, "", node);
    TMPL(d->types, "typedef struct @T@ {\n    @disc@ /* says which member of _u is valid */\n", { "T", name },
         { "disc", gen_text(d->g, "%s;", ctype_declare(d->g, node->union_.discriminator, "_d")) });
    verbatim_put(d->types, "    ", node, AST_BEGIN_DECLARATION);
    buf_append_str(d->types, "    union {\n");
    for (size_t i = 0; i < arms->len; i++)
        declare_arm(d, node, arms->at[i]);
    buf_append_str(d->types, "    } _u;\n");
    verbatim_put(d->types, "    ", node, AST_END_DECLARATION);
    TMPL(d->types, "} @T@;\n\n", { "T", name });
    verbs_value(d->descriptors, name, gen_text(d->g, "%s_type", name));
    for (size_t i = 0; i < arms->len; i++)
        verbs_set_arm(d->g, d->setters, node, i);
}

static void declare_typedef(declare *d, const ast_node *node)
{
    gen *g = d->g;
    const char *name = names_global(g, node);
    const ast_type *type = node->alias.type, *resolved = ast_type_resolve(type);
    bool alias = ctype_is_alias(node);
    bool has_verbs = ctype_pass_of(type) == CTYPE_POINTER && resolved->kind != AST_TYPE_DATETIME;

    text_doc(d->types, "", node);
    if (type->kind == AST_TYPE_ARRAY)
        TMPL(d->types, "typedef struct @T@ {\n    @e@;\n} @T@;\n\n", { "T", name },
             { "e", ctype_declare(g, type, "e") });
    else
        TMPL(d->types, "typedef @type@;@bound@\n\n", { "type", ctype_declare(g, type, name) },
             { "bound", bound_comment(g, type) });
    if (has_verbs && alias)
        verbs_value(d->functions, name, ctype_descriptor(g, type));
    else if (has_verbs)
        verbs_value(d->descriptors, name, gen_text(g, "%s_type", name));
    else if (!alias)
        TMPL(d->descriptors, "extern const jrpc_type @T@_type;\n", { "T", name });
    if (has_verbs)
        verbs_container(g, d->functions, name, resolved);
}

/* After a struct or union: what waited for it. */
static void complete(declare *d, const ast_node *node)
{
    if (!map_put(&d->complete, (const char *)&node, sizeof node, (void *)(uintptr_t)node))
        d->g->failed = true;
    flush_waiting(d);
}

/* A blank line ends what was put before or after a definition; what belongs into a body is there if C has one. */
static void verbatim_around(declare *d, const ast_node *node, ast_placement outer, ast_placement inner)
{
    size_t before = d->types->len;
    bool has_body = node->kind == AST_STRUCT || node->kind == AST_UNION || node->kind == AST_EXCEPTION ||
                    node->kind == AST_ENUM;

    if (!has_body && node->kind != AST_TYPEDEF && node->kind != AST_CONST && node->kind != AST_BITMASK)
        return;
    verbatim_put(d->types, "", node, outer);
    if (!has_body)
        verbatim_put(d->types, "", node, inner);
    buf_append_str(d->types, d->types->len > before ? "\n" : "");
}

void declare_node(declare *d, const ast_node *node)
{
    declare_each_type(node, need, d);
    verbatim_around(d, node, AST_BEFORE_DECLARATION, AST_BEGIN_DECLARATION);
    switch (node->kind) {
    case AST_CONST:
        declare_constant(d, node);
        break;
    case AST_ENUM:
        declare_enum(d, node);
        break;
    case AST_BITMASK:
        declare_bitmask(d, node);
        break;
    case AST_STRUCT:
        declare_members(d, node, node->structure.base, &node->structure.members);
        complete(d, node);
        break;
    case AST_UNION:
        declare_union(d, node);
        complete(d, node);
        break;
    case AST_EXCEPTION:
        declare_members(d, node, NULL, &node->exception.members);
        break;
    case AST_TYPEDEF:
        declare_typedef(d, node);
        break;
    default:
        break;
    }
    verbatim_around(d, node, AST_AFTER_DECLARATION, AST_END_DECLARATION);
}
