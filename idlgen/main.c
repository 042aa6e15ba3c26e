/* SPDX-License-Identifier: MIT */
/* idlgen: C from IDL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/version.h>

#include "args.h"
#include "base/buf.h"
#include "base/mem.h"
#include "commands.h"
#include "depfile.h"
#include "emit/emit.h"
#include "emit/output.h"
#include "explain.h"
#include "front/dump.h"
#include "front/front.h"
#include "options.h"

static int write_text(const char *path, const buf *text)
{
    emit_failure failure;
    if (buf_failed(text))
        return args_no_memory();
    if (output_write(path ? path : "-", text, &failure) == JRPC_OK)
        return DONE;
    fprintf(stderr, "idlgen: %s: %s\n", failure.path, failure.reason);
    return TROUBLE;
}

static int explain(const options *o)
{
    if (!o->file) {
        explain_list(stdout);
        return DONE;
    }
    const explain_page *page = explain_find(o->file);
    if (!page) {
        fprintf(stderr, "idlgen: there is no rule '%s'; idlgen explain lists them\n", o->file);
        return TROUBLE;
    }
    explain_print(stdout, page);
    return DONE;
}

/* What there is to say, and the exit status that follows from it. */
static int finish(const options *o, front *f, int result)
{
    const diag *d = front_diag(f);
    jrpc_status status = front_status(f);
    bool printed = diag_print(d, stderr, &o->style);
    if (status == JRPC_E_NOMEM || !printed)
        return args_no_memory();
    if (status == JRPC_E_IO)
        return TROUBLE;
    if (diag_error_count(d) || (o->style.werror && diag_warning_count(d)))
        return MISTAKES;
    return result;
}

static int write_depfile(const options *o, const front *f, const ast_unit *unit)
{
    AUTO(buf_done) buf text = BUF_INIT;
    autofree char *path = depfile_path(o, unit);
    if (!path)
        return args_no_memory();
    depfile_render(o, f, unit, &text);
    return write_text(path, &text);
}

static int list_outputs(const options *o, const ast_unit *unit)
{
    AUTO(buf_done) buf text = BUF_INIT;
    for (unsigned part = 1; part <= EMIT_LAST; part <<= 1) {
        if (!(o->emit.parts & part))
            continue;
        autofree char *name = emit_output_name(unit, &o->emit, (emit_part)part);
        if (!name)
            return args_no_memory();
        buf_printf(&text, "%s\n", name);
    }
    return write_text(o->output, &text);
}

static int generate(const options *o, front *f, const ast_unit *unit)
{
    emit_failure failure;
    jrpc_status status = emit_check(unit, &o->emit, front_diag(f));
    if (status == JRPC_E_NOMEM)
        return args_no_memory();
    if (status != JRPC_OK || o->mode == MODE_CHECK || (o->style.werror && diag_warning_count(front_diag(f))))
        return DONE;
    status = emit_write(unit, &o->emit, &failure);
    if (status == JRPC_E_NOMEM)
        return args_no_memory();
    if (status != JRPC_OK) {
        fprintf(stderr, "idlgen: %s: %s\n", failure.path, failure.reason);
        return TROUBLE;
    }
    return o->depfile ? write_depfile(o, f, unit) : DONE;
}

static int dump(const options *o, const ast_unit *unit)
{
    AUTO(buf_done) buf text = BUF_INIT;
    dump_json(unit, &text);
    return write_text(o->output, &text);
}

static int print_dependencies(const options *o, const front *f, const ast_unit *unit)
{
    AUTO(buf_done) buf text = BUF_INIT;
    depfile_render(o, f, unit, &text);
    return write_text(o->depfile_name ? o->depfile_name : o->output, &text);
}

static int preprocess(const options *o, front *f)
{
    AUTO(buf_done) buf text = BUF_INIT;
    if (front_preprocess(f, o->file, &text) != JRPC_OK)
        return finish(o, f, MISTAKES);
    return finish(o, f, write_text(o->output, &text));
}

static int process(const options *o, front *f)
{
    if (o->mode == MODE_PREPROCESS)
        return preprocess(o, f);
    const ast_unit *unit = front_read(f, o->file);
    int result = MISTAKES;
    if (unit && o->mode == MODE_LIST)
        result = list_outputs(o, unit);
    else if (unit && o->mode == MODE_DUMP)
        result = dump(o, unit);
    else if (unit && o->mode == MODE_DEPENDENCIES)
        result = print_dependencies(o, f, unit);
    else if (unit)
        result = generate(o, f, unit);
    return finish(o, f, result);
}

static int run(const options *o)
{
    if (o->mode == MODE_HELP) {
        options_print_help(stdout);
        return DONE;
    }
    if (o->mode == MODE_VERSION) {
        puts("idlgen (jabber-rpc) " JRPC_VERSION);
        return DONE;
    }
    if (o->mode == MODE_EXPLAIN)
        return explain(o);
    front *f = front_new(&o->front);
    if (!f)
        return args_no_memory();
    int result = process(o, f);
    front_free(f);
    return result;
}

static int generator(int argc, char **argv)
{
    options o;
    int result = options_read(&o, argc, argv) ? run(&o) : TROUBLE;
    options_done(&o);
    return result;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = { { "fmt", command_fmt }, { "lint", command_lint }, { "breaking", command_breaking },
                   { "from-introspection", command_from_introspection } };
    int (*chosen)(int argc, char **argv) = generator;
    for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            chosen = commands[i].run;
    }
    int result = chosen(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("idlgen: cannot write to standard output\n", stderr);
        return TROUBLE;
    }
    return result;
}
