/* SPDX-License-Identifier: MIT */
/* Lexer. */
#include "front/lex.h"

#include <string.h>

#include "front/comment.h"

static const defect unterminated_comment = { "comment-open", "this comment is never closed" };
static const defect unterminated_string = { "literal-open", "the closing quote is missing on this line" };
static const defect long_identifier = { "token-length", "an identifier has at most 255 characters" };
static const defect long_token = { "token-length", "a literal has at most 65535 bytes" };
static const defect stray_byte = { "character-stray", "this character cannot be here" };
static const defect stray_space = { "character-stray",
                                    "this only looks like a space; put a plain one in its place" };
static const defect stray_quote = { "character-stray",
                                    "this is a typographic quote; put a plain one in its place" };
static const defect stray_end = { "character-stray", "this '*/' closes no comment" };
static const defect stray_letter = { "character-stray",
                                     "identifiers are made of the letters A to Z, digits and '_'" };

void lex_init(lexer *l, env *e, source *s)
{
    *l = (lexer){ .env = e, .source = s, .text = s->file->text, .len = s->file->len, .fresh_line = true };
}

/* Steps over backslash-newline pairs. */
static uint32_t splice(const lexer *l, uint32_t at)
{
    for (;;) {
        if (at + 1 < l->len && l->text[at] == '\\' && l->text[at + 1] == '\n')
            at += 2;
        else if (at + 2 < l->len && l->text[at] == '\\' && l->text[at + 1] == '\r' && l->text[at + 2] == '\n')
            at += 3;
        else
            return at;
    }
}

/* The character at an offset, splices skipped; '\0' at the end. *at moves onto it. */
static char peek(const lexer *l, uint32_t *at)
{
    if (*at < l->len && l->text[*at] == '\\')
        *at = splice(l, *at);
    return *at < l->len ? l->text[*at] : '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text from start to l->at without splices. */
static const char *spelling(const lexer *l, uint32_t start, uint32_t end, uint32_t *ret_len)
{
    *ret_len = end - start;
    if (!memchr(l->text + start, '\\', end - start))
        return l->text + start;
    char *clean = env_alloc(l->env, end - start + 1);
    uint32_t len = 0;
    for (uint32_t at = splice(l, start); at < end; at = splice(l, at + 1))
        clean[len++] = l->text[at];
    *ret_len = len;
    return clean;
}

static void skip_block_comment(lexer *l, uint32_t start)
{
    l->at += 2;
    const char *end = NULL;
    for (const char *from = l->text + l->at; l->at < l->len && !end;) {
        const char *star = memchr(from, '*', (size_t)(l->text + l->len - from));
        if (!star || star + 1 >= l->text + l->len)
            break;
        from = star + 1;
        end = *from == '/' ? from + 1 : NULL;
    }
    if (!end) {
        if (!l->skipping)
            diag_report(l->env->diag, DIAG_ERROR, unterminated_comment.rule,
                        (place){ l->source, start, 2, NULL }, "%s", unterminated_comment.message);
        l->at = l->len;
        return;
    }
    l->at = (uint32_t)(end - l->text);
    if (!l->skipping)
        comment_add(l, start, l->at);
}

static void skip_line_comment(lexer *l, uint32_t start)
{
    while (l->at < l->len && l->text[l->at] != '\n') {
        uint32_t next = splice(l, l->at);
        l->at = next == l->at ? l->at + 1 : next;
    }
    if (!l->skipping)
        comment_add(l, start, l->at);
}

/* White space and comments; true when there was any. In a directive it stops before the line's end. */
static bool skip_space(lexer *l)
{
    uint32_t start = l->at;
    for (;;) {
        uint32_t at = l->at;
        char c = peek(l, &at);
        if (at >= l->len) {
            l->at = at;
            break;
        }
        if (c == '\n') {
            if (l->in_directive)
                break;
            l->fresh_line = true;
            l->at = at + 1;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == 0x1A) {
            l->at = at + 1;
        } else if (c == '/' && at + 1 < l->len && (l->text[at + 1] == '*' || l->text[at + 1] == '/')) {
            l->at = at;
            if (l->text[at + 1] == '*')
                skip_block_comment(l, at);
            else
                skip_line_comment(l, at);
        } else {
            l->at = at;
            break;
        }
    }
    return l->at != start;
}

static void lex_word(lexer *l, token *t)
{
    uint32_t start = l->at, at = start;
    while (is_letter(peek(l, &at)) || is_digit(peek(l, &at)))
        at++;
    l->at = at;
    t->text = spelling(l, start, at, &t->len);
    if (t->len > LIMIT_IDENTIFIER)
        t->defect = &long_identifier;
    t->kind = TOKEN_WORD;
    t->word = env_word(l->env, t->text, t->len);
    t->text = t->word->text;
    t->len = t->word->len;
}

static void lex_number(lexer *l, token *t)
{
    uint32_t start = l->at, at = start;
    char before = '\0';
    for (;;) {
        char c = peek(l, &at);
        bool sign = (c == '+' || c == '-') && (before == 'e' || before == 'E') &&
                    !(at - start > 1 && (l->text[start + 1] == 'x' || l->text[start + 1] == 'X'));
        if (!is_letter(c) && !is_digit(c) && c != '.' && !sign)
            break;
        before = c;
        at++;
    }
    l->at = at;
    t->kind = TOKEN_NUMBER;
    t->text = spelling(l, start, at, &t->len);
    if (t->len > LIMIT_TOKEN)
        t->defect = &long_token;
}

static void lex_quoted(lexer *l, token *t, uint16_t kind)
{
    char quote = l->text[l->at];
    uint32_t start = l->at + 1, at = start;
    t->kind = kind;
    for (;;) {
        char c = peek(l, &at);
        if (at >= l->len || c == '\n' || c == '\r') {
            t->defect = &unterminated_string;
            break;
        }
        if (c == quote)
            break;
        at++;
        if (c == '\\') {
            c = peek(l, &at);
            at += at < l->len && c != '\n' && c != '\r';
        }
    }
    t->text = spelling(l, start, at, &t->len);
    if (t->len > LIMIT_TOKEN)
        t->defect = &long_token;
    l->at = t->defect == &unterminated_string ? at : at + 1;
}

/* The bytes of a Unicode character at an offset that looks like none or like a space; 0: another one. */
static uint32_t odd_space(const lexer *l, uint32_t at)
{
    static const char *const spaces[] = { "\xC2\xA0",     "\xC2\xAD",     "\xE2\x80\x80", "\xE2\x80\x81",
                                          "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85",
                                          "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89",
                                          "\xE2\x80\x8A", "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",
                                          "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE2\x81\xA0", "\xE3\x80\x80",
                                          "\xEF\xBB\xBF" };
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        uint32_t len = (uint32_t)strlen(spaces[i]);
        if (l->len - at >= len && memcmp(l->text + at, spaces[i], len) == 0)
            return len;
    }
    return 0;
}

