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

/* Up to the size; more members follow. */
static void head(desc *d, const char *attributes, const char *descriptor, const char *kind, const char *name,
                 const char *size)
{
    text_flow f = { d->out, 4, 0 };

    buf_printf(d->out, "%sconst jrpc_type %s = {\n    ", attributes, descriptor);
    text_flow_add(&f, gen_text(d->g, ".kind = JRPC_KIND_%s", kind));
    text_flow_add(&f, gen_text(d->g, ".name = \"%s\"", name));
    text_flow_add(&f, gen_text(d->g, ".size = sizeof(%s)", size));
    buf_append_lit(d->out, ",\n");
}

/* Name, type and place of a member in its structure; more may follow. */
static text_flow begin_field(desc *d, const char *name, const char *type, const char *owner, const char *path)
{
    text_flow f = { d->out, 10, 0 };

    buf_append_lit(d->out, "        { ");
    text_flow_add(&f, gen_text(d->g, ".name = %s", text_quoted(d->g, name)));
    text_flow_add(&f, gen_text(d->g, ".type = &%s", type));
    text_flow_add(&f, gen_text(d->g, ".offset = offsetof(%s, %s)", owner, path));
    return f;
}

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

static void entry(desc *d, const char *name, const char *c, const anonymous *a)
{
    head(d, "static ", name, "STRUCT", "entry", c);
    buf_append_lit(d->out, "    .count = 2, .fields = (const jrpc_field[]){\n");
    begin_field(d, "key", a->key, c, "key");
    buf_append_lit(d->out, " },\n");
    begin_field(d, "value", a->element, c, "value");
    buf_append_lit(d->out, " },\n    },\n};\n\n");
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
        entry(d, name, gen_join(d->g, c, "_entry", ""), a);
    return name;
}

static void write_anonymous(desc *d, const anonymous *a, const ast_type *type, const ast_node *help)
{
    gen *g = d->g;
    const char *element = a->key ? need_entry(d, a, type) : a->element;

    head(d, a->attributes, a->descriptor, ctype_kind(type), a->name, a->size);
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

    head(d, "", gen_join(d->g, name, "_type", ""), kind, node->scoped, name);
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

/* path is that of the member in the structure: "x", "_u.x". The rest of its line is the caller's. */
static text_flow field(desc *d, const char *owner, const ast_node *node, const char *path)
{
    return begin_field(d, node->wire_name, ctype_descriptor(d->g, ast_node_type(node)), owner, path);
}

static void end_field(desc *d, text_flow *f, const ast_node *node)
{
    const char *value = value_default(d->g, node), *range = value_range(d->g, node);

    if (value)
        text_flow_add(f, gen_text(d->g, ".default_value = %s", value));
    if (range)
        text_flow_add(f, gen_text(d->g, ".range = %s", range));
    text_help_inline(d->out, f->indent, node);
    buf_append_str(d->out, " },\n");
}

static void member_flags(gen *g, text_flow *f, const ast_node *structure, const ast_node *member)
{
    ctype_optional form = ctype_optional_of(member);
    const char *key = member->notes->key ? "JRPC_FIELD_KEY" : NULL;
    const char *text = form == CTYPE_REQUIRED ? key : "JRPC_FIELD_OPTIONAL";

    if (form == CTYPE_HAS)
        text = "JRPC_FIELD_OPTIONAL | JRPC_FIELD_HAS";
    if (form != CTYPE_REQUIRED && key)
        text = gen_text(g, "%s | %s", text, key);
    if (text)
        text_flow_add(f, gen_text(g, ".flags = %s", text));
    if (form == CTYPE_HAS)
        text_flow_add(f, gen_text(g, ".has_offset = offsetof(%s, has_%s)", names_global(g, structure),
                                  member->notes->c_name ? member->notes->c_name : member->name));
}

static void desc_members(desc *d, const ast_node *node, const ast_node *base, const ast_list *members)
{
    const char *name = names_global(d->g, node);
    size_t count = members->len + (base ? 1 : 0);

    begin(d, node, "STRUCT");
    begin_list(d, "fields", "jrpc_field", count);
    if (base) {
        const char *type = gen_join(d->g, names_global(d->g, base), "_type", "");
        text_flow f = begin_field(d, "base", type, name, "base");
        text_flow_add(&f, ".flags = JRPC_FIELD_BASE");
        buf_append_lit(d->out, " },\n");
    }
    for (size_t i = 0; i < members->len; i++) {
        text_flow f = field(d, name, members->at[i], names_local(d->g, members->at[i]));
        member_flags(d->g, &f, node, members->at[i]);
        end_field(d, &f, members->at[i]);
    }
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

static void arm_labels(gen *g, text_flow *f, const ast_node *union_, const ast_node *arm)
{
    buf labels = BUF_INIT;
    text_flow list = { &labels, f->indent + 4, 0 };

    if (arm->arm.is_default)
        text_flow_add(f, ".flags = JRPC_FIELD_DEFAULT_ARM");
    if (arm->arm.label_count == 0)
        return;
    text_flow_add(f, gen_text(g, ".label_count = %zu", arm->arm.label_count));
    buf_append_lit(&labels, ".labels = (const int64_t[]){ ");
    for (size_t i = 0; i < arm->arm.label_count; i++) {
        const ast_label *label = &arm->arm.labels[i];
        /* All are an int64_t here, those of a uint64 that are larger by their bits. */
        bool bits = label->value < 0 && !label->enumerator;
        text_flow_add(&list, bits ? value_int64(g, label->value) : value_label(g, union_, label));
        list.column += i ? 0 : strlen(".labels = (const int64_t[]){ ") - 4;
    }
    buf_append_lit(&labels, " }");
    text_flow_add(f, gen_take(g, &labels));
}

static void desc_union(desc *d, const ast_node *node)
{
    const ast_list *arms = &node->union_.arms;
    const char *name = names_global(d->g, node);

    begin(d, node, "UNION");
    TMPL(d->out, "    .discriminator = &@D@,\n", { "D", ctype_descriptor(d->g, node->union_.discriminator) });
    begin_list(d, "fields", "jrpc_field", arms->len);
    for (size_t i = 0; i < arms->len; i++) {
        const ast_node *arm = arms->at[i];
        text_flow f = field(d, name, arm, gen_text(d->g, "_u.%s", names_local(d->g, arm)));
        arm_labels(d->g, &f, node, arm);
        end_field(d, &f, arm);
    }
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
