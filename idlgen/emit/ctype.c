/* SPDX-License-Identifier: MIT */
/* How IDL types are written in C. */
#include "emit/ctype.h"

#include <string.h>

#include "emit/names.h"
#include "emit/text.h"

typedef struct basic {
    const char *c, *part, *kind;
} basic;

static const basic basics[] = {
    [AST_TYPE_BOOLEAN] = { "bool", "bool", "BOOL" },
    [AST_TYPE_INT8] = { "int8_t", "i8", "I8" },
    [AST_TYPE_UINT8] = { "uint8_t", "u8", "U8" },
    [AST_TYPE_INT16] = { "int16_t", "i16", "I16" },
    [AST_TYPE_UINT16] = { "uint16_t", "u16", "U16" },
    [AST_TYPE_INT32] = { "int32_t", "i32", "I32" },
    [AST_TYPE_UINT32] = { "uint32_t", "u32", "U32" },
    [AST_TYPE_INT64] = { "int64_t", "i64", "I64" },
    [AST_TYPE_UINT64] = { "uint64_t", "u64", "U64" },
    [AST_TYPE_FLOAT] = { "float", "float", "FLOAT" },
    [AST_TYPE_DOUBLE] = { "double", "double", "DOUBLE" },
    [AST_TYPE_CHAR] = { "char", "char", "CHAR" },
    [AST_TYPE_WCHAR] = { "uint32_t", "wchar", "WCHAR" },
    [AST_TYPE_STRING] = { "char *", "string", "STRING" },
    [AST_TYPE_WSTRING] = { "char *", "string", "STRING" },
    [AST_TYPE_ANY] = { "struct _xmlrpc_value *", "any", "ANY" },
    [AST_TYPE_DATETIME] = { "jrpc_datetime", "datetime", "DATETIME" },
    [AST_TYPE_SEQUENCE] = { "jrpc_bytes", "bytes", "BYTES" }, /* of octets */
};

/* Follows typedefs to what C sees: an array behind a typedef is a structure with that name. */
const ast_type *ctype_visible(const ast_type *type)
{
    while (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF &&
           type->def->alias.type->kind != AST_TYPE_ARRAY)
        type = type->def->alias.type;
    return type;
}

/* The row of a basic type, as C sees it; NULL for others. */
static const basic *basic_of(const ast_type *type)
{
    type = ctype_visible(type);
    switch (type->kind) {
    case AST_TYPE_VOID:
    case AST_TYPE_ARRAY:
    case AST_TYPE_MAP:
    case AST_TYPE_NAMED:
    case AST_TYPE_ERROR:
        return NULL;
    case AST_TYPE_SEQUENCE:
        return ast_type_is_bytes(type) ? &basics[AST_TYPE_SEQUENCE] : NULL;
    default:
        return &basics[type->kind];
    }
}

const char *ctype_basic(const ast_type *type)
{
    const basic *b = basic_of(type);
    return b ? b->part : NULL;
}

const char *ctype_kind(const ast_type *type)
{
    const basic *b = basic_of(type);

    if (b)
        return b->kind;
    type = ctype_visible(type);
    switch (type->kind) {
    case AST_TYPE_SEQUENCE:
        return "SEQUENCE";
    case AST_TYPE_MAP:
        return "MAP";
    default:
        return "ARRAY";
    }
}

ctype_pass ctype_pass_of(const ast_type *type)
{
    if (ast_type_is_scalar(type))
        return CTYPE_VALUE;
    switch (ast_type_resolve(type)->kind) {
    case AST_TYPE_STRING:
    case AST_TYPE_WSTRING:
        return CTYPE_STRING;
    case AST_TYPE_ANY:
        return CTYPE_ANY;
    default:
        return CTYPE_POINTER;
    }
}

ctype_optional ctype_optional_of(const ast_node *member)
{
    if (!member->notes->optional)
        return CTYPE_REQUIRED;
    switch (ctype_pass_of(member->member.type)) {
    case CTYPE_VALUE:
        return CTYPE_HAS;
    case CTYPE_STRING:
    case CTYPE_ANY:
        return CTYPE_NULL;
    default:
        return CTYPE_BOXED;
    }
}

