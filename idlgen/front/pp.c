/* SPDX-License-Identifier: MIT */
/* Preprocessor: the stream. */
#include "front/pp.h"

#include <stdarg.h>

#include "front/diag_list.h"

void pp_init(pp *p, env *e, sources *s, ast_unit *unit)
{
    *p = (pp){ .env = e, .sources = s, .unit = unit };
    static const struct {
        const char *name;
        macro_builtin kind;
    } builtins[] = { { "__FILE__", MACRO_FILE }, { "__LINE__", MACRO_LINE } };
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) {
        macro *m = ENV_NEW(e, macro);
        word *name = env_word(e, builtins[i].name, 8);
        m->name = name;
        m->builtin = builtins[i].kind;
        name->macro = m;
    }
    macro_define_text(p, "__IDLGEN__");
}

void pp_open(pp *p, source_file *file, place from, const ast_include *include)
{
    lexer *l = ENV_NEW(p->env, lexer);
    lex_init(l, p->env, source_new(p->sources, file, from, include));
    l->source->changes = p->changes;
    l->below = p->lexer;
    p->lexer = l;
}

void pp_error(pp *p, const char *rule, place where, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    diag_reportv(p->env->diag, DIAG_ERROR, rule, where, format, ap);
    va_end(ap);
}

void pp_fatal(pp *p, const char *rule, place where, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    if (!p->stopped)
        diag_reportv(p->env->diag, DIAG_ERROR, rule, where, format, ap);
    va_end(ap);
    diag_mute(p->env->diag);
    p->stopped = true;
}

bool pp_spend(pp *p, place where, uint32_t tokens)
{
    p->made += tokens;
    if (p->made <= LIMIT_EXPANSION)
        return true;
    pp_fatal(p, "macro-limit", where, "macros make more than %d tokens; stopped here", LIMIT_EXPANSION);
    return false;
}

void pp_push(pp *p, const token *tokens, uint32_t len, macro *m, bool barrier)
{
    context *c = p->spare;
    if (c)
        p->spare = c->below;
    else
        c = ENV_NEW(p->env, context);
    *c = (context){ tokens, len, 0, m, barrier, p->contexts };
    if (m)
        m->active = true;
    p->contexts = c;
}

void pp_pop(pp *p)
{
    context *c = p->contexts;
    p->contexts = c->below;
    if (c->macro)
        c->macro->active = false;
    c->below = p->spare;
    p->spare = c;
}

static void read_lexer(pp *p, token *t)
{
    if (p->has_pushed) {
        *t = p->pushed;
        p->has_pushed = false;
    } else {
        lex_next(p->lexer, t);
    }
}

void pp_raw(pp *p, token *t)
{
    while (p->contexts) {
        context *c = p->contexts;
        if (c->at < c->len) {
            *t = c->tokens[c->at++];
            return;
        }
        if (c->barrier) {
            *t = (token){ .kind = TOKEN_EOF, .text = "" };
            return;
        }
        pp_pop(p);
    }
    for (;;) {
        read_lexer(p, t);
        if (p->stopped || diag_stopped(p->env->diag))
            *t = (token){ .kind = TOKEN_EOF, .text = "", .where = t->where };
        if (t->kind != '#' || !t->line_start || p->lexer->in_directive)
            return;
        directive_run(p);
    }
}

bool pp_paren_follows(pp *p)
{
    for (const context *c = p->contexts; c; c = c->below) {
        if (c->at < c->len)
            return c->tokens[c->at].kind == '(';
        if (c->barrier)
            return false;
    }
    if (!p->has_pushed) {
        lex_next(p->lexer, &p->pushed);
        p->has_pushed = true;
    }
    return p->pushed.kind == '(';
}

void pp_expanded(pp *p, token *t)
{
    for (;;) {
        pp_raw(p, t);
        if (t->kind != TOKEN_WORD || !t->word->macro || t->painted)
            return;
        if (t->word->macro->active) {
            t->painted = true;
            return;
        }
        if (!macro_expand(p, t))
            return;
    }
}

