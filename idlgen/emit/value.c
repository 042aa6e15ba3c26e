/* SPDX-License-Identifier: MIT */
/* Constants in C. */
#include "emit/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"
#include "emit/text.h"

static const char *integer(gen *g, int bits, bool is_signed, const ast_value *value)
{
    if (!is_signed)
        return gen_text(g, "UINT%d_C(%" PRIu64 ")", bits, (uint64_t)value->integer);
    if (value->integer == (bits == 64 ? INT64_MIN : -(INT64_C(1) << (bits - 1))))
        return gen_text(g, "INT%d_MIN", bits);
    if (value->integer < 0)
        return gen_text(g, "(-INT%d_C(%" PRId64 "))", bits, -value->integer);
    return gen_text(g, "INT%d_C(%" PRId64 ")", bits, value->integer);
}

/* The shortest text that reads back as the same number. */
static const char *real(gen *g, double value, bool is_float)
{
    char text[40];
    int digits = 1;

    do {
        snprintf(text, sizeof text, "%.*g", digits, value);
    } while (++digits <= 17 && (is_float ? strtof(text, NULL) != (float)value : strtod(text, NULL) != value));
    const char *point = strpbrk(text, ".e") ? "" : ".0";
    return gen_text(g, value < 0 ? "(%s%s%s)" : "%s%s%s", text, point, is_float ? "F" : "");
}

static const char *character(gen *g, int64_t c)
{
    if (c < 0x20 || c >= 0x7F)
        return gen_text(g, "'\\%03o'", (unsigned)c);
    return gen_text(g, c == '\'' || c == '\\' ? "'\\%c'" : "'%c'", (int)c);
}

static const char *text_literal(gen *g, const char *text)
{
    AUTO(buf_done) buf literal = BUF_INIT;

    text_string(&literal, text);
    return gen_take(g, &literal);
}

const char *value_expression(gen *g, const ast_type *type, const ast_value *value)
{
    const ast_type *resolved = ast_type_resolve(type);

    if (value->kind == AST_VALUE_ENUM)
        return names_global(g, value->enumerator);
    if (value->kind == AST_VALUE_STRING)
        return text_literal(g, value->text);
    switch (resolved->kind) {
    case AST_TYPE_BOOLEAN:
        return value->integer ? "true" : "false";
    case AST_TYPE_CHAR:
        return character(g, value->integer);
    case AST_TYPE_WCHAR:
        return gen_text(g, "UINT32_C(0x%04" PRIX64 ")", (uint64_t)value->integer);
    case AST_TYPE_FLOAT:
    case AST_TYPE_DOUBLE:
        return real(g, value->real, resolved->kind == AST_TYPE_FLOAT);
    case AST_TYPE_NAMED: /* a bitmask */
        return integer(g, (int)resolved->def->bitmask.size * 8, false, value);
    default:
        return integer(g, 8 << ((resolved->kind - AST_TYPE_INT8) / 2),
                       (resolved->kind - AST_TYPE_INT8) % 2 == 0, value);
    }
}

const char *value_int64(gen *g, int64_t value)
{
    if (value == INT64_MIN)
        return "INT64_MIN";
    if (value == INT64_MAX)
        return "INT64_MAX";
    return gen_text(g, value >= INT32_MIN && value <= INT32_MAX ? "%" PRId64 : "INT64_C(%" PRId64 ")", value);
}

const char *value_label(gen *g, const ast_node *union_, const ast_label *label)
{
    const ast_type *type = ast_type_resolve(union_->union_.discriminator);

    if (label->enumerator)
        return names_global(g, label->enumerator);
    switch (type->kind) {
    case AST_TYPE_BOOLEAN:
        return label->value ? "true" : "false";
    case AST_TYPE_CHAR:
        return character(g, label->value);
    case AST_TYPE_UINT64:
        return gen_text(g, "UINT64_C(%" PRIu64 ")", (uint64_t)label->value);
    default:
        return value_int64(g, label->value);
    }
}

const char *value_default(gen *g, const ast_node *node)
{
    const ast_type *type = ast_node_type(node);

    if (!node->notes->default_value)
        return NULL;
    const char *c = ctype_pass_of(type) == CTYPE_STRING ? "char *const" : ctype_name(g, type);
    return gen_text(g, "&(const %s){ %s }", c, value_expression(g, type, node->notes->default_value));
}

/* The limits of an integer type, for ranges that are open at one end. XML-RPC has nothing above INT64_MAX. */
static const char *least(gen *g, ast_type_kind kind)
{
    if ((kind - AST_TYPE_INT8) % 2)
        return "0";
    return gen_text(g, "INT%d_MIN", 8 << ((kind - AST_TYPE_INT8) / 2));
}

static const char *greatest(gen *g, ast_type_kind kind)
{
    if (kind == AST_TYPE_INT64 || kind == AST_TYPE_UINT64)
        return "INT64_MAX";
    return gen_text(g, (kind - AST_TYPE_INT8) % 2 ? "UINT%d_MAX" : "INT%d_MAX",
                    8 << ((kind - AST_TYPE_INT8) / 2));
}

static const char *integer_bound(gen *g, const ast_value *value, const char *none)
{
    return !value ? none : value->big ? "INT64_MAX" : value_int64(g, value->integer);
}

static const char *real_bound(gen *g, const ast_value *value, const char *none)
{
    return value ? real(g, value->real, false) : none;
}

const char *value_range(gen *g, const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;

    if (!ast_range_of(node, &min, &max))
        return NULL;
    bool is_real = (min ? min : max)->kind == AST_VALUE_DOUBLE;
    ast_type_kind kind = ast_type_resolve(ast_node_type(node))->kind;
    return gen_text(g, "&(const jrpc_range){ .min_%s = %s, .max_%s = %s }", is_real ? "double" : "integer",
                    is_real ? real_bound(g, min, "-DBL_MAX") : integer_bound(g, min, least(g, kind)),
                    is_real ? "double" : "integer",
                    is_real ? real_bound(g, max, "DBL_MAX") : integer_bound(g, max, greatest(g, kind)));
}