/* ---- names ---- */

static const char *sequence_name(gen *g, const ast_type *type)
{
    const char *part = ctype_basic(type->element);
    return part ? gen_join(g, "jrpc_seq_", part, "")
                : gen_join(g, ctype_name(g, ctype_visible(type->element)), "_seq", "");
}

static const char *map_name(gen *g, const ast_type *type)
{
    const char *key = ctype_basic(type->key), *part = ctype_basic(type->element);

    if (!key)
        key = ctype_name(g, ctype_visible(type->key));
    return part ? gen_text(g, "jrpc_map_%s_%s", key, part)
                : gen_text(g, "%s_map_%s", ctype_name(g, ctype_visible(type->element)), key);
}

const char *ctype_name(gen *g, const ast_type *type)
{
    if (type->kind == AST_TYPE_NAMED)
        return names_global(g, type->def);
    if (basic_of(type))
        return basic_of(type)->c;
    return type->kind == AST_TYPE_SEQUENCE ? sequence_name(g, type) : map_name(g, type);
}

/* The dimensions of an anonymous array: "[2][3]"; *type becomes what is in them. */
static const char *dimensions(gen *g, const ast_type **type)
{
    const char *text = "";

    for (; (*type)->kind == AST_TYPE_ARRAY; *type = (*type)->element)
        text = gen_text(g, "%s[%lu]", text, (unsigned long)(*type)->bound);
    return text;
}

const char *ctype_declare(gen *g, const ast_type *type, const char *name)
{
    const char *sizes = dimensions(g, &type);
    return gen_text(g, "%s%s", text_join(g, ctype_name(g, type), name), sizes);
}

const char *ctype_size(gen *g, const ast_type *type)
{
    const char *sizes = dimensions(g, &type);
    return gen_text(g, "%s%s", ctype_name(g, type), sizes);
}

const char *ctype_param(gen *g, const ast_type *type, bool out, const char *name)
{
    const char *c = ctype_name(g, type);

    if (out)
        return gen_join(g, text_join(g, c, ""), "*", name);
    switch (ctype_pass_of(type)) {
    case CTYPE_STRING:
        return gen_join(g, "const char *", name, "");
    case CTYPE_POINTER:
        return gen_join(g, "const ", c, gen_join(g, " *", name, ""));
    default:
        return text_join(g, c, name);
    }
}

bool ctype_is_anonymous(const ast_type *type)
{
    if (type->kind == AST_TYPE_MAP)
        return true;
    return type->kind == AST_TYPE_SEQUENCE && !ctype_basic(type) && !ctype_basic(type->element);
}

bool ctype_is_foreign(const ast_type *type)
{
    type = ctype_visible(type);
    if (type->kind == AST_TYPE_NAMED)
        return type->def->include != NULL;
    if (type->key && !ctype_is_foreign(type->key))
        return false;
    return !type->element || ctype_is_foreign(type->element);
}

/* ---- descriptors ---- */

bool ctype_is_alias(const ast_node *node)
{
    const ast_type *type = node->alias.type;

    if (type->kind == AST_TYPE_NAMED)
        return true;
    return !type->bound && !type->unique && !type->wire_string && type->kind != AST_TYPE_ARRAY &&
           type->kind != AST_TYPE_MAP && (type->kind != AST_TYPE_SEQUENCE || ast_type_is_bytes(type));
}

const char *ctype_plain_descriptor(gen *g, const ast_type *type)
{
    const char *part = ctype_basic(type);

    type = ctype_visible(type);
    if (part)
        return gen_join(g, "jrpc_type_", part, "");
    if (type->kind == AST_TYPE_SEQUENCE && ctype_basic(type->element))
        return gen_text(g, "jrpc_type_seq_%s", ctype_basic(type->element));
    return gen_join(g, ctype_name(g, type), "_type", "");
}

