/* SPDX-License-Identifier: MIT */
/* What each annotation does. */
#include "front/annot_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "front/constant.h"

static void refuse(parser *p, const annot *a, const ast_type *type, const char *what)
{
    parse_error(p, "annotation-type", a->where, "'@%s' is for %s, not for '%s'", a->name, what, type->name);
}

/* ---- members ---- */

void annot_optional(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    if (node->kind == AST_PARAM)
        parse_error(p, "annotation-target", a->where,
                    "parameters cannot be optional: XML-RPC counts them; put '%s' into "
                    "a struct as an optional member", node->name);
    else if (node->kind != AST_MEMBER)
        parse_error(p, "annotation-target", a->where, "'@optional' is for members of structs and exceptions");
    else
        notes->optional = annot_flag(p, a);
}

void annot_key(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)node;
    notes->key = annot_flag(p, a);
}

void annot_default(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const annot_arg *arg = annot_argument(p, a, "value", false);
    const ast_type *type = ast_node_type(node);
    ast_value v;
    if (!arg || type_is_error(type) || !annot_constant(p, arg, type, &v))
        return;
    if (v.kind == AST_VALUE_STRING && !utf8_is_xml_text(v.text, strlen(v.text), NULL, NULL)) {
        parse_error(p, "annotation-argument", arg->where, "this text has characters that XML cannot carry");
        return;
    }
    if (!constant_can_travel(p, type, &v, arg->where))
        return;
    ast_value *kept = ENV_NEW(p->env, ast_value);
    *kept = v;
    notes->default_value = kept;
}

void annot_unique(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    ast_type *type = (ast_type *)(uintptr_t)ast_node_type(node);
    if (type_is_error(type))
        return;
    if (type->kind != AST_TYPE_SEQUENCE) {
        refuse(p, a, type,
               type->kind == AST_TYPE_NAMED ? "sequences themselves, here or in their typedef" : "sequences");
        return;
    }
    notes->unique = type->unique = annot_flag(p, a);
}

/* ---- enumerators and bits ---- */

static void keep_value(parser *p, ast_notes *notes, int64_t number)
{
    ast_value *kept = ENV_NEW(p->env, ast_value);
    kept->kind = AST_VALUE_INTEGER;
    kept->integer = number;
    notes->value = kept;
}

void annot_value(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    int64_t number = 0;
    (void)node;
    if (annot_number(p, a, INT32_MIN, INT32_MAX, &number))
        keep_value(p, notes, number);
}

void annot_position(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    int64_t number = 0;
    (void)node;
    if (annot_number(p, a, 0, 63, &number))
        keep_value(p, notes, number);
}

void annot_bit_bound(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    int64_t number = 0;
    (void)notes;
    if (annot_number(p, a, 1, node->kind == AST_ENUM ? 32 : 64, &number) && node->kind == AST_BITMASK)
        node->bitmask.bit_bound = (uint32_t)number;
}

/* ---- ranges ---- */

static const ast_value *limit(parser *p, const annot *a, const annot_arg *arg, const ast_node *node)
{
    const ast_type *type = ast_node_type(node);
    ast_value v;
    if (!arg || type_is_error(type))
        return NULL;
    ast_type_kind kind = ast_type_resolve(type)->kind;
    if (!ast_type_is_integer(kind) && kind != AST_TYPE_FLOAT && kind != AST_TYPE_DOUBLE) {
        refuse(p, a, type, "numbers");
        return NULL;
    }
    if (!annot_constant(p, arg, type, &v))
        return NULL;
    ast_value *kept = ENV_NEW(p->env, ast_value);
    *kept = v;
    return kept;
}

void annot_min(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    notes->min = limit(p, a, annot_argument(p, a, "value", false), node);
}

void annot_max(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    notes->max = limit(p, a, annot_argument(p, a, "value", false), node);
}

void annot_range(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const annot_arg *min = NULL, *max = NULL;
    for (const annot_arg *arg = a->args; arg; arg = arg->next) {
        if (arg->name && strcmp(arg->name->text, "min") == 0)
            min = arg;
        else if (arg->name && strcmp(arg->name->text, "max") == 0)
            max = arg;
    }
    if (!min || !max) {
        parse_error(p, "annotation-argument", a->where, "'@range' needs both ends: @range(min=1, max=10)");
        return;
    }
    notes->min = limit(p, a, min, node);
    if (notes->min)
        notes->max = limit(p, a, max, node);
}

void annot_unit(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)node;
    notes->unit = annot_text(p, a, false);
}

