/* SPDX-License-Identifier: MIT */
/* How names are written. */
#include <string.h>

#include "lint/linter.h"

enum { NAME_MAX_LEN = 600 };

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool has_upper(const char *name)
{
    while (*name && !is_upper(*name))
        name++;
    return *name != '\0';
}

static bool has_lower(const char *name)
{
    while (*name && !is_lower(*name))
        name++;
    return *name != '\0';
}

static bool is_cap_words(const char *name)
{
    return is_upper(name[0]) && !strchr(name, '_');
}

/* lower_case or lowerCamel, not both. */
static bool is_lower_words(const char *name)
{
    return is_lower(name[0]) && !(strchr(name, '_') && has_upper(name));
}

static bool is_upper_words(const char *name)
{
    return is_upper(name[0]) && !has_lower(name);
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* FOO_BAR and foo_bar: FooBar. */
static void make_cap_words(const char *name, char *out)
{
    bool shout = !has_lower(name) && strchr(name, '_'), begins = true;
    for (; *name; name++) {
        if (*name != '_')
            *out++ = begins ? to_upper(*name) : shout ? to_lower(*name) : *name;
        begins = *name == '_';
    }
    *out = '\0';
}

/* FOO_BAR: foo_bar. FooBar: fooBar. URL: url. */
static void make_lower_words(const char *name, char *out)
{
    bool all = strchr(name, '_') || !has_lower(name), first = true;
    for (; *name; name++, first = false)
        *out++ = all || first ? to_lower(*name) : *name;
    *out = '\0';
}

/* fooBar: FOO_BAR. */
static void make_upper_words(const char *name, char *out)
{
    for (char before = '_'; *name; before = *name++) {
        if (is_upper(*name) && is_lower(before))
            *out++ = '_';
        *out++ = to_upper(*name);
    }
    *out = '\0';
}

typedef struct style {
    bool (*fits)(const char *name);
    void (*make)(const char *name, char *out);
    const char *text;
} style;

static const style cap_words = { is_cap_words, make_cap_words, "CapWords" };
static const style lower_words = { is_lower_words, make_lower_words, "lowerCamel or lower_case" };
static const style upper_words = { is_upper_words, make_upper_words, "UPPER_CASE" };

static void check_style(linter *l, lint_rule rule, const ast_node *node, const style *s)
{
    char better[NAME_MAX_LEN] = "";
    if (s->fits(node->name))
        return;
    if (strlen(node->name) < NAME_MAX_LEN / 2)
        s->make(node->name, better);
    if (s->fits(better))
        lint_report(l, rule, node->place, "%s '%s' should be '%s': %s", ast_kind_name(node->kind), node->name, better,
                    s->text);
    else
        lint_report(l, rule, node->place, "%s '%s' should be written in %s", ast_kind_name(node->kind), node->name,
                    s->text);
}

void lint_names(linter *l, const ast_node *node)
{
    switch (node->kind) {
    case AST_MODULE:
        if (node->module.first == node && !is_lower_words(node->name))
            check_style(l, LINT_MODULE_NAME, node, &cap_words);
        break;
    case AST_INTERFACE:
    case AST_STRUCT:
    case AST_UNION:
    case AST_ENUM:
    case AST_BITMASK:
    case AST_EXCEPTION:
    case AST_TYPEDEF: check_style(l, LINT_TYPE_NAME, node, &cap_words); break;
    case AST_OPERATION:
    case AST_ATTRIBUTE: check_style(l, LINT_OPERATION_NAME, node, &lower_words); break;
    case AST_MEMBER:
    case AST_ARM:
    case AST_PARAM: check_style(l, LINT_MEMBER_NAME, node, &lower_words); break;
    case AST_CONST:
    case AST_ENUMERATOR:
    case AST_BIT: check_style(l, LINT_CONSTANT_NAME, node, &upper_words); break;
    default: break;
    }
}
