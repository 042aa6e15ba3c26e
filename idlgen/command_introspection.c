/* SPDX-License-Identifier: MIT */
/* `idlgen from-introspection`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/mem.h"
#include "commands.h"
#include "emit/output.h"
#include "introspection/convert.h"

enum { INPUT_MAX = 16 << 20 };

static const char help[] =
    "usage: idlgen from-introspection [options] FILE\n"
    "\n"
    "Makes an .idl from what a live server says of its methods. FILE is JSON, as `jrpc describe --json SERVER` prints it:\n"
    "a list of {\"name\", \"signatures\", \"help\"}; \"-\" is standard input.\n"
    "\n"
    "Dots in the names of methods make modules and interfaces; what IDL cannot call so gets another name, and keeps its\n"
    "own on the wire. Introspection knows no more of types than XML-RPC: look through what is made, and say what the\n"
    "structs and arrays hold. A TODO stands where the server said nothing.\n"
    "\n"
    "  -o FILE            the .idl; without it, standard output\n"
    "  --interface NAME   of methods without a dot in their names (default: Methods)\n"
    "  --help\n"
    "\n"
    "    jrpc describe --json robot@example.org/rpc | idlgen from-introspection -o robot.idl -\n"
    "\n"
    "Exit status: 0 done, 1 it is not such JSON, 2 wrong usage, or a file cannot be read or written.\n";

/* ---- input ---- */

static int read_stream(FILE *stream, const char *name, buf *text)
{
    char block[8192];
    size_t got;
    while ((got = fread(block, 1, sizeof block, stream)) > 0 && text->len <= INPUT_MAX)
        buf_append(text, block, got);
    if (ferror(stream)) {
        fprintf(stderr, "idlgen from-introspection: %s: %s\n", name, strerror(errno));
        return TROUBLE;
    }
    if (text->len > INPUT_MAX) {
        fprintf(stderr, "idlgen from-introspection: %s: more than %d MiB\n", name, INPUT_MAX >> 20);
        return MISTAKES;
    }
    return buf_failed(text) ? args_no_memory() : DONE;
}

static int read_input(const char *name, buf *text)
{
    if (strcmp(name, "-") == 0)
        return read_stream(stdin, "<stdin>", text);
    FILE *stream = fopen(name, "rb");
    if (!stream) {
        fprintf(stderr, "idlgen from-introspection: %s: %s\n", name, strerror(errno));
        return TROUBLE;
    }
    int result = read_stream(stream, name, text);
    fclose(stream);
    return result;
}

/* ---- all ---- */

typedef struct job {
    args args;
    const char *file, *output, *interface;
} job;

static int write_output(const job *j, const buf *text)
{
    emit_failure failure;
    if (output_write(j->output ? j->output : "-", text, &failure) == JRPC_OK)
        return DONE;
    fprintf(stderr, "idlgen from-introspection: %s: %s\n", failure.path, failure.reason);
    return TROUBLE;
}

static int convert(const job *j, const buf *input)
{
    AUTO(buf_done) buf why = BUF_INIT;
    AUTO(buf_done) buf text = BUF_INIT;
    const char *name = j->output && strcmp(j->output, "-") != 0 ? j->output : "introspection.idl";
    jrpc_status status =
        convert_introspection(input->data ? input->data : "", input->len, name, j->interface, &text, &why);
    if (status == JRPC_E_NOMEM)
        return args_no_memory();
    if (status == JRPC_OK)
        return write_output(j, &text);
    fprintf(stderr, "idlgen from-introspection: %s: %s\n", strcmp(j->file, "-") == 0 ? "<stdin>" : j->file,
            why.data ? why.data : "");
    return MISTAKES;
}

/* ---- the command line ---- */

static bool is_identifier(const char *text)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return strspn(text, all) == strlen(text) && strlen(text) <= 100 && *text && !strchr("_0123456789", *text);
}

static bool read_args(job *j)
{
    args *a = &j->args;
    for (const char *arg; (arg = args_next(a)) != NULL;) {
        if (!args_value(a, "-o", &j->output) && !args_value(a, "--interface", &j->interface))
            args_unknown(a);
    }
    if (a->help || a->failed)
        return !a->failed;
    j->file = a->files[0];
    if (a->file_count != 1)
        args_complain(a, a->file_count ? "one file at a time" : "no input file");
    else if (!is_identifier(j->interface))
        args_complain(a, "--interface '%s' is no name in IDL", j->interface);
    return !a->failed;
}

static int run(const job *j)
{
    AUTO(buf_done) buf input = BUF_INIT;
    int result = read_input(j->file, &input);
    return result == DONE ? convert(j, &input) : result;
}

int command_from_introspection(int argc, char **argv)
{
    job j = { .interface = "Methods" };
    args_init(&j.args, "from-introspection", argc, argv);
    int result = TROUBLE;
    if (read_args(&j)) {
        if (j.args.help)
            fputs(help, stdout);
        result = j.args.help ? DONE : run(&j);
    }
    args_done(&j.args);
    return result;
}
