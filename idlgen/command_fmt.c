/* SPDX-License-Identifier: MIT */
/* `idlgen fmt`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/mem.h"
#include "commands.h"
#include "emit/output.h"
#include "fmt/diff.h"
#include "fmt/format.h"
#include "front/diag_list.h"
#include "input.h"

static const char help[] =
    "usage: idlgen fmt [options] FILE...\n"
    "\n"
    "Prints FILE in the canonical layout. FILE \"-\" is standard input.\n"
    "\n"
    "Four spaces for each level, lines up to 100 characters, one blank line where there were more; a member,\n"
    "enumerator or operation on its own line, except in a body that was written on one line and fits. Comments,\n"
    "preprocessor lines and the author's line ends behind annotations stay. There is nothing to configure.\n"
    "\n"
    "The result is read again before it is given out: it has the same tree and the same comments. A file with\n"
    "mistakes is refused (but not for what XML-RPC cannot carry).\n"
    "\n"
    "  -w, --write          put the result into the files, where it differs; a file is never left half written\n"
    "  --check              print what --write would change, as a diff; change nothing\n"
    "  --stdin-name NAME    the name of standard input: in messages, and for finding the files it includes\n"
    "  -I DIR  -D NAME[=VALUE]  -U NAME     as for idlgen itself\n"
    "  --max-errors N  --diagnostics=text|json  --color=auto|always|never\n"
    "  -h, --help\n"
    "\n"
    "Exit status: 0 done, 1 mistakes in the IDL or, with --check, another layout, 2 wrong usage, or a file cannot be\n"
    "read or written.\n";

typedef struct job {
    args args;
    bool write, check;
    const char *stdin_name;
    const char *name; /* of the file being formatted, for messages and includes */
} job;

static int complain(const char *name, const char *what)
{
    fprintf(stderr, "idlgen fmt: %s: %s\n", name, what);
    return TROUBLE;
}

/* ---- one text ---- */

/* A front that has read the text under the name of the file. NULL without memory. */
static front *read_tree(const job *j, const buf *text)
{
    front *f = input_front(&j->args, j->name, text);
    if (f && front_status(f) == JRPC_OK)
        front_read(f, j->name);
    return f;
}

/* What XML-RPC cannot carry is IDL nevertheless. */
static bool has_mistakes(front *f)
{
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next) {
        if (entry->severity == DIAG_ERROR && strcmp(entry->rule, "unsupported") != 0)
            return true;
    }
    return false;
}

static int show_mistakes(const job *j, front *f)
{
    if (!diag_print(front_diag(f), stderr, &j->args.style))
        return args_no_memory();
    if (!j->args.style.json)
        fprintf(stderr, "idlgen fmt: %s: left as it is\n", j->name);
    return MISTAKES;
}

/* Nothing but the layout may have changed. */
static int verify(const job *j, front *before, const buf *text, const buf *formatted)
{
    bool same = false, same_tree = false;
    front *after = read_tree(j, formatted);
    jrpc_status status = after && front_status(after) != JRPC_E_NOMEM
                             ? format_is_same(text->data, text->len, formatted, &same)
                             : JRPC_E_NOMEM;
    if (status == JRPC_OK)
        status = format_same_tree(before, after, &same_tree);
    front_free(after);
    if (status != JRPC_OK)
        return args_no_memory();
    if (!same)
        return complain(j->name, "a defect of idlgen: it would change more than the layout; left as it is");
    if (!same_tree)
        return complain(j->name, "another layout would mean something else (is it __LINE__?); left as it is");
    return DONE;
}

static int format(const job *j, const buf *text, buf *formatted)
{
    front *f = read_tree(j, text);
    jrpc_status status = JRPC_OK;
    int result = DONE;
    if (!f || front_status(f) == JRPC_E_NOMEM)
        result = args_no_memory();
    else if (has_mistakes(f) || diag_stopped(front_diag(f)))
        result = show_mistakes(j, f);
    else
        status = format_text(text->data, text->len, formatted);
    if (status == JRPC_E_TOO_LARGE)
        result = complain(j->name, "the result would have more than 16 MiB; left as it is");
    else if (status != JRPC_OK)
        result = args_no_memory();
    else if (result == DONE)
        result = verify(j, f, text, formatted);
    front_free(f);
    return result;
}

/* ---- one file ---- */

static int show_diff(const job *j, const buf *text, const buf *formatted)
{
    AUTO(buf_done) buf diff = BUF_INIT;
    diff_unified(j->name, text->data, text->len, formatted, &diff);
    if (buf_failed(&diff))
        return args_no_memory();
    if (diff.len)
        fwrite(diff.data, 1, diff.len, stdout);
    return MISTAKES;
}

/* A link stays one: the file it leads to is written. */
static int write_file(const char *path, const buf *formatted)
{
    emit_failure failure;
    autofree char *real = realpath(path, NULL);
    if (!real)
        return complain(path, strerror(errno));
    jrpc_status status = output_write(real, formatted, &failure);
    if (status == JRPC_E_NOMEM)
        return args_no_memory();
    return status == JRPC_OK ? DONE : complain(failure.path, failure.reason);
}

static int process(job *j, const char *path)
{
    AUTO(buf_done) buf text = BUF_INIT, formatted = BUF_INIT;
    bool is_stdin = strcmp(path, "-") == 0;
    j->name = !is_stdin ? path : j->stdin_name ? j->stdin_name : "<stdin>";
    int result = input_read(&j->args, path, j->name, &text);
    if (result == DONE)
        result = format(j, &text, &formatted);
    if (result != DONE)
        return result;
    bool same = text.len == formatted.len && (!text.len || memcmp(text.data, formatted.data, text.len) == 0);
    if (j->check)
        return same ? DONE : show_diff(j, &text, &formatted);
    if (j->write && !is_stdin)
        return same ? DONE : write_file(path, &formatted);
    if (formatted.len)
        fwrite(formatted.data, 1, formatted.len, stdout);
    return DONE;
}

static void read_options(job *j)
{
    args *a = &j->args;
    for (const char *arg; (arg = args_next(a)) != NULL;) {
        if (strcmp(arg, "--check") == 0)
            j->check = true;
        else if (strcmp(arg, "--write") == 0 || strcmp(arg, "-w") == 0)
            j->write = true;
        else if (!args_value(a, "--stdin-name", &j->stdin_name))
            args_unknown(a);
    }
    if (a->failed || a->help)
        return;
    if (j->check && j->write)
        args_complain(a, "--check or --write");
    else if (a->file_count == 0)
        args_complain(a, "no input file");
    else if (a->file_count > 1 && !j->check && !j->write)
        args_complain(a, "several files need --write or --check");
}

int command_fmt(int argc, char **argv)
{
    job j = { 0 };
    int result = DONE;
    args_init(&j.args, "fmt", argc, argv);
    if (!j.args.failed)
        read_options(&j);
    if (j.args.failed)
        result = TROUBLE;
    else if (j.args.help)
        fputs(help, stdout);
    for (size_t i = 0; !j.args.failed && !j.args.help && i < j.args.file_count; i++) {
        int one = process(&j, j.args.files[i]);
        result = one > result ? one : result;
    }
    args_done(&j.args);
    return result;
}