/* ---- names ---- */

static bool is_method_name(const char *name)
{
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/") == strlen(name);
}

void annot_wire_name(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const char *name = annot_text(p, a, false);
    bool in_method =
        node->kind == AST_OPERATION || node->kind == AST_ATTRIBUTE || node->kind == AST_INTERFACE;
    if (!name)
        return;
    if (in_method && !is_method_name(name)) {
        parse_error(p, "wire-name", a->args->where,
                    "a method's name on the wire has letters, digits and '_.:/' only");
    } else if (!name[0] && node->kind != AST_INTERFACE) {
        parse_error(p, "wire-name", a->args->where, "a name on the wire cannot be empty");
    } else if (strlen(name) > LIMIT_IDENTIFIER) {
        parse_error(p, "wire-name", a->args->where, "a name on the wire has at most %d bytes",
                    LIMIT_IDENTIFIER);
    } else if (!utf8_is_xml_text(name, strlen(name), NULL, NULL)) {
        parse_error(p, "wire-name", a->args->where, "this name has characters that XML cannot carry");
    } else {
        notes->wire_name = name;
        p->renamed = true;
    }
}

void annot_c_name(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const char *name = annot_text(p, a, false);
    (void)node;
    if (!name)
        return;
    bool good = name[0] && !(name[0] >= '0' && name[0] <= '9') && name[0] != '_' && !strchr(name, ':') &&
                !strpbrk(name, "./") && is_method_name(name) && strlen(name) <= LIMIT_IDENTIFIER;
    if (good)
        notes->c_name = name;
    else
        parse_error(p, "c-name", a->args->where,
                    "\"%.40s\" cannot be a name in C: letters, digits and '_', a letter first", name);
}

/* ---- calls ---- */

enum { FAULT_RESERVED_FIRST = -32768, FAULT_RESERVED_LAST = -32000 };

void annot_fault(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    int64_t code = 0;
    if (!annot_number(p, a, INT32_MIN, INT32_MAX, &code))
        return;
    if (code >= FAULT_RESERVED_FIRST && code <= FAULT_RESERVED_LAST) {
        parse_error(p, "fault-reserved", a->args->where,
                    "the fault codes %d to %d are reserved for the runtime", FAULT_RESERVED_FIRST,
                    FAULT_RESERVED_LAST);
        return;
    }
    notes->has_fault = true;
    node->exception.fault = (int32_t)code;
}

void annot_oneway(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)notes;
    node->operation.oneway = annot_flag(p, a);
}

void annot_idempotent(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)node;
    notes->idempotent = annot_flag(p, a);
}

void annot_command(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)node;
    notes->no_command = !annot_flag(p, a);
}

/* "500ms", "5s", "2m", "1h"; 0 when it is none of them or too long. */
static uint32_t read_time(const char *text)
{
    static const struct {
        const char *unit;
        uint64_t ms;
    } units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "min", 60000 }, { "h", 3600000 } };
    char *end = NULL;
    if (text[0] < '0' || text[0] > '9' || strlen(text) > 12)
        return 0;
    uint64_t number = strtoull(text, &end, 10);
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0 && number <= INT32_MAX / units[i].ms)
            return (uint32_t)(number * units[i].ms);
    }
    return 0;
}

void annot_timeout(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const char *text = annot_text(p, a, false);
    (void)node;
    if (!text)
        return;
    notes->timeout_ms = read_time(text);
    if (!notes->timeout_ms)
        parse_error(p, "annotation-argument", a->args->where,
                    "a time is a number with its unit, up to 24 days: \"500ms\", \"5s\", \"2m\", \"1h\"");
}

void annot_acl(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const char *text = annot_text(p, a, false);
    (void)node;
    if (text && (!text[0] || strlen(text) > 64 || !is_method_name(text)))
        parse_error(p, "annotation-argument", a->args->where,
                    "an ACL tag has 1 to 64 letters, digits and '_.:/'");
    else if (text)
        notes->acl = text;
}

void annot_wire(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    const char *form = annot_text(p, a, false);
    ast_type *type = (ast_type *)(uintptr_t)ast_node_type(node);
    if (!form || (type && type_is_error(type)))
        return;
    bool as_int = strcmp(form, "int") == 0, as_string = strcmp(form, "string") == 0;
    if (!as_int && !as_string) {
        parse_error(p, "annotation-argument", a->args->where, "'@wire' takes \"int\" or \"string\"");
    } else if (node->kind == AST_ENUM) {
        notes->wire = as_int ? AST_WIRE_INT : AST_WIRE_STRING;
    } else if (!type || !ast_type_is_integer(type->kind)) {
        parse_error(p, "annotation-type", a->where,
                    "'@wire' is for integers, and for enums where they are defined");
    } else {
        notes->wire = as_string ? AST_WIRE_STRING : AST_WIRE_INT;
        type->wire_string = as_string;
    }
}

