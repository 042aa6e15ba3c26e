/* SPDX-License-Identifier: MIT */
/*
 * The IDL front end: text in, checked tree and diagnostics out. No global state; nothing is printed here.
 *
 *     front *f = front_new(&options);
 *     const ast_unit *unit = front_read(f, "bank.idl");
 *     diag_print(front_diag(f), stderr, ...);
 *     if (unit) ... emit ...
 *     front_free(f);
 *
 * A front is for one main file and one thread.
 */
#ifndef FRONT_FRONT_H
#define FRONT_FRONT_H

#include <stddef.h>

#include <jrpc/status.h>

#include "base/buf.h"
#include "front/ast.h"
#include "front/diag.h"

typedef struct front front;

/* -D and -U in the order given. */
typedef struct front_define {
    bool undefine;
    const char *text; /* "NAME", "NAME=value", "NAME(a,b)=value" */
} front_define;

typedef struct front_options {
    const char *const *include_dirs; /* -I in order */
    size_t include_dir_count;
    const front_define *defines;
    size_t define_count;
    size_t max_errors; /* stop after so many; 0: 1,000 */
    /*
     * Reads files that are not on the disk: true if the path is one of those. *ret_text is then on the heap, or NULL with
     * *ret_errno. NULL: there are none.
     */
    bool (*read_other)(const char *path, char **ret_text, size_t *ret_len, int *ret_errno);
    bool no_files; /* #include finds only front_add_file()'s and the built-in one: for fuzzing and tests */
} front_options;

/* options may be NULL and must outlive the front. NULL without memory. */
front *front_new(const front_options *options);
void front_free(front *f);

/* Gives a file by name, for front_read() and #include: text is copied. */
jrpc_status front_add_file(front *f, const char *name, const char *text, size_t len);

/*
 * Reads and checks a file ("-": standard input). NULL when there were errors; front_diag() has them. Once per
 * front. front_status() then tells why: INVALID (mistakes in the IDL), IO (the main file cannot be read),
 * NOMEM.
 */
const ast_unit *front_read(front *f, const char *name);
jrpc_status front_status(const front *f);

/* The tree even when there were errors (nodes may hold AST_TYPE_ERROR and NULLs): for tools that inspect. */
const ast_unit *front_partial(const front *f);

/* A place in the main file, when that was read. */
place front_place(const front *f, size_t offset, size_t length);

/* Through which #include of the main file a macro came that is defined at its end; NULL: none. */
const ast_include *front_macro_include(const front *f, const char *name, size_t len);

/* -E: the text after preprocessing, appended to out with #line markers. IO, INVALID or NOMEM on failure. */
jrpc_status front_preprocess(front *f, const char *name, buf *out);

/* Diagnostics so far; emitters add theirs with diag_report(). */
diag *front_diag(front *f);

/* Paths of all files read, the main one first: for dependency files. *at starts at 0; NULL at the end. */
const char *front_next_file(const front *f, size_t *at);

#endif
