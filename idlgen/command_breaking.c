/* SPDX-License-Identifier: MIT */
/* `idlgen breaking`: the files of both sides are read, compared one by one, and reported together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/mem.h"
#include "breaking/compare.h"
#include "breaking/files.h"
#include "breaking/git.h"
#include "commands.h"

static const char help[] =
    "usage: idlgen breaking [options] OLD NEW\n"
    "\n"
    "Says what breaks when the interfaces in OLD become those in NEW: the wire, where programs of both meet (an old\n"
    "client that calls a new server), and the source of C programs that are compiled again with the new header.\n"
    "OLD and NEW are .idl files, folders of them (compared file by file), or either in git: git:REV:path, where REV\n"
    "is a commit, branch or tag, and the path begins at the top of the repository, or with ./ in the current folder.\n"
    "\n"
    "  --level wire|source  what makes it fail: wire, only what breaks the wire (the rest are warnings);\n"
    "                       source, that and what only breaks C source (default)\n"
    "  -I DIR               search DIR for included files; of a side in git: DIR in that revision\n"
    "  -D NAME[=VALUE]      define a macro        -U NAME   undefine it\n"
    "  --diagnostics=text|json\n"
    "  --color=auto|always|never\n"
    "  --help\n"
    "\n"
    "    idlgen breaking git:origin/main:idl idl           what a branch would break\n"
    "    idlgen breaking --level wire bank-1.idl bank.idl\n"
    "\n"
    "The report is on standard output. idlgen explain RULE says more about the rule that a message names in brackets.\n"
    "\n"
    "Exit status: 0 nothing breaks, 1 something does, 2 wrong usage, mistakes in the IDL, or a file cannot be read.\n";

typedef struct breaking {
    args args;
    const char *was, *is;
    diag_style style; /* of the report, on standard output. werror: what only breaks C source counts as well */
} breaking;

/* One side: its files, each with the tree that was made of it. */
typedef struct reading {
    file_list files;
    front_options options;
    char **include_dirs; /* for a side in git: in the same revision */
    front **fronts;
    const ast_unit **units;
} reading;

/* ---- reading ---- */

static void reading_done(reading *r)
{
    for (size_t i = 0; r->fronts && i < r->files.len; i++)
        front_free(r->fronts[i]);
    for (size_t i = 0; r->include_dirs && i < r->options.include_dir_count; i++)
        free(r->include_dirs[i]);
    free(r->include_dirs);
    free(r->fronts);
    free(r->units);
    files_done(&r->files);
}

/* -I idl is git:REV:./idl for a file of git; what is not in the repository stays where it is. */
static char *in_revision(const char *name, const char *folder)
{
    AUTO(buf_done) buf path = BUF_INIT;
    const char *colon = strchr(name + 4, ':');
    if (folder[0] == '/' || git_is_name(folder) || !colon)
        return strdup(folder);
    buf_printf(&path, "%.*s:./%s", (int)(colon - name), name, folder);
    return buf_take(&path);
}

static bool take_include_dirs(reading *r, const breaking *o)
{
    size_t count = o->args.front.include_dir_count;
    r->include_dirs = calloc(count + 1, sizeof *r->include_dirs);
    for (size_t i = 0; r->include_dirs && i < count; i++) {
        bool is_git = git_is_name(r->files.name);
        r->include_dirs[i] = is_git ? in_revision(r->files.name, o->args.front.include_dirs[i])
                                    : strdup(o->args.front.include_dirs[i]);
        if (!r->include_dirs[i])
            return false;
    }
    r->options = o->args.front;
    r->options.include_dirs = (const char *const *)r->include_dirs;
    r->options.read_other = git_read;
    return r->include_dirs != NULL;
}

/* A file with mistakes cannot be compared: what they are is said as ever. */
static int read_file(reading *r, size_t index, const breaking *o)
{
    autofree char *path = files_path(&r->files, index);
    front *f = path ? front_new(&r->options) : NULL;
    if (!f)
        return args_no_memory();
    r->fronts[index] = f;
    r->units[index] = front_read(f, path);
    if (r->units[index] && emit_check(r->units[index], &(emit_options){ .parts = EMIT_DEFAULT }, front_diag(f)) != JRPC_OK)
        r->units[index] = NULL;
    if (r->units[index])
        return DONE;
    if (front_status(f) == JRPC_E_NOMEM || !diag_print(front_diag(f), stderr, &o->args.style))
        return args_no_memory();
    return TROUBLE;
}