void annot_deprecated(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    (void)node;
    notes->deprecated = true;
    if (a->args)
        notes->deprecated_text = annot_text(p, a, true);
}

/* ---- @verbatim ---- */

static bool read_placement(const char *name, ast_placement *ret_placement)
{
    static const char *const names[] = { "BEFORE_DECLARATION", "BEGIN_DECLARATION", "END_DECLARATION",
                                         "AFTER_DECLARATION",  "BEGIN_FILE",        "END_FILE" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *ret_placement = (ast_placement)i;
        return true;
    }
    return false;
}

static const char *argument_text(parser *p, const annot_arg *arg)
{
    static const ast_type text = { .kind = AST_TYPE_STRING, .name = "string" };
    ast_value v;
    if (arg->tokens.len == 1 && arg->tokens.at[0].kind == TOKEN_WORD)
        return arg->tokens.at[0].text; /* placement=BEGIN_FILE */
    return annot_constant(p, arg, &text, &v) ? v.text : NULL;
}

void annot_verbatim(parser *p, const annot *a, ast_node *node, ast_notes *notes)
{
    ast_verbatim *verbatim = ENV_NEW(p->env, ast_verbatim);
    verbatim->language = "*";
    (void)node;
    for (const annot_arg *arg = a->args; arg; arg = arg->next) {
        const char *name = arg->name ? arg->name->text : "text", *text = argument_text(p, arg);
        if (!text)
            return;
        if (strcmp(name, "language") == 0) {
            char *lower = env_strdup(p->env, text);
            for (char *c = lower; *c; c++)
                *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
            verbatim->language = lower;
        } else if (strcmp(name, "text") == 0) {
            verbatim->text = text;
        } else if (strcmp(name, "placement") != 0 || !read_placement(text, &verbatim->placement)) {
            parse_error(p, "annotation-argument", arg->where,
                        "'@verbatim' takes language, placement (BEFORE_DECLARATION, "
                        "BEGIN_FILE ...) and text");
            return;
        }
    }
    if (!verbatim->text) {
        parse_error(p, "annotation-argument", a->where, "'@verbatim' needs a text");
        return;
    }
    const ast_verbatim **end = &notes->verbatim;
    while (*end)
        end = (const ast_verbatim **)(uintptr_t)&(*end)->next;
    *end = verbatim;
}

/* ---- together ---- */

static int compare(const ast_value *a, const ast_value *b)
{
    if (a->kind == AST_VALUE_DOUBLE)
        return (a->real > b->real) - (a->real < b->real);
    if (a->big || b->big)
        return ((uint64_t)a->integer > (uint64_t)b->integer && a->big) -
               ((uint64_t)a->integer < (uint64_t)b->integer && b->big);
    return (a->integer > b->integer) - (a->integer < b->integer);
}

static const annot *find(const annots *intro, const char *name, const char *other)
{
    for (const annot *a = intro->first; a; a = a->next) {
        if (strcmp(a->name, name) == 0 || strcmp(a->name, other) == 0)
            return a;
    }
    return intro->first;
}

void annot_finish(parser *p, const annots *intro, ast_node *node, ast_notes *notes)
{
    const ast_value *min = NULL, *max = NULL;
    if (notes->optional && notes->key)
        parse_error(p, "annotation-conflict", find(intro, "optional", "")->where, "a key cannot be optional");
    if (notes->optional && notes->default_value)
        parse_error(p, "annotation-conflict", find(intro, "default", "")->where,
                    "an optional member has no default: it is absent or not");
    if (notes->min && notes->max && compare(notes->min, notes->max) > 0) {
        parse_error(p, "annotation-conflict", find(intro, "range", "max")->where,
                    "the least value is above the greatest");
        return;
    }
    if (!notes->default_value)
        return;
    const ast_notes *before = node->notes;
    node->notes = notes;
    bool ranged = ast_range_of(node, &min, &max);
    node->notes = before;
    if (ranged &&
        ((min && compare(notes->default_value, min) < 0) || (max && compare(notes->default_value, max) > 0)))
        parse_error(p, "annotation-conflict", find(intro, "default", "")->where,
                    "the default is outside the range");
}
