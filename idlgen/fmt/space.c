/* SPDX-License-Identifier: MIT */
/* Spaces between two items of a line. */
#include <string.h>

#include "fmt/shape.h"
#include "front/keyword.h"
#include "front/token.h"

static bool is_comment(const fmt_item *item)
{
    return item->kind == FMT_LINE_COMMENT || item->kind == FMT_BLOCK_COMMENT;
}

static bool is_one_of(uint16_t kind, const char *set)
{
    return kind < 256 && kind && strchr(set, (int)kind) != NULL;
}

static bool is_wordy(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           (unsigned char)c >= 0x80;
}

bool space_needed(const fmt_item *before, const fmt_item *item)
{
    char last = before->text[before->len - 1], first = item->text[0];
    if (before->kind != FMT_TOKEN || item->kind != FMT_TOKEN || !before->len || !item->len)
        return false;
    if (is_wordy(last) && is_wordy(first))
        return true;
    /* L"..." */
    if (before->len == 1 && last == 'L' && (first == '"' || first == '\''))
        return true;
    /* 1e+5 */
    if (before->token == TOKEN_NUMBER && (first == '+' || first == '-'))
        return true;
    if (last == '/' && (first == '/' || first == '*'))
        return true;
    return (last == first && strchr(":<>=&|#", last)) || (first == '=' && strchr("=!<>", last));
}

/* Words that a parenthesis follows with a space. */
static bool is_clause(uint8_t kw)
{
    return kw == KW_RAISES || kw == KW_GETRAISES || kw == KW_SETRAISES || kw == KW_CONTEXT ||
           kw == KW_SWITCH || kw == KW_CASE;
}

/* A word that a name beginning with :: may follow. */
static bool is_before_name(const fmt_item *item)
{
    return item->token == TOKEN_WORD && keyword_is_reserved((keyword)item->keyword);
}

bool space_between(const fmt_item *before, const fmt_item *item, bool unary_before, bool in_arguments, bool angle)
{
    uint16_t a = before->token, b = item->token;
    if (is_comment(before))
        return !is_one_of(b, ",;)");
    if (space_needed(before, item))
        return true;
    if (unary_before || is_one_of(a, "([@") || is_one_of(b, ",;])"))
        return false;
    if (b == '(')
        return a != TOKEN_WORD || is_clause(before->keyword);
    if (b == '[' || a == TOKEN_SCOPE)
        return false;
    if (b == TOKEN_SCOPE)
        return a != TOKEN_WORD ? !(a == '<') : is_before_name(before);
    if (b == '<')
        return a != TOKEN_WORD;
    if (a == '<' || b == '>' || (b == TOKEN_SHIFT_RIGHT && angle))
        return false;
    if (in_arguments && (a == '=' || b == '='))
        return false;
    return true;
}
