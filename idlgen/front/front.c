/* SPDX-License-Identifier: MIT */
/* The IDL front end: one run over one main file. */
#include "front/front.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "front/check.h"
#include "front/diag_list.h"
#include "front/parse.h"

enum { MAX_ERRORS = 1000 };
static const size_t MEMORY_MAX = (size_t)1 << 30;

struct front {
    env env;
    diag diag;
    sources sources;
    pp pp;
    parser parser;
    ast_unit unit;
    front_options options;
    jrpc_status status;
};

front *front_new(const front_options *options)
{
    front *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    if (options)
        f->options = *options;
    diag_init(&f->diag, f->options.max_errors ? f->options.max_errors : MAX_ERRORS);
    f->env = (env){ .memory = ARENA_INIT(MEMORY_MAX), .words = MAP_INIT, .diag = &f->diag };
    f->sources = (sources){ .env = &f->env,
                            .include_dirs = f->options.include_dirs,
                            .include_dir_count = f->options.include_dir_count,
                            .read_other = f->options.read_other,
                            .no_files = f->options.no_files };
    return f;
}

void front_free(front *f)
{
    if (!f)
        return;
    map_done(&f->env.words);
    arena_done(&f->env.memory);
    diag_done(&f->diag);
    free(f);
}

/* ---- work that may run out of memory ---- */

typedef void work(front *f, const void *input);

static void run(front *f, work *does, const void *input)
{
    jmp_buf escape;
    f->env.escape = &escape;
    if (setjmp(escape) == 0)
        does(f, input);
    else
        f->status = JRPC_E_NOMEM;
    f->env.escape = NULL;
}

typedef struct text {
    const char *name, *data;
    size_t len;
} text;

static void add_file(front *f, const void *input)
{
    const text *t = input;
    source_add(&f->sources, t->name, t->data, t->len);
}

jrpc_status front_add_file(front *f, const char *name, const char *data, size_t len)
{
    text t = { name, data, len };
    if (len > LIMIT_FILE)
        return JRPC_E_TOO_LARGE;
    run(f, add_file, &t);
    return f->status;
}

static void define_macros(front *f)
{
    for (size_t i = 0; i < f->options.define_count; i++) {
        const front_define *d = &f->options.defines[i];
        if (d->undefine)
            env_word(&f->env, d->text, strlen(d->text))->macro = NULL;
        else if (!macro_define_text(&f->pp, d->text) && diag_error_count(&f->diag) == 0)
            diag_report(&f->diag, DIAG_ERROR, "macro-syntax", (place){ 0 },
                        "'%s' is no macro; use NAME or NAME=value", d->text);
    }
}

static bool open_main(front *f, const char *name)
{
    int error = 0;
    f->unit.name = env_strdup(&f->env, name);
    pp_init(&f->pp, &f->env, &f->sources, &f->unit);
    define_macros(f);
    source_file *file = source_open(&f->sources, name, &error);
    if (!file) {
        if (error == EFBIG)
            diag_report(&f->diag, DIAG_ERROR, "input-size", (place){ 0 }, "%s: a file has at most %d MiB",
                        name, LIMIT_FILE >> 20);
        else
            diag_report(&f->diag, DIAG_ERROR, "file-missing", (place){ 0 }, "cannot read '%s': %s", name,
                        strerror(error));
        f->status = JRPC_E_IO;
        return false;
    }
    pp_open(&f->pp, file, (place){ 0 }, NULL);
    return true;
}

static void parse(front *f, const void *input)
{
    if (!open_main(f, input))
        return;
    parser *p = &f->parser;
    *p = (parser){ .env = &f->env, .pp = &f->pp, .unit = &f->unit };
    p->root = p->scope = scope_new(&f->env, NULL, NULL);
    p->list = &f->unit.definitions;
    parse_definitions(p, false);
    check_unit(p);
}

/* ---- the API ---- */

const ast_unit *front_read(front *f, const char *name)
{
    run(f, parse, name);
    if (f->status == JRPC_OK && f->diag.failed)
        f->status = JRPC_E_NOMEM;
    if (f->status == JRPC_OK && diag_error_count(&f->diag))
        f->status = JRPC_E_INVALID;
    return f->status == JRPC_OK ? &f->unit : NULL;
}

jrpc_status front_status(const front *f)
{
    return f->status;
}

const ast_unit *front_partial(const front *f)
{
    return &f->unit;
}

place front_place(const front *f, size_t offset, size_t length)
{
    const lexer *l = f->pp.lexer;
    return l ? (place){ l->source, (uint32_t)offset, (uint32_t)length, NULL } : (place){ 0 };
}

const ast_include *front_macro_include(const front *f, const char *name, size_t len)
{
    const word *w = map_get(&f->env.words, name, len);
    const source *s = w && w->macro ? w->macro->where.source : NULL;
    return s ? s->include : NULL;
}

typedef struct preprocessing {
    const char *name;
    buf *out;
} preprocessing;

static void preprocess(front *f, const void *input)
{
    const preprocessing *job = input;
    if (open_main(f, job->name))
        pp_write(&f->pp, job->out);
}

jrpc_status front_preprocess(front *f, const char *name, buf *out)
{
    preprocessing job = { name, out };
    run(f, preprocess, &job);
    if (f->status == JRPC_OK && (buf_failed(out) || f->diag.failed))
        f->status = JRPC_E_NOMEM;
    if (f->status == JRPC_OK && diag_error_count(&f->diag))
        f->status = JRPC_E_INVALID;
    return f->status;
}

diag *front_diag(front *f)
{
    return &f->diag;
}

const char *front_next_file(const front *f, size_t *at)
{
    /* The list is newest first. */
    size_t count = 0;
    for (const source_file *file = f->sources.files; file; file = file->next)
        count += file->listed;
    if (*at >= count)
        return NULL;
    size_t skip = count - 1 - (*at)++;
    for (const source_file *file = f->sources.files; file; file = file->next) {
        if (file->listed && skip-- == 0)
            return file->path;
    }
    return NULL;
}
