/* SPDX-License-Identifier: MIT */
/* Macros. */
#include "front/macro.h"

#include <string.h>

#include "front/pp.h"

void token_list_add(env *e, token_list *list, const token *t)
{
    list->at = env_grow(e, list->at, list->len, &list->cap, sizeof *list->at);
    list->at[list->len++] = *t;
}

/* ---- definitions ---- */

static bool read_params(pp *p, macro *m)
{
    lexer *l = p->lexer;
    size_t cap = 0;
    token t;
    lex_next(l, &t);
    while (t.kind != ')') {
        bool dots = t.kind == '.';
        for (int i = 0; i < 2 && dots; i++) {
            lex_next(l, &t);
            dots = t.kind == '.';
        }
        if ((t.kind != TOKEN_WORD && !dots) || m->variadic || m->param_count >= LIMIT_MACRO_PARAMS) {
            pp_error(p, "macro-syntax", t.where, "expected the name of a parameter of macro '%s'",
                     m->name->text);
            return false;
        }
        m->variadic = dots;
        m->params = env_grow(p->env, m->params, m->param_count, &cap, sizeof(word *));
        m->params[m->param_count++] = dots ? env_word(p->env, "__VA_ARGS__", 11) : t.word;
        lex_next(l, &t);
        if (t.kind == ',')
            lex_next(l, &t);
        else if (t.kind != ')') {
            pp_error(p, "macro-syntax", t.where, "expected ',' or ')' in the parameters of macro '%s'",
                     m->name->text);
            return false;
        }
    }
    return true;
}

static void read_body(pp *p, macro *m)
{
    token_list body = { 0 };
    for (;;) {
        token t;
        lex_next(p->lexer, &t);
        if (t.kind == TOKEN_END_LINE)
            break;
        t.doc = t.trailing = NULL;
        t.line_start = false;
        for (uint32_t i = 0; i < m->param_count && t.kind == TOKEN_WORD; i++) {
            if (m->params[i] == t.word) {
                t.kind = TOKEN_PARAM;
                t.param = i;
            }
        }
        token_list_add(p->env, &body, &t);
    }
    m->body = body.at;
    m->body_len = (uint32_t)body.len;
    if (body.len && (body.at[0].kind == TOKEN_PASTE || body.at[body.len - 1].kind == TOKEN_PASTE)) {
        pp_error(p, "macro-syntax", body.at[0].where, "'##' cannot be at an end of macro '%s'",
                 m->name->text);
        m->body_len = 0;
    }
}

static bool same_macro(const macro *a, const macro *b)
{
    if (a->function != b->function || a->param_count != b->param_count || a->body_len != b->body_len)
        return false;
    for (uint32_t i = 0; i < a->param_count; i++) {
        if (a->params[i] != b->params[i])
            return false;
    }
    for (uint32_t i = 0; i < a->body_len; i++) {
        const token *x = &a->body[i], *y = &b->body[i];
        if (x->kind != y->kind || x->len != y->len || memcmp(x->text, y->text, x->len) != 0)
            return false;
    }
    return true;
}

void macro_define(pp *p)
{
    token name;
    lex_next(p->lexer, &name);
    if (name.kind != TOKEN_WORD || strcmp(name.text, "defined") == 0) {
        pp_error(p, "macro-syntax", name.where, "expected the name of a macro");
        return;
    }
    macro *m = ENV_NEW(p->env, macro);
    m->name = name.word;
    m->where = name.where;
    if (p->lexer->at < p->lexer->len && p->lexer->text[p->lexer->at] == '(') {
        m->function = true;
        p->lexer->at++;
        if (!read_params(p, m))
            return;
    }
    read_body(p, m);
    macro *old = name.word->macro;
    bool differs = old && (old->builtin || !same_macro(old, m));
    p->changes += !old || differs;
    if (differs) {
        diag_report(p->env->diag, DIAG_WARNING, "macro-redefined", name.where,
                    "macro '%s' is defined again, differently", name.text);
        if (old->where.source)
            diag_report(p->env->diag, DIAG_NOTE, NULL, old->where, "the earlier definition is here");
    }
    name.word->macro = m;
}

