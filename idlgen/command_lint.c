/* SPDX-License-Identifier: MIT */
/* `idlgen lint`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/buf.h"
#include "base/mem.h"
#include "commands.h"
#include "input.h"
#include "lint/lint.h"

static const char help[] =
    "usage: idlgen lint [options] FILE...\n"
    "\n"
    "Looks for what could be better in IDL that is right. FILE \"-\" is standard input. What included files define is\n"
    "not judged. `idlgen explain RULE` says why, with an example.\n"
    "\n"
    "  --rules              list the rules; those that are off by default are marked\n"
    "  --enable RULE,...    switch rules on; \"all\" is all of them\n"
    "  --disable RULE,...   switch rules off\n"
    "  --stdin-name NAME    the name of standard input: in messages, and for finding the files it includes\n"
    "  -I DIR  -D NAME[=VALUE]  -U NAME     as for idlgen itself\n"
    "  --max-errors N  --werror  --diagnostics=text|json  --color=auto|always|never\n"
    "  -h, --help\n"
    "\n"
    "In the file:\n"
    "  // idl-lint: enable(RULE, ...) disable(RULE, ...)   before the first declaration: for the whole file\n"
    "  // idl-lint: allow(RULE, ...) why                   at the end of a line: for that line; on a line of its own:\n"
    "                                                      for the declaration below it, with all that is in it\n"
    "\n"
    "Exit status: 0 nothing found, 1 something found or mistakes in the IDL, 2 wrong usage, or a file cannot be read.\n";

typedef struct job {
    args args;
    bool list;
    const char *stdin_name;
    lint_change *changes;
    size_t change_count;
} job;

static int list_rules(void)
{
    const lint_set set = lint_set_default();
    for (size_t i = 0; i < LINT_RULE_COUNT; i++)
        printf("%-18s %s%s\n", lint_rule_id((lint_rule)i), lint_rule_summary((lint_rule)i),
               set.on[i] ? "" : " (off by default)");
    return DONE;
}

static void change(job *j, const char *rules, bool on)
{
    lint_set set = lint_set_default();
    const char *bad = NULL;
    size_t len = 0;
    if (lint_set_change(&set, rules, strlen(rules), on, &bad, &len))
        j->changes[j->change_count++] = (lint_change){ rules, on };
    else
        args_complain(&j->args, "there is no rule '%.*s' (idlgen lint --rules lists them)", (int)len, bad);
}

/* What was said of it, and what follows. */
static int finish(const job *j, front *f)
{
    const diag *d = front_diag(f);
    bool found = diag_error_count(d) || diag_warning_count(d);
    if (!diag_print(d, stderr, &j->args.style) || front_status(f) == JRPC_E_NOMEM)
        return args_no_memory();
    if (front_status(f) == JRPC_E_IO)
        return TROUBLE;
    return found ? MISTAKES : DONE;
}

static int process(const job *j, const char *path)
{
    AUTO(buf_done) buf text = BUF_INIT;
    bool is_stdin = strcmp(path, "-") == 0;
    const char *name = !is_stdin ? path : j->stdin_name ? j->stdin_name : "<stdin>";
    int result = input_read(&j->args, path, name, &text);
    if (result != DONE)
        return result;
    front *f = input_front(&j->args, name, &text);
    const ast_unit *unit = f && front_status(f) == JRPC_OK ? front_read(f, name) : NULL;
    if (!f || (unit && lint_run(f, unit, text.data, text.len, j->changes, j->change_count) != JRPC_OK))
        result = args_no_memory();
    else
        result = finish(j, f);
    front_free(f);
    return result;
}

static void read_options(job *j)
{
    args *a = &j->args;
    const char *value = NULL;
    for (const char *arg; (arg = args_next(a)) != NULL;) {
        if (strcmp(arg, "--rules") == 0)
            j->list = true;
        else if (args_value(a, "--enable", &value))
            change(j, value, true);
        else if (args_value(a, "--disable", &value))
            change(j, value, false);
        else if (!args_value(a, "--stdin-name", &j->stdin_name))
            args_unknown(a);
    }
    if (!a->failed && !a->help && !j->list && a->file_count == 0)
        args_complain(a, "no input file");
}

int command_lint(int argc, char **argv)
{
    job j = { 0 };
    int result = DONE;
    args_init(&j.args, "lint", argc, argv);
    j.changes = calloc((size_t)argc + 1, sizeof *j.changes);
    if (!j.changes)
        j.args.failed = true;
    if (!j.args.failed)
        read_options(&j);
    if (j.args.failed)
        result = j.changes ? TROUBLE : args_no_memory();
    else if (j.args.help)
        fputs(help, stdout);
    else if (j.list)
        result = list_rules();
    for (size_t i = 0; !j.args.failed && !j.args.help && !j.list && i < j.args.file_count; i++) {
        int one = process(&j, j.args.files[i]);
        result = one > result ? one : result;
    }
    free(j.changes);
    args_done(&j.args);
    return result;
}
