/* SPDX-License-Identifier: MIT */
/* Sources: the only part that reads files. Keeps their text, and turns offsets into lines and columns. */
#ifndef FRONT_SOURCE_H
#define FRONT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jrpc/status.h>

#include "front/ast.h"
#include "front/env.h"
#include "front/place.h"

typedef struct source_file {
    const char *path; /* as opened; what messages show */
    const char *text; /* NUL-terminated; may hold NULs; without the byte order mark */
    uint32_t len;
    uint32_t skipped; /* bytes of the byte order mark */
    bool builtin;
    bool once;        /* #pragma once was seen */
    bool repeated;    /* was reported to be included twice */
    bool listed;      /* belongs in dependency files */
    uint32_t id;      /* counts files, from 1 */
    uint32_t exceptions; /* defined in it */
    uint32_t readings; /* how many times it was begun */
    uint32_t *lines;  /* offsets of line starts */
    uint32_t counted_start, counted_end, counted; /* characters of a line up to the place asked for last */
    uint32_t line_count;
    struct source_file *next;
} source_file;

/* #line */
typedef struct source_mark {
    uint32_t offset; /* holds from here */
    uint32_t real_line, line;
    const char *file;
} source_mark;

/* One reading of a file: a file included twice has two. */
typedef struct source {
    source_file *file;
    place included_from; /* source NULL for the main file */
    const ast_include *include;
    uint32_t depth;
    uint32_t changes; /* the preprocessor's, when this was begun */
    source_mark *marks; /* by offset */
    size_t mark_count, mark_cap;
} source;

typedef struct sources {
    env *env;
    source_file *files; /* newest first */
    const char *const *include_dirs;
    size_t include_dir_count;
    bool (*read_other)(const char *path, char **ret_text, size_t *ret_len, int *ret_errno);
    bool no_files;
    size_t total; /* bytes opened, a file counted each time */
} sources;

/* Text given by the caller; copied. */
source_file *source_add(sources *s, const char *name, const char *text, size_t len);
/* Reads a file once ("-": standard input; "<jrpc.idl>": the built-in one). NULL: *ret_errno says why; EFBIG for the limit. */
source_file *source_open(sources *s, const char *path, int *ret_errno);
/* What #include means: from is the file that includes. *ret_errno is ENOENT when it was found nowhere. */
source_file *source_include(sources *s, const source *from, const char *name, bool angled, int *ret_errno);
source *source_new(sources *s, source_file *file, place included_from, const ast_include *include);
/* The bytes of the line a place is on, without line end; a long line is cut some way behind the place. */
const char *source_line(place p, uint32_t *ret_len, uint32_t *ret_offset_in_line);
/* The line number in the file, #line or not. */
uint32_t source_real_line(const source *s, uint32_t offset);

#endif
