/* SPDX-License-Identifier: MIT */
/* Descriptors of types. */
#include "emit/desc.h"

#include <string.h>

#include "emit/ctype.h"
#include "emit/declare.h"
#include "emit/names.h"
#include "emit/text.h"
#include "emit/tmpl.h"
#include "emit/value.h"

void desc_done(desc *d)
{
    map_done(&d->written);
}

/* ---- anonymous types ---- */

static const char head_text[] =
    "@attributes@const jrpc_type @D@ = {\n"
    "    .kind = JRPC_KIND_@KIND@, .name = \"@name@\", .size = sizeof(@size@),\n";

static void flags(gen *g, buf *out, const ast_type *type)
{
    const char *text = NULL;

    if (type->unique)
        text = "JRPC_TYPE_UNIQUE";
    if (type->wire_string)
        text = text ? gen_text(g, "%s | JRPC_TYPE_WIRE_STRING", text) : "JRPC_TYPE_WIRE_STRING";
    if (text)
        TMPL(out, "    .flags = @flags@,\n", { "flags", text });
}

static const char entry_text[] =
    "static const jrpc_type @D@ = {\n"
    "    .kind = JRPC_KIND_STRUCT, .name = \"entry\", .size = sizeof(@T@_entry),\n"
    "    .count = 2, .fields = (const jrpc_field[]){\n"
    "        { .name = \"key\", .type = &@K@, .offset = offsetof(@T@_entry, key) },\n"
    "        { .name = \"value\", .type = &@V@, .offset = offsetof(@T@_entry, value) },\n"
    "    },\n"
    "};\n"
    "\n";

/* One descriptor of a type without definition, and of a typedef (then help has its doc comment). */
typedef struct anonymous {
    const char *attributes; /* "static ", ... */
    const char *descriptor;
    const char *name;    /* in IDL */
    const char *size;    /* what sizeof takes */
    const char *element; /* descriptor, or NULL */
    const char *key;     /* descriptor, or NULL */
    uint32_t bound;
} anonymous;

static bool is_first(desc *d, const char *descriptor)
{
    if (map_get_str(&d->written, descriptor))
        return false;
    gen_put(d->g, &d->written, descriptor, descriptor);
    return true;
}

/* The descriptor of a map's entries; maps of the same parts share it, whatever their bounds are. */
static const char *need_entry(desc *d, const anonymous *a, const ast_type *type)
{
    const char *c = ctype_name(d->g, type), *name = gen_join(d->g, a->descriptor, "_entry", "");
    bool plain = strcmp(a->key, ctype_plain_descriptor(d->g, type->key)) == 0 &&
                 strcmp(a->element, ctype_plain_descriptor(d->g, type->element)) == 0;

    if (plain)
        name = gen_join(d->g, c, "_entry_type", "");
    if (is_first(d, name))
        TMPL(d->out, entry_text, { "D", name }, { "T", c }, { "K", a->key }, { "V", a->element });
    return name;
}

static void write_anonymous(desc *d, const anonymous *a, const ast_type *type, const ast_node *help)
{
    gen *g = d->g;
    const char *element = a->key ? need_entry(d, a, type) : a->element;

    TMPL(d->out, head_text, { "attributes", a->attributes }, { "D", a->descriptor },
         { "KIND", ctype_kind(type) }, { "name", a->name }, { "size", a->size });
    if (a->bound)
        buf_printf(d->out, "    .bound = %lu,\n", (unsigned long)a->bound);
    if (element)
        TMPL(d->out, "    .element = &@E@,\n", { "E", element });
    if (strcmp(a->attributes, "static ") == 0 || help)
        flags(g, d->out, type);
    if (help)
        text_help(d->out, "    ", help);
    buf_append_str(d->out, "};\n\n");
}

static anonymous exact(gen *g, const ast_type *type)
{
    bool has_element = type->element && !ast_type_is_bytes(type);

    return (anonymous){
        .attributes = "static ",
        .descriptor = ctype_descriptor(g, type),
        .name = type->name,
        .size = ctype_size(g, type),
        .bound = type->bound,
        .element = has_element ? ctype_descriptor(g, type->element) : NULL,
        .key = type->key ? ctype_descriptor(g, type->key) : NULL,
    };
}

