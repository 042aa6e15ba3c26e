/* SPDX-License-Identifier: MIT */
/* Values without parts: what the codec of one type reads of another. */
#include "breaking/leaf.h"

#include <string.h>

#include "base/utf8.h"
#include "front/constant.h"

leaf leaf_of(const ast_type *type, const ast_node *node)
{
    leaf l = { .type = ast_type_resolve(type) };
    l.wire_string = type->wire_string || l.type->wire_string;
    l.unique = type->unique || l.type->unique;
    if (node)
        ast_range_of(node, &l.min, &l.max);
    return l;
}

bool leaf_is_bytes(const ast_type *type)
{
    bool list = type->kind == AST_TYPE_SEQUENCE || type->kind == AST_TYPE_ARRAY;
    return list && ast_type_resolve(type->element)->kind == AST_TYPE_UINT8;
}

bool leaf_holds(const ast_type *type, int64_t number)
{
    wide least, most;
    constant_limits(type->kind, &least, &most);
    return number >= least && number <= most;
}

bool leaf_count_fits(const ast_type *writer, const ast_type *reader)
{
    if (reader->kind == AST_TYPE_ARRAY)
        return writer->kind == AST_TYPE_ARRAY && writer->bound == reader->bound;
    return reader->bound == 0 || (writer->bound && writer->bound <= reader->bound);
}

static const ast_node *definition(const leaf *l, ast_kind kind)
{
    return l->type->kind == AST_TYPE_NAMED && l->type->def->kind == kind ? l->type->def : NULL;
}

static bool is_enum(const leaf *l, bool by_number)
{
    const ast_node *node = definition(l, AST_ENUM);
    return node && (node->notes->wire == AST_WIRE_INT) == by_number;
}

/* ---- whole numbers ---- */

typedef struct span {
    wide least, most;
} span;

static void add_to_span(span *s, wide number, bool is_first)
{
    if (is_first || number < s->least)
        s->least = number;
    if (is_first || number > s->most)
        s->most = number;
}

static wide number_of(const ast_value *v)
{
    return v->big ? (wide)(uint64_t)v->integer : v->integer;
}

static wide mask_of(const ast_node *bitmask)
{
    wide mask = 0;
    for (size_t i = 0; i < bitmask->bitmask.bits.len; i++)
        mask |= (wide)1 << bitmask->bitmask.bits.at[i]->bit.position;
    return mask;
}

/* What numbers a type can send, or reads. False: it is none of whole numbers. */
static bool span_of(const leaf *l, span *ret_span)
{
    const ast_node *enumeration = definition(l, AST_ENUM), *bitmask = definition(l, AST_BITMASK);
    if (ast_type_is_integer(l->type->kind)) {
        constant_limits(l->type->kind, &ret_span->least, &ret_span->most);
        if (l->min && number_of(l->min) > ret_span->least)
            ret_span->least = number_of(l->min);
        if (l->max && number_of(l->max) < ret_span->most)
            ret_span->most = number_of(l->max);
        return true;
    }
    if (enumeration && enumeration->notes->wire == AST_WIRE_INT) {
        for (size_t i = 0; i < enumeration->enumeration.enumerators.len; i++)
            add_to_span(ret_span, enumeration->enumeration.enumerators.at[i]->enumerator.value, i == 0);
        return true;
    }
    if (!bitmask)
        return false;
    *ret_span = (span){ 0, mask_of(bitmask) };
    return true;
}

static bool accepts_integer(const leaf *writer, const leaf *reader, const char **ret_rule)
{
    span sent, read, type;
    leaf bare = { .type = reader->type };
    if (!span_of(writer, &sent) || !span_of(reader, &read))
        return false;
    if (writer->wire_string && !reader->wire_string) {
        *ret_rule = "wire-form";
        return false;
    }
    /* XML-RPC has no integer above it, so none is sent. */
    if (!writer->wire_string && sent.most > INT64_MAX)
        sent.most = INT64_MAX;
    if (sent.least >= read.least && sent.most <= read.most)
        return true;
    span_of(&bare, &type);
    if (sent.least >= type.least && sent.most <= type.most)
        *ret_rule = "range-changed";
    return false;
}

/* Whether a bitmask, or an enum by number, reads that number. */
static bool knows_number(const ast_node *node, wide number)
{
    if (node->kind == AST_BITMASK)
        return number >= 0 && (number & ~mask_of(node)) == 0;
    const ast_list *list = &node->enumeration.enumerators;
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i]->enumerator.value == number)
            return true;
    }
    return false;
}

/* More numbers than that are not looked at one by one: then it is said that they differ. */
enum { NUMBERS_MOST = 1024 };

/* A bitmask, or an enum by number, as something else that travels so: every number must be one that it knows. */
static bool accepts_known(const leaf *writer, const leaf *reader)
{
    const ast_node *known = reader->type->def, *sender = definition(writer, AST_ENUM);
    span sent;
    if (writer->wire_string || !span_of(writer, &sent) || sent.most - sent.least >= NUMBERS_MOST)
        return false;
    for (wide number = sent.least; number <= sent.most; number++) {
        bool is_sent = !sender || knows_number(sender, number);
        if (is_sent && !knows_number(known, number))
            return false;
    }
    return true;
}

/* ---- real numbers ---- */

