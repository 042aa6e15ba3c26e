/* SPDX-License-Identifier: MIT */
/* Types, constants and values in Python. */
#include "emit/python_types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "emit/ctype.h"
#include "emit/python_names.h"

/* ---- annotations ---- */

static bool is_octets(const ast_type *type)
{
    bool list = type->kind == AST_TYPE_SEQUENCE || type->kind == AST_TYPE_ARRAY;
    return list && ast_type_resolve(type->element)->kind == AST_TYPE_UINT8 &&
           (type->kind == AST_TYPE_ARRAY || ast_type_is_bytes(type));
}

const char *python_hint(gen *g, const ast_type *type)
{
    type = ast_type_resolve(type);
    if (ast_type_is_integer(type->kind))
        return "int";
    if (is_octets(type))
        return "bytes";
    switch (type->kind) {
    case AST_TYPE_BOOLEAN:
        return "bool";
    case AST_TYPE_FLOAT:
    case AST_TYPE_DOUBLE:
        return "float";
    case AST_TYPE_ANY:
        return "_s.Value";
    case AST_TYPE_DATETIME:
        return "_datetime";
    case AST_TYPE_SEQUENCE:
    case AST_TYPE_ARRAY:
        return gen_join(g, "list[", python_hint(g, type->element), "]");
    case AST_TYPE_MAP:
        return gen_text(g, "dict[%s, %s]", python_hint(g, type->key), python_hint(g, type->element));
    case AST_TYPE_NAMED:
        return python_global(g, type->def);
    default:
        return "str";
    }
}

/* ---- objects ---- */

static const char *integer(gen *g, const ast_type *type)
{
    static const char *const names[] = { "INT8", "OCTET", "SHORT", "UNSIGNED_SHORT", "LONG", "UNSIGNED_LONG",
                                         "LONG_LONG", "UNSIGNED_LONG_LONG" };
    int at = (int)type->kind - AST_TYPE_INT8;

    if (!type->wire_string)
        return gen_join(g, "_s.", names[at], "");
    return gen_text(g, "_s.Integer(\"%s\", %d, %s, True)", type->name, 8 << (at / 2), at % 2 ? "False" : "True");
}

static const char *container(gen *g, const ast_type *type, const char *name)
{
    const char *bound = type->bound ? gen_text(g, ", %" PRIu32, type->bound) : "";
    bool is_array = type->kind == AST_TYPE_ARRAY;

    if (is_octets(type))
        return type->bound ? gen_text(g, "_s.Bytes(\"%s\"%s%s)", name, bound, is_array ? ", True" : "") : "_s.BYTES";
    if (type->kind == AST_TYPE_MAP)
        return gen_text(g, "_t.Map(\"%s\", %s, %s%s)", name, python_type(g, type->key), python_type(g, type->element),
                        bound);
    return gen_text(g, "_t.Sequence(\"%s\", %s%s%s%s)", name, python_type(g, type->element), bound,
                    type->unique ? ", unique=True" : "", is_array ? ", exact=True" : "");
}

/* name: what messages call it. */
static const char *structural(gen *g, const ast_type *type, const char *name)
{
    if (ast_type_is_integer(type->kind))
        return integer(g, type);
    switch (type->kind) {
    case AST_TYPE_BOOLEAN:
        return "_s.BOOLEAN";
    case AST_TYPE_FLOAT:
        return "_s.FLOAT";
    case AST_TYPE_DOUBLE:
        return "_s.DOUBLE";
    case AST_TYPE_CHAR:
        return "_s.CHAR";
    case AST_TYPE_WCHAR:
        return "_s.WCHAR";
    case AST_TYPE_ANY:
        return "_t.ANY";
    case AST_TYPE_DATETIME:
        return "_s.DATETIME";
    case AST_TYPE_STRING:
    case AST_TYPE_WSTRING:
        return type->bound ? gen_text(g, "_s.String(\"%s\", %" PRIu32 ")", name, type->bound) : "_s.STRING";
    default:
        return container(g, type, name);
    }
}

const char *python_type(gen *g, const ast_type *type)
{
    ast_type scratch;

    type = ctype_annotated(type, &scratch);
    while (type->kind == AST_TYPE_NAMED && type->def->kind == AST_TYPEDEF && ctype_is_alias(type->def))
        type = ctype_annotated(type->def->alias.type, &scratch);
    if (type->kind == AST_TYPE_NAMED)
        return gen_join(g, python_global(g, type->def), "_type", "");
    return structural(g, type, type->name);
}

/* ---- values ---- */

/* The shortest text that reads back as the same number. */
static const char *real(gen *g, double value)
{
    char text[40];
    int digits = 1;

    do {
        snprintf(text, sizeof text, "%.*g", digits, value);
    } while (++digits <= 17 && strtod(text, NULL) != value);
    return gen_join(g, text, strpbrk(text, ".e") ? "" : ".0", "");
}

