/* SPDX-License-Identifier: MIT */
/* Preprocessor directives. */
#include "front/pp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

/* ---- #include ---- */

static const ast_include *find_include(pp *p, const token *name, const source_file *file, bool angled)
{
    lexer *l = p->lexer;
    if (l->source->included_from.source)
        return l->source->include;
    ast_include **end = &p->unit->includes;
    for (; *end; end = &(*end)->next) {
        if (file->builtin ? (*end)->builtin : (*end)->path == file->path)
            return *end;
    }
    ast_include *include = ENV_NEW(p->env, ast_include);
    include->name = env_strndup(p->env, name->text, name->len);
    include->path = file->builtin ? NULL : file->path;
    include->angled = angled;
    include->builtin = file->builtin;
    include->place = name->where;
    *end = include;
    p->unit->include_count++;
    return include;
}

/* The latest of the readings of a file that are not at their end, or NULL. */
static const source *find_open(const pp *p, const source_file *file)
{
    const source *s = p->lexer->source;
    while (s && s->file != file)
        s = s->included_from.source;
    return s;
}

static void report_loop(pp *p, place where, const source *first)
{
    const char *chain = env_format(p->env, "'%s'", first->file->path);
    const source *s = p->lexer->source;
    for (; s != first; s = s->included_from.source)
        chain = env_format(p->env, "'%s' includes %s", s->file->path, chain);
    chain = env_format(p->env, "'%s' includes %s", s->file->path, chain);
    pp_fatal(p, "include-loop", where,
             "files include each other without end: %s; an include guard ends such a loop", chain);
}

static bool may_include(pp *p, const token *name, const source_file *file)
{
    place where = name->where;
    const source *open = find_open(p, file);
    /* When no macro has changed since, the file would come to this place again, and again. */
    if (open && open->changes == p->changes)
        report_loop(p, where, open);
    else if (p->lexer->source->depth + 1 >= LIMIT_INCLUDES)
        pp_fatal(p, "include-depth", where, "includes are nested more than %d deep", LIMIT_INCLUDES);
    else if (p->sources->total + file->len > LIMIT_INPUT)
        pp_fatal(p, "input-size", where, "all files together have more than %d MiB", LIMIT_INPUT >> 20);
    else
        return true;
    return false;
}

static void include_file(pp *p, const token *name, bool angled)
{
    const char *path = env_strndup(p->env, name->text, name->len);
    int error = 0;
    if (name->len == 0 || strlen(path) != name->len) {
        pp_error(p, "include-syntax", name->where, "the name of the file is missing");
        return;
    }
    source_file *file = source_include(p->sources, p->lexer->source, path, angled, &error);
    if (!file) {
        pp_error(p, "include-missing", name->where, "cannot read '%s': %s%s", path, strerror(error),
                 error == ENOENT ? "; -I adds folders to search" : "");
        return;
    }
    if (file->once)
        return;
    if (p->braces > 0) {
        pp_error(p, "include-nested", name->where,
                 "#include inside a definition is not supported: what '%s' defines "
                 "would belong to another scope than in its own header", path);
    }
    if (may_include(p, name, file))
        pp_open(p, file, name->where, find_include(p, name, file, angled));
}

static void run_include(pp *p, const token *directive)
{
    lexer *l = p->lexer;
    token name;
    bool angled = lex_angled(l, &name);
    if (!angled) {
        pp_expanded(p, &name);
        while (p->contexts)
            pp_pop(p);
        p->has_pushed = false;
    }
    if (name.kind != TOKEN_STRING) {
        place where = name.kind == TOKEN_END_LINE ? directive->where : name.where;
        pp_error(p, "include-syntax", where, "#include needs a file name in quotes or angle brackets");
        lex_skip_line(l);
        return;
    }
    if (name.defect) {
        pp_error(p, name.defect->rule, name.where, "%s", name.defect->message);
        lex_skip_line(l);
        return;
    }
    lex_skip_line(l);
    l->in_directive = false;
    include_file(p, &name, angled);
}

/* ---- #line ---- */

static void add_mark(pp *p, const token *number, const token *file)
{
    lexer *l = p->lexer;
    char digits[12] = "";
    if (number->len < sizeof digits)
        memcpy(digits, number->text, number->len);
    unsigned long line = strtoul(digits, NULL, 10);
    if (strspn(digits, "0123456789") != number->len || line > 2147483647) {
        pp_error(p, "line-syntax", number->where, "#line needs a line number below 2147483648");
        return;
    }
    source *s = l->source;
    s->marks = env_grow(p->env, s->marks, s->mark_count, &s->mark_cap, sizeof *s->marks);
    source_mark *mark = &s->marks[s->mark_count];
    *mark = (source_mark){ 0 };
    mark->offset = l->at;
    mark->real_line = source_real_line(l->source, l->at) + 1;
    mark->line = (uint32_t)line;
    if (file->kind == TOKEN_STRING)
        mark->file = env_strndup(p->env, file->text, file->len);
    else if (s->mark_count)
        mark->file = mark[-1].file;
    s->mark_count++;
}