/* What names the descriptor of an element in the names of those built on it. */
static const char *descriptor_part(gen *g, const char *descriptor)
{
    size_t len = strlen(descriptor);

    if (strncmp(descriptor, "jrpc_type_", 10) == 0)
        return descriptor + 10;
    if (strncmp(descriptor, "type_", 5) == 0)
        return descriptor + 5;
    return gen_text(g, "%.*s", (int)(len - 5), descriptor);
}

/* A sequence or map whose parts have no bounds either, so that the descriptor of its C type will do. */
static bool is_plain(gen *g, const ast_type *type)
{
    if (type->bound || type->unique)
        return false;
    if (type->key && strcmp(ctype_descriptor(g, type->key), ctype_plain_descriptor(g, type->key)) != 0)
        return false;
    return strcmp(ctype_descriptor(g, type->element), ctype_plain_descriptor(g, type->element)) == 0;
}

/* The name of what `is` says: a definition can be called so that the wanted one stands for something else already. */
static const char *own_name(gen *g, const char *wanted, const char *is)
{
    const char *name = map_get_str(&g->descriptors, is);
    if (name)
        return name;
    name = wanted;
    for (unsigned i = 2; !g->failed && map_get_str(&g->descriptors, name); i++)
        name = gen_text(g, "%s_%u", wanted, i);
    gen_put(g, &g->descriptors, is, name);
    gen_put(g, &g->descriptors, name, name);
    return name;
}

static const char *container_descriptor(gen *g, const ast_type *type)
{
    if (is_plain(g, type))
        return ctype_plain_descriptor(g, type);
    const char *bound = type->bound ? gen_text(g, "_max%lu", (unsigned long)type->bound) : "";
    const char *unique = type->unique ? "_unique" : "";
    const char *element = ctype_descriptor(g, type->element), *part = descriptor_part(g, element);
    if (type->kind != AST_TYPE_MAP)
        return own_name(g, gen_text(g, "type_%s_seq%s%s", part, bound, unique),
                        gen_text(g, "%s[%s%s]", element, bound, unique));
    const char *key = ctype_descriptor(g, type->key);
    return own_name(g, gen_text(g, "type_%s_map_%s%s", part, descriptor_part(g, key), bound),
                    gen_text(g, "%s{%s%s}", element, key, bound[0] ? gen_text(g, ",%s", bound) : ""));
}

const ast_type *ctype_annotated(const ast_type *type, ast_type *scratch)
{
    if (type->kind != AST_TYPE_NAMED || !(type->unique || type->wire_string))
        return type;
    *scratch = *ast_type_resolve(type);
    scratch->unique |= type->unique;
    scratch->wire_string |= type->wire_string;
    return scratch;
}

static const char *array_descriptor(gen *g, const ast_type *type)
{
    const char *element = ctype_descriptor(g, type->element);
    unsigned long count = type->bound;

    return own_name(g, gen_text(g, "type_%s_x%lu", descriptor_part(g, element), count),
                    gen_text(g, "%s[%lu]", element, count));
}

static const char *basic_descriptor(gen *g, const ast_type *type, const char *part)
{
    const char *bound = type->bound ? gen_text(g, "_max%lu", (unsigned long)type->bound) : "";
    const char *unique = type->unique ? "_unique" : "";

    if (type->wire_string)
        return own_name(g, gen_text(g, "type_%s_as_string", part), gen_text(g, "\"%s\"", part));
    if (type->bound || type->unique)
        return own_name(g, gen_text(g, "type_%s%s%s", part, bound, unique), gen_text(g, "(%s%s%s)", part, bound, unique));
    return gen_join(g, "jrpc_type_", part, "");
}

const char *ctype_descriptor(gen *g, const ast_type *type)
{
    ast_type scratch;
    const char *part;

    type = ctype_annotated(type, &scratch);
    part = ctype_basic(type);
    if (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF && ctype_is_alias(type->def))
        return ctype_descriptor(g, type->def->alias.type);
    if (type->kind == AST_TYPE_NAMED)
        return gen_join(g, names_global(g, type->def), "_type", "");
    if (type->kind == AST_TYPE_ARRAY)
        return array_descriptor(g, type);
    return part ? basic_descriptor(g, type, part) : container_descriptor(g, type);
}