static int read_side(reading *r, const char *name, const breaking *o)
{
    if (!files_find(&r->files, name))
        return TROUBLE;
    r->fronts = calloc(r->files.len, sizeof *r->fronts);
    r->units = calloc(r->files.len, sizeof *r->units);
    if (!r->fronts || !r->units || !take_include_dirs(r, o))
        return args_no_memory();
    int result = DONE;
    for (size_t i = 0; i < r->files.len; i++) {
        if (read_file(r, i, o) != DONE)
            result = TROUBLE;
    }
    return result;
}

/* ---- comparing ---- */

static size_t find_file(const file_list *in, const char *path)
{
    for (size_t i = 0; i < in->len; i++) {
        if (strcmp(in->at[i], path) == 0)
            return i;
    }
    return in->len;
}

static bool compare_all(const reading *was, const reading *is, findings *found)
{
    AUTO(map_done) map served = MAP_INIT;
    for (size_t i = 0; i < is->files.len; i++) {
        if (!compare_served(is->units[i], &served))
            return false;
    }
    if (!was->files.is_folder)
        return compare_units(was->units[0], is->units[0], &served, found);
    for (size_t i = 0; i < was->files.len; i++) {
        size_t k = find_file(&is->files, was->files.at[i]);
        if (!(k < is->files.len ? compare_units(was->units[i], is->units[k], &served, found)
                                : compare_lost(was->units[i], was->files.at[i], &served, found)))
            return false;
    }
    return true;
}

static void count(const findings *f, size_t *ret_wire, size_t *ret_source)
{
    *ret_wire = *ret_source = 0;
    for (size_t i = 0; i < f->len; i++)
        ++*(f->at[i].breaks & BREAKS_WIRE ? ret_wire : ret_source);
}

static int report(findings *f, const breaking *o)
{
    diag d;
    size_t wire = 0, source = 0;
    diag_init(&d, 0);
    bool good = findings_report(f, &d) && diag_print(&d, stdout, &o->style);
    diag_done(&d);
    if (!good)
        return args_no_memory();
    count(f, &wire, &source);
    if (!o->style.json && f->len)
        printf("%zu break%s the wire, %zu only C source\n", wire, wire == 1 ? "s" : "", source);
    return wire || (source && o->style.werror) ? MISTAKES : DONE;
}

static int compare_sides(const breaking *o, reading *was, reading *is)
{
    int result = read_side(was, o->was, o), other = read_side(is, o->is, o);
    if (result != DONE || other != DONE)
        return TROUBLE;
    if (was->files.is_folder != is->files.is_folder) {
        fprintf(stderr, "idlgen breaking: '%s' is a %s, '%s' a %s: two files or two folders are compared\n", o->was,
                was->files.is_folder ? "folder" : "file", o->is, is->files.is_folder ? "folder" : "file");
        return TROUBLE;
    }
    findings found = FINDINGS_INIT;
    result = compare_all(was, is, &found) ? report(&found, o) : args_no_memory();
    findings_done(&found);
    return result;
}

/* ---- the command line ---- */

static void read_level(breaking *o, const char *level)
{
    if (strcmp(level, "wire") != 0 && strcmp(level, "source") != 0)
        args_complain(&o->args, "--level takes wire or source, not '%s'", level);
    o->style.werror = strcmp(level, "source") == 0;
}

static bool read_args(breaking *o)
{
    args *a = &o->args;
    const char *level = "source";
    for (const char *arg; (arg = args_next(a)) != NULL;) {
        if (!args_value(a, "--level", &level))
            args_unknown(a);
    }
    if (a->help || a->failed)
        return !a->failed;
    read_level(o, level);
    if (!a->failed && a->file_count != 2)
        args_complain(a, a->file_count == 1 ? "only '%s' is given, and nothing to compare it with"
                                            : "it takes two files, OLD and NEW", a->files[0]);
    if (a->failed)
        return false;
    o->was = a->files[0];
    o->is = a->files[1];
    o->style.json = a->style.json;
    o->style.color = args_color(a, STDOUT_FILENO);
    if (strcmp(o->was, "-") == 0 && strcmp(o->is, "-") == 0)
        args_complain(a, "standard input can be one of the two only");
    return !a->failed;
}

static int run(const breaking *o)
{
    reading was = { .fronts = NULL }, is = { .fronts = NULL };
    int result = compare_sides(o, &was, &is);
    reading_done(&was);
    reading_done(&is);
    return result;
}

int command_breaking(int argc, char **argv)
{
    breaking o = { .was = NULL };
    args_init(&o.args, "breaking", argc, argv);
    int result = TROUBLE;
    if (read_args(&o)) {
        if (o.args.help)
            fputs(help, stdout);
        result = o.args.help ? DONE : run(&o);
    }
    args_done(&o.args);
    return result;
}