bool macro_define_text(pp *p, const char *text)
{
    size_t name_len = strcspn(text, "=(");
    if (name_len == 0 || strchr(text, '\n'))
        return false;
    const char *equals = strchr(text, '=');
    size_t head = equals ? (size_t)(equals - text) : strlen(text);
    char *line = env_format(p->env, "%.*s %s", (int)head, text, equals ? equals + 1 : "1");
    source_file *file = ENV_NEW(p->env, source_file);
    *file = (source_file){ .path = "<command line>", .text = line, .len = (uint32_t)strlen(line) };
    file->lines = ENV_NEW(p->env, uint32_t);
    file->line_count = 1;
    lexer l, *above = p->lexer;
    lex_init(&l, p->env, source_new(p->sources, file, (place){ 0 }, NULL));
    l.in_directive = true;
    p->lexer = &l;
    size_t errors = diag_error_count(p->env->diag);
    macro_define(p);
    p->lexer = above;
    return diag_error_count(p->env->diag) == errors;
}

/* ---- expansion ---- */

/* The arguments of a call, its parenthesis not yet read; false after an error. */
static bool read_arguments(pp *p, const token *name, token_list *args, uint32_t *ret_count)
{
    const macro *m = name->word->macro;
    uint32_t count = 0, depth = 0, most = m->param_count ? m->param_count : 1;
    token t;
    pp_raw(p, &t);
    for (;;) {
        pp_raw(p, &t);
        if (t.kind == TOKEN_EOF || t.kind == TOKEN_END_LINE) {
            /* At the end of the file nothing is left to read that makes sense. */
            if (t.kind == TOKEN_EOF && !p->contexts)
                pp_fatal(p, "macro-arguments", name->where, "the call of macro '%s' has no closing ')'",
                         name->text);
            else
                pp_error(p, "macro-arguments", name->where, "the call of macro '%s' has no closing ')'",
                         name->text);
            return false;
        }
        if (t.kind == ')' && depth == 0)
            break;
        depth += t.kind == '(';
        depth -= t.kind == ')';
        if (t.kind == ',' && depth == 0 && !(m->variadic && count + 1 >= m->param_count)) {
            count++;
            continue;
        }
        if (!pp_spend(p, name->where, 1))
            return false;
        if (count < most)
            token_list_add(p->env, &args[count], &t);
    }
    *ret_count = count == 0 && args[0].len == 0 && m->param_count == 0 ? 0 : count + 1;
    return true;
}

static token make_token(pp *p, const token *like, uint16_t kind, const char *text)
{
    token t = {
        .kind = kind, .space = like->space, .where = like->where, .text = text, .len = (uint32_t)strlen(text)
    };
    if (kind == TOKEN_WORD)
        t.word = env_word(p->env, text, t.len);
    return t;
}

static token stringize(pp *p, const token *name, const token_list *arg)
{
    buf text = BUF_INIT;
    for (size_t i = 0; i < arg->len; i++) {
        const token *t = &arg->at[i];
        bool quoted = t->kind >= TOKEN_CHAR && t->kind <= TOKEN_WSTRING;
        const char *quote = t->kind == TOKEN_CHAR || t->kind == TOKEN_WCHAR ? "'" : "\\\"";
        if (t->space && i)
            buf_append_char(&text, ' ');
        if (quoted)
            buf_append_str(&text, quote);
        for (uint32_t at = 0; at < t->len; at++) {
            if (quoted && (t->text[at] == '\\' || t->text[at] == '"'))
                buf_append_char(&text, '\\');
            buf_append_char(&text, t->text[at]);
        }
        if (quoted)
            buf_append_str(&text, quote);
    }
    token result = make_token(p, name, TOKEN_STRING, "");
    bool failed = buf_failed(&text);
    if (text.len && !failed) {
        char *copy = arena_strndup(&p->env->memory, text.data, text.len);
        failed = !copy;
        result.text = copy;
        result.len = (uint32_t)text.len;
    }
    buf_done(&text);
    if (failed)
        env_nomem(p->env);
    return result;
}

/* The last token of out becomes one with t. */
static void paste(pp *p, const token *name, token_list *out, const token *t)
{
    token *left = &out->at[out->len - 1];
    if ((uint64_t)left->len + t->len > LIMIT_TOKEN) {
        pp_error(p, "token-length", name->where, "'##' makes a token of more than %d bytes", LIMIT_TOKEN);
        return;
    }
    source_file file = { .len = left->len + t->len };
    file.text = env_format(p->env, "%.*s%.*s", (int)left->len, left->text, (int)t->len, t->text);
    source temporary = { .file = &file };
    lexer l;
    lex_init(&l, p->env, &temporary);
    l.skipping = true;
    token made;
    lex_next(&l, &made);
    if (made.kind == TOKEN_EOF || made.kind == TOKEN_BAD || l.at != l.len || made.defect) {
        pp_error(p, "macro-paste", name->where, "macro '%s': '%.*s' ## '%.*s' does not make one token",
                 name->text, (int)left->len, left->text, (int)t->len, t->text);
        token_list_add(p->env, out, t);
        return;
    }
    made.where = left->where;
    made.space = left->space;
    made.line_start = false;
    *left = made;
}