/* The descriptor of the C type, which the functions in the header use. */
static void need_plain(desc *d, const ast_type *type)
{
    gen *g = d->g;
    const char *descriptor = ctype_plain_descriptor(g, type);

    while (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF)
        type = type->def->alias.type;
    if (!ctype_is_anonymous(type) || map_get_str(&g->provided, ctype_name(g, type)) ||
        !is_first(d, descriptor))
        return;
    need_plain(d, type->element);
    anonymous a = {
        .attributes = ctype_is_foreign(type) ? "__attribute__((weak)) " : "",
        .descriptor = descriptor,
        .name = type->key ? gen_text(g, "map<%s, %s>", ast_type_resolve(type->key)->name,
                                     ast_type_resolve(type->element)->name)
                          : gen_text(g, "sequence<%s>", ast_type_resolve(type->element)->name),
        .size = ctype_name(g, type),
        .element = ctype_plain_descriptor(g, type->element),
        .key = type->key ? ctype_plain_descriptor(g, type->key) : NULL,
    };
    if (type->bound == 0 && strcmp(ctype_descriptor(g, type), descriptor) == 0)
        a.name = type->name;
    write_anonymous(d, &a, type, NULL);
}

void desc_need(void *context, const ast_type *type)
{
    desc *d = context;
    ast_type scratch;

    type = ctype_annotated(type, &scratch);
    if (type->kind == AST_TYPE_NAMED)
        return;
    if (type->key)
        desc_need(d, type->key);
    if (type->element)
        desc_need(d, type->element);
    if (type->kind != AST_TYPE_ARRAY)
        need_plain(d, type);
    const char *descriptor = ctype_descriptor(d->g, type);
    if (strncmp(descriptor, "type_", 5) != 0 || !is_first(d, descriptor))
        return;
    anonymous a = exact(d->g, type);
    write_anonymous(d, &a, type, NULL);
}

static void desc_typedef(desc *d, const ast_node *node)
{
    const ast_type *type = node->alias.type;
    anonymous a;

    if (type->kind == AST_TYPE_NAMED) {
        desc_need(d, type);
        return;
    }
    /* Its own descriptor takes the place of the anonymous one. */
    if (type->key)
        desc_need(d, type->key);
    if (type->element && !ast_type_is_bytes(type))
        desc_need(d, type->element);
    if (type->kind != AST_TYPE_ARRAY)
        need_plain(d, type);
    if (ctype_is_alias(node))
        return;
    a = exact(d->g, type);
    a.attributes = "";
    a.descriptor = gen_text(d->g, "%s_type", names_global(d->g, node));
    a.name = node->scoped;
    if (type->kind == AST_TYPE_ARRAY)
        a.size = names_global(d->g, node);
    write_anonymous(d, &a, type, node);
}

/* ---- enums and bitmasks ---- */

static void enumerator(desc *d, const ast_node *node, const char *value)
{
    buf_append_str(d->out, "        { .name = ");
    text_string(d->out, node->wire_name);
    buf_printf(d->out, ", .value = %s },\n", value);
}

static void begin(desc *d, const ast_node *node, const char *kind)
{
    const char *name = names_global(d->g, node);

    TMPL(d->out, head_text, { "attributes", "" }, { "D", gen_join(d->g, name, "_type", "") },
         { "KIND", kind }, { "name", node->scoped }, { "size", name });
}

/* The list of fields or enumerators, up to its brace. C has no empty ones. */
static void begin_list(desc *d, const char *member, const char *type, size_t count)
{
    if (count)
        buf_printf(d->out, "    .count = %zu, .%s = (const %s[]){\n", count, member, type);
}

static void end_list(desc *d, size_t count)
{
    buf_append_str(d->out, count ? "    },\n" : "");
}

static void end(desc *d, const ast_node *node)
{
    text_help(d->out, "    ", node);
    buf_append_str(d->out, "};\n\n");
}

static void desc_enum(desc *d, const ast_node *node)
{
    const ast_list *list = &node->enumeration.enumerators;

    begin(d, node, "ENUM");
    if (node->notes->wire == AST_WIRE_INT)
        buf_append_str(d->out, "    .flags = JRPC_TYPE_WIRE_INT,\n");
    begin_list(d, "enumerators", "jrpc_enumerator", list->len);
    for (size_t i = 0; i < list->len; i++)
        enumerator(d, list->at[i], names_global(d->g, list->at[i]));
    end_list(d, list->len);
    end(d, node);
}

static void desc_bitmask(desc *d, const ast_node *node)
{
    const ast_list *list = &node->bitmask.bits;

    begin(d, node, "BITMASK");
    begin_list(d, "enumerators", "jrpc_enumerator", list->len);
    for (size_t i = 0; i < list->len; i++)
        enumerator(d, list->at[i],
                   gen_text(d->g, list->at[i]->bit.position == 63 ? "INT64_MIN" : "%s",
                            names_global(d->g, list->at[i])));
    end_list(d, list->len);
    end(d, node);
}

/* ---- structs, exceptions and unions ---- */