/* Whole numbers are read as real ones, and are the same number up to that size. */
static bool accepts_whole_as_real(const leaf *writer, const leaf *reader)
{
    wide exact = (wide)1 << (reader->type->kind == AST_TYPE_FLOAT ? 24 : 53);
    span sent;
    if (writer->wire_string || !span_of(writer, &sent) || sent.least < -exact || sent.most > exact)
        return false;
    return (!reader->min || (double)sent.least >= reader->min->real) &&
           (!reader->max || (double)sent.most <= reader->max->real);
}

static bool accepts_real(const leaf *writer, const leaf *reader, const char **ret_rule)
{
    if (writer->type->kind != AST_TYPE_FLOAT && writer->type->kind != AST_TYPE_DOUBLE)
        return accepts_whole_as_real(writer, reader);
    if (writer->type->kind == AST_TYPE_DOUBLE && reader->type->kind == AST_TYPE_FLOAT)
        return false;
    bool inside = (!reader->min || (writer->min && writer->min->real >= reader->min->real)) &&
                  (!reader->max || (writer->max && writer->max->real <= reader->max->real));
    if (!inside)
        *ret_rule = "range-changed";
    return inside;
}

/* ---- texts ---- */

size_t leaf_characters(const char *name)
{
    size_t count = 0;
    for (; *name; name++)
        count += ((unsigned char)*name & 0xC0) != 0x80;
    return count;
}

static size_t longest_name(const ast_node *enumeration)
{
    size_t longest = 0;
    for (size_t i = 0; i < enumeration->enumeration.enumerators.len; i++) {
        size_t chars = leaf_characters(enumeration->enumeration.enumerators.at[i]->wire_name);
        longest = chars > longest ? chars : longest;
    }
    return longest;
}

uint32_t leaf_digits(const leaf *integer)
{
    span s;
    uint32_t most = 0;
    if (!span_of(integer, &s))
        return 0;
    wide ends[] = { s.least, s.most };
    for (size_t i = 0; i < 2; i++) {
        uint32_t digits = ends[i] < 0 ? 2 : 1;
        for (wide n = ends[i] < 0 ? -ends[i] : ends[i]; n > 9; n /= 10)
            digits++;
        most = digits > most ? digits : most;
    }
    return most;
}

static bool is_string(ast_type_kind kind)
{
    return kind == AST_TYPE_STRING || kind == AST_TYPE_WSTRING;
}

/* The most characters of a text that it sends; 0: it does not send text, or without bound. */
static uint32_t longest_text(const leaf *writer)
{
    if (writer->type->kind == AST_TYPE_CHAR || writer->type->kind == AST_TYPE_WCHAR)
        return 1;
    if (is_enum(writer, false))
        return (uint32_t)longest_name(writer->type->def);
    return writer->wire_string ? leaf_digits(writer) : writer->type->bound;
}

static bool accepts_string(const leaf *writer, const leaf *reader, const char **ret_rule)
{
    bool text = is_string(writer->type->kind) || writer->type->kind == AST_TYPE_CHAR ||
                writer->type->kind == AST_TYPE_WCHAR || is_enum(writer, false) || writer->wire_string;
    if (!text)
        return false;
    uint32_t most = longest_text(writer);
    if (reader->type->bound == 0 || (most && most <= reader->type->bound))
        return true;
    if (is_string(writer->type->kind))
        *ret_rule = "bound-changed";
    return false;
}

/* An enum of letters. */
static bool are_characters(const ast_node *enumeration, bool only_ascii)
{
    bool good = longest_name(enumeration) == 1;
    for (size_t i = 0; good && i < enumeration->enumeration.enumerators.len; i++)
        good = !only_ascii || (unsigned char)*enumeration->enumeration.enumerators.at[i]->wire_name < 0x80;
    return good;
}

static bool accepts_character(const leaf *writer, const leaf *reader)
{
    bool narrow = reader->type->kind == AST_TYPE_CHAR;
    if (is_enum(writer, false))
        return are_characters(writer->type->def, narrow);
    return writer->type->kind == AST_TYPE_CHAR || (writer->type->kind == AST_TYPE_WCHAR && !narrow);
}

/* ---- together ---- */

static bool accepts_bytes(const leaf *writer, const leaf *reader, const char **ret_rule)
{
    if (!leaf_is_bytes(writer->type))
        return false;
    if (leaf_count_fits(writer->type, reader->type) && (!reader->unique || writer->unique))
        return true;
    *ret_rule = "bound-changed";
    return false;
}

bool leaf_accepts(const leaf *writer, const leaf *reader, const char **ret_rule)
{
    ast_type_kind kind = reader->type->kind;
    if (kind == AST_TYPE_ANY)
        return true;
    if (leaf_is_bytes(reader->type))
        return accepts_bytes(writer, reader, ret_rule);
    if (ast_type_is_integer(kind))
        return accepts_integer(writer, reader, ret_rule);
    if (kind == AST_TYPE_FLOAT || kind == AST_TYPE_DOUBLE)
        return accepts_real(writer, reader, ret_rule);
    if (is_string(kind))
        return accepts_string(writer, reader, ret_rule);
    if (kind == AST_TYPE_CHAR || kind == AST_TYPE_WCHAR)
        return accepts_character(writer, reader);
    if (is_enum(reader, true) || definition(reader, AST_BITMASK))
        return accepts_known(writer, reader);
    return kind != AST_TYPE_NAMED && writer->type->kind == kind;
}