/* A token of the body, at the place of the call. */
static token placed(pp *p, const token *name, const token *t)
{
    expansion *e = ENV_NEW(p->env, expansion);
    *e = (expansion){ name->text, t->where, name->where.expansion };
    token result = *t;
    result.where = name->where;
    result.where.expansion = e;
    return result;
}

/* An argument put in for a parameter; raw next to # and ##, else expanded. */
static void put_argument(pp *p, const token *name, token_list *out, const token_list *arg, const token *param,
                         bool pasted)
{
    for (size_t i = 0; i < arg->len; i++) {
        token t = arg->at[i];
        if (i == 0)
            t.space = param->space;
        if (i == 0 && pasted && out->len)
            paste(p, name, out, &t);
        else
            token_list_add(p->env, out, &t);
    }
}

static token_list substitute(pp *p, const token *name, const macro *m, const token_list *args)
{
    token_list out = { 0 }, *expanded = env_alloc(p->env, (m->param_count + 1) * sizeof *expanded);
    bool *done = env_alloc(p->env, m->param_count + 1), pasted = false, left_empty = false;
    for (uint32_t i = 0; i < m->body_len && !p->stopped; i++) {
        const token *t = &m->body[i];
        bool before_paste = i + 1 < m->body_len && m->body[i + 1].kind == TOKEN_PASTE;
        if (t->kind == TOKEN_PASTE && i > 0) {
            pasted = !left_empty;
            continue;
        }
        size_t before = out.len;
        bool was_pasted = pasted;
        if (t->kind == '#' && m->function && i + 1 < m->body_len && m->body[i + 1].kind == TOKEN_PARAM) {
            token text = stringize(p, name, &args[m->body[++i].param]);
            token_list_add(p->env, &out, &text);
        } else if (t->kind == TOKEN_PARAM && (pasted || before_paste)) {
            put_argument(p, name, &out, &args[t->param], t, pasted);
        } else if (t->kind == TOKEN_PARAM) {
            if (!done[t->param])
                expanded[t->param] = pp_expand_list(p, &args[t->param]);
            done[t->param] = true;
            put_argument(p, name, &out, &expanded[t->param], t, false);
        } else {
            token put = placed(p, name, t);
            if (pasted && out.len)
                paste(p, name, &out, &put);
            else
                token_list_add(p->env, &out, &put);
        }
        left_empty = out.len == before && !was_pasted;
        pasted = false;
        if (!pp_spend(p, name->where, (uint32_t)(out.len - before)))
            break;
    }
    return out;
}

static void expand_builtin(pp *p, const token *name, macro *m)
{
    place_position at = place_find(name->where);
    token *t = ENV_NEW(p->env, token);
    const char *text = m->builtin == MACRO_FILE ? at.file : env_format(p->env, "%u", at.line);
    *t = make_token(p, name, m->builtin == MACRO_FILE ? TOKEN_STRING : TOKEN_NUMBER, text);
    pp_push(p, t, 1, m, false);
}

bool macro_expand(pp *p, const token *name)
{
    macro *m = name->word->macro;
    token_list *args = NULL;
    if (m->builtin) {
        expand_builtin(p, name, m);
        return true;
    }
    if (m->function) {
        if (!pp_paren_follows(p))
            return false;
        uint32_t count = 0;
        args = env_alloc(p->env, (m->param_count + 1) * sizeof *args);
        if (!read_arguments(p, name, args, &count)) {
            p->broken = true;
            return true;
        }
        bool enough = count == m->param_count || (m->variadic && count + 1 >= m->param_count);
        if (!enough) {
            p->broken = true;
            pp_error(p, "macro-arguments", name->where, "macro '%s' takes %u argument%s, not %u", name->text,
                     m->param_count, m->param_count == 1 ? "" : "s", count);
            if (m->where.source)
                diag_report(p->env->diag, DIAG_NOTE, NULL, m->where, "macro '%s' is defined here",
                            name->text);
            return true;
        }
    }
    token_list body = substitute(p, name, m, args);
    if (!pp_spend(p, name->where, 1))
        return true;
    if (body.len) {
        body.at[0].doc = name->doc;
        body.at[0].trailing = name->trailing;
        body.at[0].space = name->space;
    }
    pp_push(p, body.at, (uint32_t)body.len, m, false);
    return true;
}