static bool is_typographic_quote(const lexer *l, uint32_t at)
{
    if (l->len - at < 3 || memcmp(l->text + at, "\xE2\x80", 2) != 0)
        return false;
    unsigned char last = (unsigned char)l->text[at + 2];
    return last >= 0x98 && last <= 0x9F;
}

/* A run of them: one mistake, and white space nevertheless. */
static bool lex_odd_spaces(lexer *l, token *t)
{
    uint32_t start = l->at;
    for (uint32_t len; l->at < l->len && (len = odd_space(l, l->at)) > 0;)
        l->at += len;
    t->kind = TOKEN_BAD;
    t->defect = &stray_space;
    t->text = l->text + start;
    t->len = l->at - start;
    return t->len > 0;
}

/* A run of bytes outside ASCII, with the letters around it: one mistake. */
static void lex_stray(lexer *l, token *t)
{
    if (lex_odd_spaces(l, t))
        return;
    uint32_t start = l->at, at = start;
    bool letters = (unsigned char)l->text[at] >= 0x80;
    at++;
    while (!letters && at < l->len && l->text[at] == l->text[start])
        at++;
    while (letters && at < l->len && ((unsigned char)l->text[at] >= 0x80 || is_letter(l->text[at]) ||
                                      is_digit(l->text[at])) && !odd_space(l, at))
        at++;
    l->at = at;
    t->kind = TOKEN_BAD;
    t->defect = is_typographic_quote(l, start) ? &stray_quote : letters ? &stray_letter : &stray_byte;
    t->text = l->text + start;
    t->len = at - start;
}