token_list pp_expand_list(pp *p, const token_list *list)
{
    token_list out = { 0 };
    if (p->depth >= LIMIT_NESTING) {
        place where = list->len ? list->at[0].where : (place){ 0 };
        pp_fatal(p, "nesting-depth", where, "macro calls are nested more than %d deep", LIMIT_NESTING);
        return out;
    }
    p->depth++;
    pp_push(p, list->at, (uint32_t)list->len, NULL, true);
    context *own = p->contexts;
    for (;;) {
        token t;
        pp_expanded(p, &t);
        if (t.kind == TOKEN_EOF)
            break;
        if (!pp_spend(p, t.where, 1))
            break;
        token_list_add(p->env, &out, &t);
    }
    while (p->contexts != own)
        pp_pop(p);
    pp_pop(p);
    p->depth--;
    return out;
}

/* Back to the file that includes this one. */
static void close_file(pp *p)
{
    condition_finish(p);
    p->lexer = p->lexer->below;
    p->has_pushed = false;
}

static void check_limits(pp *p, const token *t)
{
    if (++p->given > LIMIT_TOKENS)
        pp_fatal(p, "token-limit", t->where, "more than %d tokens; stopped here", LIMIT_TOKENS);
    p->braces += t->kind == '{';
    p->braces -= t->kind == '}';
}

void pp_next(pp *p, token *t)
{
    for (;;) {
        pp_expanded(p, t);
        if (t->kind == TOKEN_EOF) {
            bool stop = p->stopped || diag_stopped(p->env->diag);
            if (!p->lexer->below || stop) {
                if (!stop)
                    condition_finish(p);
                return;
            }
            close_file(p);
            continue;
        }
        if (t->defect) {
            diag_report(p->env->diag, DIAG_ERROR, t->defect->rule, t->where, "%s", t->defect->message);
            t->defect = NULL;
        }
        p->broken |= t->kind == TOKEN_BAD;
        if (t->kind == TOKEN_BAD)
            continue;
        t->after_bad = p->broken;
        p->broken = false;
        check_limits(p, t);
        return;
    }
}

static void write_token(buf *out, const token *t)
{
    static const struct {
        uint16_t kind;
        const char *open, *close;
    } quotes[] = { { TOKEN_STRING, "\"", "\"" }, { TOKEN_WSTRING, "L\"", "\"" }, { TOKEN_CHAR, "'", "'" },
                   { TOKEN_WCHAR, "L'", "'" } };
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        if (quotes[i].kind != t->kind)
            continue;
        buf_append_str(out, quotes[i].open);
        buf_append(out, t->text, t->len);
        buf_append_str(out, quotes[i].close);
        return;
    }
    buf_append(out, t->text, t->len);
}

void pp_write(pp *p, buf *out)
{
    const source *current = NULL;
    uint32_t line = 0;
    bool expanded = false;
    for (;;) {
        token t;
        pp_next(p, &t);
        if (t.kind == TOKEN_EOF)
            break;
        uint32_t want = t.where.source ? source_real_line(t.where.source, t.where.offset) : line;
        if (t.where.source && (t.where.source != current || want < line || want > line + 8)) {
            buf_printf(out, "%s#line %u \"%s\"\n", out->len && out->data[out->len - 1] != '\n' ? "\n" : "",
                       want, t.where.source->file->path);
            current = t.where.source;
            line = want;
        }
        for (; line < want; line++)
            buf_append_char(out, '\n');
        bool fresh = !out->len || out->data[out->len - 1] == '\n';
        for (uint32_t c = fresh ? place_find(t.where).column : 0; c > 1; c--)
            buf_append_char(out, ' ');
        if (!fresh &&
            (t.space || expanded || t.where.expansion)) /* what macros put side by side stays apart */
            buf_append_char(out, ' ');
        expanded = t.where.expansion != NULL;
        write_token(out, &t);
    }
    buf_append_char(out, '\n');
}