static const char *character(gen *g, int64_t c)
{
    char text[5] = "";

    if (c < 0x20 || !utf8_is_xml_char((uint32_t)c))
        return gen_text(g, "\"\\x%02x\"", (unsigned)c);
    text[utf8_encode((uint32_t)c, text)] = '\0';
    return python_string_of(g, text);
}

static const char *enumerator(gen *g, const ast_node *node)
{
    const ast_node *owner = node->enumerator.owner;

    return gen_text(g, "%s.%s", python_global(g, owner),
                    python_local(g, node->name, PYTHON_ENUMERATOR, &owner->enumeration.enumerators));
}

static const char *number(gen *g, const ast_value *value)
{
    return value->big ? gen_text(g, "%" PRIu64, (uint64_t)value->integer) : gen_text(g, "%" PRId64, value->integer);
}

const char *python_value(gen *g, const ast_type *type, const ast_value *value)
{
    const ast_type *resolved = ast_type_resolve(type);

    switch (value->kind) {
    case AST_VALUE_ENUM:
        return enumerator(g, value->enumerator);
    case AST_VALUE_STRING:
        return python_string_of(g, value->text);
    case AST_VALUE_DOUBLE:
        return real(g, value->real);
    case AST_VALUE_CHAR:
        return character(g, value->integer);
    case AST_VALUE_BOOLEAN:
        return value->integer ? "True" : "False";
    default:
        if (resolved->kind == AST_TYPE_NAMED) /* a bitmask */
            return gen_text(g, "%s(%" PRIu64 ")", python_global(g, resolved->def), (uint64_t)value->integer);
        return number(g, value);
    }
}

/* One end of a range; open ones are those of the type, as in C. XML-RPC has nothing above 64 bits with sign. */
static const char *range_end(gen *g, const ast_value *value, bool is_real, int bits, bool is_signed, bool upper)
{
    if (value && is_real)
        return real(g, value->real);
    if (value)
        return value->big ? "_s.INT64_MAX" : number(g, value);
    if (is_real)
        return upper ? "1.7976931348623157e308" : "-1.7976931348623157e308";
    if (upper)
        return bits == 64 ? "_s.INT64_MAX" : gen_text(g, "%" PRId64, (INT64_C(1) << (bits - is_signed)) - 1);
    return is_signed ? gen_text(g, "-%" PRIu64, UINT64_C(1) << (bits - 1)) : "0";
}

const char *python_limits(gen *g, const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;

    if (!ast_range_of(node, &min, &max))
        return NULL;
    int at = (int)ast_type_resolve(ast_node_type(node))->kind - AST_TYPE_INT8;
    bool is_real = (min ? min : max)->kind == AST_VALUE_DOUBLE, is_signed = at % 2 == 0;
    int bits = is_real ? 0 : 8 << (at / 2);
    return gen_text(g, "(%s, %s)", range_end(g, min, is_real, bits, is_signed, false),
                    range_end(g, max, is_real, bits, is_signed, true));
}

/* ---- declaring ---- */

void python_declare_node(gen *g, const ast_node *node, void *out)
{
    const char *kind = node->kind == AST_UNION ? "UnionOf" : "Struct";

    if (node->include || (node->kind != AST_STRUCT && node->kind != AST_EXCEPTION && node->kind != AST_UNION))
        return;
    buf_printf(out, "%s_type = _t.%s(\"%s\")\n", python_global(g, node), kind, node->scoped);
}

/* ---- defining ---- */

static python_place place_of(const ast_node *owner)
{
    return owner->kind == AST_EXCEPTION ? PYTHON_EXCEPTION_MEMBER : PYTHON_MEMBER;
}

static void member_doc(buf *out, const ast_node *member)
{
    if (member->doc_len)
        python_doc(out, "    ", member, NULL);
}

static void fields(gen *g, buf *out, const ast_node *node)
{
    const ast_list *list = ast_node_parts(node);

    for (size_t i = 0; i < list->len; i++) {
        const ast_node *m = list->at[i];
        const ast_value *value = m->notes->default_value;
        buf_printf(out, "    %s: %s%s", python_local(g, m->name, place_of(node), list),
                   python_hint(g, m->member.type), m->notes->optional ? " | None" : "");
        if (m->notes->optional || value)
            buf_printf(out, " = %s", m->notes->optional ? "None" : python_value(g, m->member.type, value));
        buf_append_char(out, '\n');
        member_doc(out, m);
    }
    if (list->len == 0 && node->kind == AST_STRUCT && node->doc_len == 0)
        buf_append_lit(out, "    pass\n");
}