static void run_line(pp *p, token *number)
{
    token file;
    lex_next(p->lexer, &file);
    if (number->kind != TOKEN_NUMBER || (file.kind != TOKEN_STRING && file.kind != TOKEN_END_LINE) ||
        file.defect)
        pp_error(p, "line-syntax", number->where, "#line needs a number and perhaps a file name in quotes");
    else
        add_mark(p, number, &file);
}

/* ---- the rest ---- */

static void run_undef(pp *p)
{
    token name;
    lex_next(p->lexer, &name);
    if (name.kind != TOKEN_WORD)
        pp_error(p, "macro-syntax", name.where, "expected the name of a macro");
    else if (name.word->macro && !name.word->macro->active) {
        name.word->macro = NULL;
        p->changes++;
    }
}

static void run_ifdef(pp *p, place where, bool want)
{
    token name;
    lex_next(p->lexer, &name);
    if (name.kind != TOKEN_WORD)
        pp_error(p, "macro-syntax", name.where, "expected the name of a macro");
    condition_begin(p, where, name.kind == TOKEN_WORD && (name.word->macro != NULL) == want);
}

static void run_pragma(pp *p)
{
    token name;
    lex_next(p->lexer, &name);
    if (name.kind != TOKEN_WORD || strcmp(name.text, "once") != 0)
        return;
    p->changes += !p->lexer->source->file->once;
    p->lexer->source->file->once = true;
}

static void run_message(pp *p, place where, bool is_error)
{
    const char *text = lex_rest(p->lexer);
    diag_report(p->env->diag, is_error ? DIAG_ERROR : DIAG_WARNING,
                is_error ? "error-directive" : "warning-directive", where, "%s",
                text[0]    ? text
                : is_error ? "#error"
                           : "#warning");
}

static void run_unknown(pp *p, const token *name)
{
    static const char *const known[] = { "include", "define", "undef",  "if",   "ifdef", "ifndef", "elif",
                                         "else",    "endif",  "pragma", "line", "error", "warning" };
    suggestion best;
    if (name->kind != TOKEN_WORD) {
        pp_error(p, "directive-unknown", name->where, "expected the name of a directive after '#'");
        return;
    }
    suggest_init(&best, name->text);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        suggest_try(&best, known[i]);
    pp_error(p, "directive-unknown", name->where, "unknown directive '#%s'%s%s%s", name->text,
             best.best ? "; did you mean '#" : "; a comment begins with '//'", best.best ? best.best : "",
             best.best ? "'?" : "");
}

static void run_named(pp *p, token *name)
{
    const char *text = name->text;
    place where = name->where;
    if (strcmp(text, "include") == 0)
        run_include(p, name);
    else if (strcmp(text, "define") == 0)
        macro_define(p);
    else if (strcmp(text, "undef") == 0)
        run_undef(p);
    else if (strcmp(text, "if") == 0)
        condition_begin(p, where, condition_evaluate(p, where));
    else if (strcmp(text, "ifdef") == 0 || strcmp(text, "ifndef") == 0)
        run_ifdef(p, where, text[2] == 'd');
    else if (strcmp(text, "elif") == 0 || strcmp(text, "elifdef") == 0 || strcmp(text, "elifndef") == 0)
        condition_else(p, where, true);
    else if (strcmp(text, "else") == 0)
        condition_else(p, where, false);
    else if (strcmp(text, "endif") == 0)
        condition_end(p, where);
    else if (strcmp(text, "pragma") == 0)
        run_pragma(p);
    else if (strcmp(text, "error") == 0 || strcmp(text, "warning") == 0)
        run_message(p, where, text[0] == 'e');
    else if (strcmp(text, "line") == 0) {
        token number;
        lex_next(p->lexer, &number);
        run_line(p, &number);
    } else if (strcmp(text, "ident") != 0 && strcmp(text, "sccs") != 0)
        run_unknown(p, name);
}

void directive_run(pp *p)
{
    lexer *l = p->lexer;
    token name;
    l->in_directive = true;
    lex_next(l, &name);
    if (name.kind == TOKEN_WORD)
        run_named(p, &name);
    else if (name.kind == TOKEN_NUMBER)
        run_line(p, &name);
    else if (name.kind != TOKEN_END_LINE)
        run_unknown(p, &name);
    if (l == p->lexer)
        lex_skip_line(l);
    l->in_directive = false;
    l->docs = l->trailing = NULL;
}
