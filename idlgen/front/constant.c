/* SPDX-License-Identifier: MIT */
/* Constants: from values to types. */
#include "front/constant.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

const char *constant_show(parser *p, wide number)
{
    char digits[48];
    size_t at = sizeof digits;
    bool negative = number < 0;
    do {
        int digit = (int)(number % 10);
        digits[--at] = (char)('0' + (digit < 0 ? -digit : digit));
        number /= 10;
    } while (number != 0 && at > 1);
    if (negative)
        digits[--at] = '-';
    return env_strndup(p->env, digits + at, sizeof digits - at);
}

void constant_limits(ast_type_kind kind, wide *ret_min, wide *ret_max)
{
    static const struct {
        unsigned bits;
        bool is_signed;
    } kinds[] = { [AST_TYPE_INT8] = { 8, true },   [AST_TYPE_UINT8] = { 8, false },
                  [AST_TYPE_INT16] = { 16, true }, [AST_TYPE_UINT16] = { 16, false },
                  [AST_TYPE_INT32] = { 32, true }, [AST_TYPE_UINT32] = { 32, false },
                  [AST_TYPE_INT64] = { 64, true }, [AST_TYPE_UINT64] = { 64, false } };
    wide all = (wide)1 << kinds[kind].bits;
    *ret_min = kinds[kind].is_signed ? -all / 2 : 0;
    *ret_max = kinds[kind].is_signed ? all / 2 - 1 : all - 1;
}