static void define_struct(gen *g, buf *out, const ast_node *node)
{
    const ast_node *base = node->structure.base;

    buf_printf(out, "\n\n@_dataclass(kw_only=True)\nclass %s%s%s%s:\n", python_global(g, node), base ? "(" : "",
               base ? python_global(g, base) : "", base ? ")" : "");
    python_doc(out, "    ", node, NULL);
    fields(g, out, node);
}

static void define_exception(gen *g, buf *out, const ast_node *node)
{
    const char *name = python_global(g, node);

    buf_printf(out, "\n\n@_dataclass(kw_only=True, eq=False)\nclass %s(_m.DeclaredFault):\n", name);
    python_doc(out, "    ", node, NULL);
    buf_printf(out, "    IDL_NAME: _ClassVar[str] = \"%s\"\n    CODE: _ClassVar[int] = %" PRId32
                    "\n    TYPE: _ClassVar[_t.Struct] = %s_type\n",
               node->scoped, node->exception.fault, name);
    fields(g, out, node);
}

static void define_enum(gen *g, buf *out, const ast_node *node)
{
    const char *name = python_global(g, node), *names = "";
    const ast_list *list = &node->enumeration.enumerators;
    bool same = true;

    buf_printf(out, "\n\nclass %s(_enum.Enum):\n", name);
    python_doc(out, "    ", node, NULL);
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *e = list->at[i];
        const char *local = python_local(g, e->name, PYTHON_ENUMERATOR, list);
        buf_printf(out, "    %s = %" PRId64 "\n", local, e->enumerator.value);
        member_doc(out, e);
        names = gen_text(g, "%s%s%s: %s.%s", names, i ? ", " : "", python_string_of(g, e->wire_name), name, local);
        same = same && strcmp(local, e->wire_name) == 0;
    }
    bool by_value = node->notes->wire == AST_WIRE_INT;
    buf_printf(out, "\n\n%s_type = _s.Enumeration(\"%s\", %s%s", name, node->scoped, name,
               by_value ? ", True" : "");
    if (!same)
        buf_printf(out, ", names={%s}", names);
    buf_append_lit(out, ")\n");
}

static void define_bitmask(gen *g, buf *out, const ast_node *node)
{
    const char *name = python_global(g, node);
    const ast_list *list = &node->bitmask.bits;

    buf_printf(out, "\n\nclass %s(_enum.IntFlag):\n", name);
    python_doc(out, "    ", node, NULL);
    for (size_t i = 0; i < list->len; i++) {
        buf_printf(out, "    %s = 0x%" PRIX64 "\n", python_local(g, list->at[i]->name, PYTHON_ENUMERATOR, list),
                   UINT64_C(1) << list->at[i]->bit.position);
        member_doc(out, list->at[i]);
    }
    if (list->len == 0)
        buf_append_lit(out, "    pass\n");
    buf_printf(out, "\n\n%s_type = _s.Bitmask(\"%s\", %" PRIu32 ", %s)\n", name, node->scoped, node->bitmask.size * 8,
               name);
}

/* ---- unions ---- */

static const char *label(gen *g, const ast_node *node, int64_t value, const ast_node *by_name)
{
    const ast_type *type = ast_type_resolve(node->union_.discriminator);

    if (type->kind == AST_TYPE_NAMED) {
        const ast_list *list = &type->def->enumeration.enumerators;
        for (size_t i = 0; !by_name && i < list->len; i++)
            if (list->at[i]->enumerator.value == value)
                by_name = list->at[i];
        return by_name ? enumerator(g, by_name) : gen_text(g, "%" PRId64, value);
    }
    if (type->kind == AST_TYPE_BOOLEAN)
        return value ? "True" : "False";
    if (type->kind == AST_TYPE_CHAR || type->kind == AST_TYPE_WCHAR)
        return character(g, value);
    return gen_text(g, type->kind == AST_TYPE_UINT64 ? "%" PRIu64 : "%" PRId64, (uint64_t)value);
}

static const char *first_label(gen *g, const ast_node *node, const ast_node *arm)
{
    const ast_arm *a = &arm->arm;

    return a->label_count ? label(g, node, a->labels[0].value, a->labels[0].enumerator)
                          : label(g, node, node->union_.default_label, NULL);
}

static bool has_no_arm(const ast_node *node)
{
    return !node->union_.covered && !node->union_.default_arm;
}

static const char *arm_class(gen *g, const ast_node *node, const ast_node *arm)
{
    return gen_join(g, python_global(g, node), "_", arm ? arm->name : "no_arm");
}

static void define_arm(gen *g, buf *out, const ast_node *node, const ast_node *arm)
{
    const char *d = python_hint(g, node->union_.discriminator);

    buf_printf(out, "\n\n@_dataclass\nclass %s:\n", arm_class(g, node, arm));
    if (arm) {
        python_doc(out, "    ", arm, NULL);
        buf_printf(out, "    value: %s\n    d: %s = %s\n", python_hint(g, arm->arm.type), d,
                   first_label(g, node, arm));
    } else {
        buf_printf(out, "    d: %s = %s\n", d, label(g, node, node->union_.default_label, NULL));
    }
}