static void lex_punctuation(lexer *l, token *t)
{
    static const struct {
        char text[3];
        uint16_t kind;
    } pairs[] = { { "::", TOKEN_SCOPE }, { "<<", TOKEN_SHIFT_LEFT }, { ">>", TOKEN_SHIFT_RIGHT },
                  { "==", TOKEN_EQUAL }, { "!=", TOKEN_UNEQUAL }, { "&&", TOKEN_AND },
                  { "||", TOKEN_OR }, { "<=", TOKEN_LESS_EQUAL }, { ">=", TOKEN_GREATER_EQUAL },
                  { "##", TOKEN_PASTE } };
    uint32_t start = l->at, second = start + 1;
    char c = l->text[start], next = peek(l, &second);
    t->text = l->text + start;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].text[0] == c && pairs[i].text[1] == next && next) {
            t->kind = pairs[i].kind;
            l->at = second + 1;
            t->text = pairs[i].text;
            t->len = 2;
            return;
        }
    }
    if (c == '*' && next == '/') {
        t->kind = TOKEN_BAD;
        t->defect = &stray_end;
        t->len = 2;
        l->at = second + 1;
        return;
    }
    t->kind = (unsigned char)c;
    t->len = 1;
    l->at = start + 1;
}

static void lex_any(lexer *l, token *t)
{
    char c = l->text[l->at];
    uint32_t next = l->at + 1;
    if (c == 'L') {
        char quote = peek(l, &next);
        if (quote == '"' || quote == '\'') {
            l->at = next;
            lex_quoted(l, t, quote == '"' ? TOKEN_WSTRING : TOKEN_WCHAR);
            return;
        }
    }
    next = l->at + 1;
    if (is_letter(c))
        lex_word(l, t);
    else if (is_digit(c) || (c == '.' && is_digit(peek(l, &next))))
        lex_number(l, t);
    else if (c == '"' || c == '\'')
        lex_quoted(l, t, c == '"' ? TOKEN_STRING : TOKEN_CHAR);
    else if (c != '\0' && strchr("{}()[]<>;:,=+-*/%|^&~@#.?!", c))
        lex_punctuation(l, t);
    else
        lex_stray(l, t);
}

void lex_next(lexer *l, token *t)
{
    *t = (token){ 0 };
    t->space = skip_space(l);
    t->line_start = l->fresh_line;
    t->doc = l->docs;
    t->trailing = l->trailing;
    t->where = (place){ l->source, l->at, 0, NULL };
    t->text = "";
    if (l->at >= l->len || (l->in_directive && l->text[l->at] == '\n')) {
        t->kind = l->in_directive ? TOKEN_END_LINE : TOKEN_EOF;
        return;
    }
    l->docs = l->trailing = NULL;
    l->fresh_line = false;
    uint32_t start = l->at;
    lex_any(l, t);
    t->where.length = l->at - start;
}

bool lex_angled(lexer *l, token *t)
{
    skip_space(l);
    uint32_t start = l->at;
    if (start >= l->len || l->text[start] != '<')
        return false;
    uint32_t at = start + 1;
    while (at < l->len && l->text[at] != '>' && l->text[at] != '\n')
        at++;
    *t = (token){ .kind = TOKEN_STRING, .text = l->text + start + 1, .len = at - start - 1 };
    bool closed = at < l->len && l->text[at] == '>';
    if (!closed)
        t->defect = &unterminated_string;
    l->at = at + closed;
    t->where = (place){ l->source, start, l->at - start, NULL };
    return true;
}

void lex_skip_line(lexer *l)
{
    bool in_directive = l->in_directive;
    l->in_directive = true;
    token t;
    do
        lex_next(l, &t);
    while (t.kind != TOKEN_END_LINE);
    l->in_directive = in_directive;
    l->docs = l->trailing = NULL;
}

const char *lex_rest(lexer *l)
{
    while (l->at < l->len && (l->text[l->at] == ' ' || l->text[l->at] == '\t'))
        l->at++;
    uint32_t start = l->at, end = start;
    while (end < l->len && l->text[end] != '\n')
        end++;
    l->at = end;
    while (end > start && (l->text[end - 1] == '\r' || l->text[end - 1] == ' '))
        end--;
    return env_strndup(l->env, l->text + start, end - start);
}