/* With a point or exponent, and as few digits as read back the same. */
static const char *show_real(parser *p, double number)
{
    char text[40];
    int digits = 1;
    do {
        snprintf(text, sizeof text, "%.*g", digits, number);
    } while (++digits <= 17 && strtod(text, NULL) != number);
    return env_format(p->env, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

static const char *show_value(parser *p, const value *v)
{
    switch (v->kind) {
    case VALUE_INTEGER: return constant_show(p, v->integer);
    case VALUE_REAL: return show_real(p, v->real);
    case VALUE_BOOLEAN: return v->integer ? "TRUE" : "FALSE";
    case VALUE_CHAR: return "a character";
    case VALUE_STRING: return "a string";
    case VALUE_ENUM: return env_format(p->env, "the enumerator '%s'", v->enumerator->scoped);
    default: return "?";
    }
}

static bool wrong_kind(parser *p, const value *v, const ast_type *type, const char *wanted)
{
    parse_error(p, "constant-type", v->where, "'%s' needs %s, not %s", type->name, wanted, show_value(p, v));
    return false;
}

static bool real_for_integer(parser *p, const value *v, const ast_type *type)
{
    bool whole = fabs(v->real) < 9.0e15 && (double)(int64_t)v->real == v->real;
    parse_error(p, "constant-type", v->where,
                "'%s' needs a whole number, and %s is a floating point number%s%s", type->name, show_real(p, v->real), whole ? ": write " : "",
                whole ? constant_show(p, (wide)v->real) : "");
    return false;
}

static bool to_integer(parser *p, const value *v, const ast_type *type, const ast_type *real, ast_value *out)
{
    wide min = 0, max = 0;
    if (v->kind == VALUE_REAL)
        return real_for_integer(p, v, type);
    if (v->kind != VALUE_INTEGER)
        return wrong_kind(p, v, type, "a whole number");
    constant_limits(real->kind, &min, &max);
    if (v->integer < min || v->integer > max) {
        parse_error(p, "constant-range", v->where, "%s is out of range for '%s' (%s to %s)",
                    constant_show(p, v->integer), type->name, constant_show(p, min), constant_show(p, max));
        return false;
    }
    out->kind = AST_VALUE_INTEGER;
    out->big = v->integer > (wide)INT64_MAX;
    out->integer = (int64_t)(uint64_t)v->integer;
    return true;
}

static bool to_real(parser *p, const value *v, const ast_type *type, const ast_type *real, ast_value *out)
{
    if (v->kind != VALUE_REAL && v->kind != VALUE_INTEGER)
        return wrong_kind(p, v, type, "a number");
    out->kind = AST_VALUE_DOUBLE;
    out->real = v->kind == VALUE_REAL ? v->real : (double)v->integer;
    if (real->kind == AST_TYPE_FLOAT) {
        if (fabs(out->real) > (double)FLT_MAX) {
            parse_error(p, "constant-range", v->where, "%g is out of range for '%s' (up to %g)", out->real,
                        type->name, (double)FLT_MAX);
            return false;
        }
        out->real = (double)(float)out->real;
    }
    return true;
}

static void char_range(parser *p, wide c, place where)
{
    parse_error(p, "constant-range", where, "U+%04X is out of range for 'char', which is ASCII; use 'wchar'",
                (unsigned)c);
}

static bool to_char(parser *p, const value *v, const ast_type *type, const ast_type *real, ast_value *out)
{
    if (v->kind != VALUE_CHAR)
        return wrong_kind(p, v, type, "a character in single quotes");
    if (real->kind == AST_TYPE_CHAR && v->integer > (v->is_byte ? 0xFF : 0x7F)) {
        char_range(p, v->integer, v->where);
        return false;
    }
    out->kind = AST_VALUE_CHAR;
    out->integer = (int64_t)v->integer;
    return true;
}

bool constant_can_travel(parser *p, const ast_type *type, const ast_value *v, place where)
{
    if (v->kind != AST_VALUE_CHAR)
        return true;
    if (!utf8_is_xml_char((uint32_t)v->integer))
        parse_error(p, "constant-range", where, "XML cannot carry the character U+%04X",
                    (unsigned)v->integer);
    else if (ast_type_resolve(type)->kind == AST_TYPE_CHAR && v->integer > 0x7F)
        char_range(p, v->integer, where);
    else
        return true;
    return false;
}

static bool to_string(parser *p, const value *v, const ast_type *type, const ast_type *real, ast_value *out)
{
    size_t chars = 0;
    if (v->kind != VALUE_STRING)
        return wrong_kind(p, v, type, "a string in double quotes");
    for (const char *c = v->text; *c; c++)
        chars += ((unsigned char)*c & 0xC0) != 0x80;
    if (real->bound && chars > real->bound) {
        parse_error(p, "constant-range", v->where, "this string has %zu characters, '%s' at most %u", chars,
                    type->name, real->bound);
        return false;
    }
    out->kind = AST_VALUE_STRING;
    out->text = v->text;
    return true;
}

static bool to_enum(parser *p, const value *v, const ast_type *type, const ast_node *def, ast_value *out)
{
    if (v->kind != VALUE_ENUM || v->enumerator->enumerator.owner != def)
        return wrong_kind(p, v, type, "one of its enumerators");
    out->kind = AST_VALUE_ENUM;
    out->integer = v->enumerator->enumerator.value;
    out->enumerator = v->enumerator;
    return true;
}

static bool to_bitmask(parser *p, const value *v, const ast_type *type, const ast_node *def, ast_value *out)
{
    uint64_t all = 0;
    if (v->kind != VALUE_INTEGER)
        return wrong_kind(p, v, type, "bits joined by '|'");
    for (size_t i = 0; i < def->bitmask.bits.len; i++)
        all |= (uint64_t)1 << def->bitmask.bits.at[i]->bit.position;
    if (v->integer < 0 || ((uint64_t)v->integer & ~all)) {
        parse_error(p, "constant-range", v->where, "%s has bits that '%s' does not have",
                    constant_show(p, v->integer), type->name);
        return false;
    }
    out->kind = AST_VALUE_INTEGER;
    out->big = v->integer > (wide)INT64_MAX;
    out->integer = (int64_t)(uint64_t)v->integer;
    return true;
}

bool constant_convert(parser *p, const value *v, const ast_type *type, ast_value *out)
{
    *out = (ast_value){ 0 };
    const ast_type *real = ast_type_resolve(type);
    if (v->kind == VALUE_BAD || real->kind == AST_TYPE_ERROR)
        return false;
    if (ast_type_is_integer(real->kind))
        return to_integer(p, v, type, real, out);
    switch (real->kind) {
    case AST_TYPE_FLOAT:
    case AST_TYPE_DOUBLE:
        return to_real(p, v, type, real, out);
    case AST_TYPE_CHAR:
    case AST_TYPE_WCHAR:
        return to_char(p, v, type, real, out);
    case AST_TYPE_STRING:
    case AST_TYPE_WSTRING:
        return to_string(p, v, type, real, out);
    case AST_TYPE_BOOLEAN:
        if (v->kind != VALUE_BOOLEAN)
            return wrong_kind(p, v, type, "TRUE or FALSE");
        out->kind = AST_VALUE_BOOLEAN;
        out->integer = (int64_t)v->integer;
        return true;
    case AST_TYPE_NAMED:
        if (real->def->kind == AST_ENUM)
            return to_enum(p, v, type, real->def, out);
        if (real->def->kind == AST_BITMASK)
            return to_bitmask(p, v, type, real->def, out);
        break;
    default:
        break;
    }
    parse_error(p, "constant-type", v->where, "a constant cannot be of type '%s'", type->name);
    return false;
}

bool constant_read(parser *p, const ast_type *type, ast_value *ret_value)
{
    value v = constant_parse(p, type);
    return constant_convert(p, &v, type, ret_value);
}

uint32_t constant_bound(parser *p, const char *what, bool in_angles)
{
    bool before = p->in_angles;
    p->in_angles = in_angles;
    value v = constant_parse(p, NULL);
    p->in_angles = before;
    if (v.kind == VALUE_BAD)
        return 0;
    if (v.kind != VALUE_INTEGER) {
        parse_error(p, "constant-type", v.where, "%s must be a whole number, not %s", what,
                    show_value(p, &v));
        return 0;
    }
    if (v.integer < 1 || v.integer > LIMIT_STRING_BOUND) {
        parse_error(p, "bound-range", v.where, "%s must be 1 to %d, not %s", what, LIMIT_STRING_BOUND,
                    constant_show(p, v.integer));
        return 0;
    }
    return (uint32_t)v.integer;
}