static void define_union(gen *g, buf *out, const ast_node *node)
{
    const ast_list *arms = &node->union_.arms;
    const char *all = "";

    for (size_t i = 0; i < arms->len; i++) {
        define_arm(g, out, node, arms->at[i]);
        all = gen_text(g, "%s%s%s", all, i ? " | " : "", arm_class(g, node, arms->at[i]));
    }
    if (has_no_arm(node)) {
        define_arm(g, out, node, NULL);
        all = gen_text(g, "%s%s%s", all, arms->len ? " | " : "", arm_class(g, node, NULL));
    }
    buf_printf(out, "\n\n%s: _TypeAlias = \"%s\"\n", python_global(g, node), all);
    python_doc(out, "", node, NULL);
}

/* ---- the rest ---- */

static void define_typedef(gen *g, buf *out, const ast_node *node)
{
    const char *name = python_global(g, node);

    buf_printf(out, "\n%s: _TypeAlias = \"%s\"\n", name, python_hint(g, node->alias.type));
    python_doc(out, "", node, NULL);
    if (!ctype_is_alias(node))
        buf_printf(out, "%s_type = %s\n", name, structural(g, node->alias.type, node->scoped));
}

static void define_const(gen *g, buf *out, const ast_node *node)
{
    buf_printf(out, "\n%s: _Final[%s] = %s\n", python_global(g, node), python_hint(g, node->constant.type),
               python_value(g, node->constant.type, &node->constant.value));
    python_doc(out, "", node, NULL);
}

void python_define_node(gen *g, const ast_node *node, void *out)
{
    if (node->include)
        return;
    switch (node->kind) {
    case AST_STRUCT:
        define_struct(g, out, node);
        break;
    case AST_EXCEPTION:
        define_exception(g, out, node);
        break;
    case AST_UNION:
        define_union(g, out, node);
        break;
    case AST_ENUM:
        define_enum(g, out, node);
        break;
    case AST_BITMASK:
        define_bitmask(g, out, node);
        break;
    case AST_TYPEDEF:
        define_typedef(g, out, node);
        break;
    case AST_CONST:
        define_const(g, out, node);
        break;
    default:
        break;
    }
}

/* ---- completing ---- */

static const char *member_of(gen *g, const ast_node *node, const char *name)
{
    const ast_type *type = ast_node_type(node);
    const char *limits = python_limits(g, node);
    const char *value = node->notes->default_value ? python_value(g, type, node->notes->default_value) : NULL;

    return gen_text(g, "_t.Member(\"%s\", %s, %s%s%s%s%s%s", name, python_string_of(g, node->wire_name),
                    python_type(g, type), node->notes->optional ? ", True" : "", value ? ", default=" : "",
                    value ? value : "", limits ? ", limits=" : "", limits ? limits : "");
}

static void complete_struct(gen *g, buf *out, const ast_node *node)
{
    const ast_list *list = ast_node_parts(node);
    const ast_node *base = node->kind == AST_STRUCT ? node->structure.base : NULL;

    buf_printf(out, "%s_type.define(\n    %s", python_global(g, node), python_global(g, node));
    for (size_t i = 0; i < list->len; i++)
        buf_printf(out, ",\n    %s)",
                   member_of(g, list->at[i], python_local(g, list->at[i]->name, place_of(node), list)));
    if (base)
        buf_printf(out, ",\n    base=%s_type", python_global(g, base));
    buf_append_lit(out, ")\n");
}

static void complete_union(gen *g, buf *out, const ast_node *node)
{
    const ast_list *arms = &node->union_.arms;

    buf_printf(out, "%s_type.define(%s, (", python_global(g, node), python_type(g, node->union_.discriminator));
    for (size_t i = 0; i < arms->len; i++) {
        const ast_arm *a = &arms->at[i]->arm;
        buf_printf(out, "\n    (%s, arm=%s), (", member_of(g, arms->at[i], "value"),
                   arm_class(g, node, arms->at[i]));
        for (size_t k = 0; k < a->label_count; k++)
            buf_printf(out, "%s, ", label(g, node, a->labels[k].value, a->labels[k].enumerator));
        buf_printf(out, "), %s),", a->is_default ? "True" : "False");
    }
    buf_printf(out, ")%s%s)\n", has_no_arm(node) ? ", " : "", has_no_arm(node) ? arm_class(g, node, NULL) : "");
}

void python_complete_node(gen *g, const ast_node *node, void *out)
{
    if (node->include)
        return;
    if (node->kind == AST_STRUCT || node->kind == AST_EXCEPTION)
        complete_struct(g, out, node);
    else if (node->kind == AST_UNION)
        complete_union(g, out, node);
}