/* path is that of the member in the structure: "x", "_u.x". */
static void field(desc *d, const char *owner, const ast_node *node, const char *path, const char *extra)
{
    gen *g = d->g;
    const char *value = value_default(g, node), *range = value_range(g, node);

    buf_append_str(d->out, "        { .name = ");
    text_string(d->out, node->wire_name);
    buf_printf(d->out, ", .type = &%s, .offset = offsetof(%s, %s)%s",
               ctype_descriptor(g, ast_node_type(node)), owner, path, extra);
    if (value)
        buf_printf(d->out, ",\n          .default_value = %s", value);
    if (range)
        buf_printf(d->out, ",\n          .range = %s", range);
    text_help_inline(d->out, node);
    buf_append_str(d->out, " },\n");
}

static const char *member_flags(gen *g, const ast_node *structure, const ast_node *member)
{
    ctype_optional form = ctype_optional_of(member);
    const char *key = member->notes->key ? "JRPC_FIELD_KEY" : NULL;
    const char *text = form == CTYPE_REQUIRED ? key : "JRPC_FIELD_OPTIONAL";

    if (form == CTYPE_HAS)
        text = "JRPC_FIELD_OPTIONAL | JRPC_FIELD_HAS";
    if (form != CTYPE_REQUIRED && key)
        text = gen_text(g, "%s | %s", text, key);
    if (!text)
        return "";
    if (form != CTYPE_HAS)
        return gen_text(g, ",\n          .flags = %s", text);
    return gen_text(g, ",\n          .flags = %s, .has_offset = offsetof(%s, has_%s)", text,
                    names_global(g, structure), member->notes->c_name ? member->notes->c_name : member->name);
}

static void desc_members(desc *d, const ast_node *node, const ast_node *base, const ast_list *members)
{
    const char *name = names_global(d->g, node);
    size_t count = members->len + (base ? 1 : 0);

    begin(d, node, "STRUCT");
    begin_list(d, "fields", "jrpc_field", count);
    if (base)
        TMPL(d->out,
             "        { .name = \"base\", .type = &@B@_type, .offset = offsetof(@T@, base), "
             ".flags = JRPC_FIELD_BASE },\n",
             { "B", names_global(d->g, base) }, { "T", name });
    for (size_t i = 0; i < members->len; i++)
        field(d, name, members->at[i], names_local(d->g, members->at[i]),
              member_flags(d->g, node, members->at[i]));
    end_list(d, count);
    end(d, node);
}

static const char exception_text[] =
    "const jrpc_exception @T@_exception = {\n"
    "    .name = \"@name@\", .code = @code@, .type = &@T@_type,\n";

static void desc_exception(desc *d, const ast_node *node)
{
    desc_members(d, node, NULL, &node->exception.members);
    TMPL(d->out, exception_text, { "T", names_global(d->g, node) }, { "name", node->scoped },
         { "code", value_int64(d->g, node->exception.fault) });
    end(d, node);
}

static const char *arm_labels(gen *g, const ast_node *union_, const ast_node *arm)
{
    const char *text = arm->arm.is_default ? ",\n          .flags = JRPC_FIELD_DEFAULT_ARM" : "";

    if (arm->arm.label_count == 0)
        return text;
    text = gen_text(g, "%s,\n          .label_count = %zu, .labels = (const int64_t[]){", text,
                    arm->arm.label_count);
    for (size_t i = 0; i < arm->arm.label_count; i++) {
        const ast_label *label = &arm->arm.labels[i];
        /* All are an int64_t here, those of a uint64 that are larger by their bits. */
        bool bits = label->value < 0 && !label->enumerator;
        text = gen_text(g, "%s%s %s", text, i ? "," : "",
                        bits ? value_int64(g, label->value) : value_label(g, union_, label));
    }
    return gen_text(g, "%s }", text);
}

static void desc_union(desc *d, const ast_node *node)
{
    const ast_list *arms = &node->union_.arms;
    const char *name = names_global(d->g, node);

    begin(d, node, "UNION");
    TMPL(d->out, "    .discriminator = &@D@,\n", { "D", ctype_descriptor(d->g, node->union_.discriminator) });
    begin_list(d, "fields", "jrpc_field", arms->len);
    for (size_t i = 0; i < arms->len; i++)
        field(d, name, arms->at[i], gen_text(d->g, "_u.%s", names_local(d->g, arms->at[i])),
              arm_labels(d->g, node, arms->at[i]));
    end_list(d, arms->len);
    end(d, node);
}

void desc_node(desc *d, const ast_node *node)
{
    if (node->kind == AST_TYPEDEF) {
        desc_typedef(d, node);
        return;
    }
    declare_each_type(node, desc_need, d);
    switch (node->kind) {
    case AST_ENUM:
        desc_enum(d, node);
        break;
    case AST_BITMASK:
        desc_bitmask(d, node);
        break;
    case AST_STRUCT:
        desc_members(d, node, node->structure.base, &node->structure.members);
        break;
    case AST_EXCEPTION:
        desc_exception(d, node);
        break;
    case AST_UNION:
        desc_union(d, node);
        break;
    default:
        break;
    }
}
