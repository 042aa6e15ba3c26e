/* SPDX-License-Identifier: MIT */
/* The command line of idlgen. */
#include "options.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: idlgen [options] FILE.idl\n"
    "       idlgen explain [RULE]\n"
    "       idlgen fmt [options] FILE...      the canonical layout\n"
    "       idlgen lint [options] FILE...     what could be better; each command has its own --help\n"
    "       idlgen breaking [options] OLD NEW what a change of an interface breaks\n"
    "       idlgen from-introspection FILE    an .idl from what a live server says of its methods\n"
    "\n"
    "Makes C from an interface definition. FILE \"-\" is standard input.\n"
    "\n"
    "What is made (default: header, types, client and server):\n"
    "  --header --types --client --server   the parts named, only these\n"
    "  --module            what makes the server side a module of rpc-server\n"
    "  --impl              a first implementation file to start from; never overwritten\n"
    "  --markdown --html   the reference of the interfaces, with examples of every call on the wire\n"
    "  --python            a module for Python with types, clients and servers on slixmpp, and its support modules\n"
    "  -o FILE             name of the output when it is only one; \"-\" is standard output\n"
    "  --outdir DIR        folder of the outputs (default: the current one)\n"
    "  --stem NAME         outputs are NAME.h, NAME-types.c ... (default: the name of FILE)\n"
    "  --prefix P          put P in front of every C name\n"
    "  --blocking          only the stubs that wait for the answer: no _send(), _finish() and _reply()\n"
    "  --list-outputs      print the names of the outputs and make nothing\n"
    "  --check             only look for mistakes\n"
    "  --dump=json         print the checked tree\n"
    "\n"
    "What is read:\n"
    "  -I DIR              search DIR for included files\n"
    "  -D NAME[=VALUE]     define a macro        -U NAME   undefine it\n"
    "  -E                  only preprocess\n"
    "\n"
    "Dependencies, for make:\n"
    "  -M                  print them and make nothing\n"
    "  -MD                 write them beside the outputs, to -MF FILE or the header's name with .d\n"
    "  -MT TARGET          what depends on them (default: the outputs); may be repeated\n"
    "  -MP                 add an empty rule for every included file\n"
    "\n"
    "Messages:\n"
    "  --max-errors N      stop after N errors (default 100; 0: never)\n"
    "  --werror            warnings are errors\n"
    "  --diagnostics=text|json\n"
    "  --color=auto|always|never\n"
    "  --help --version\n"
    "\n"
    "Exit status: 0 done, 1 mistakes in the IDL, 2 wrong usage, or a file cannot be read or written.\n";

void options_print_help(FILE *stream)
{
    fputs(help, stream);
}

static bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool complain(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("idlgen: ", stderr);
    vfprintf(stderr, format, ap);
    fputs("; idlgen --help lists the options\n", stderr);
    va_end(ap);
    return false;
}

typedef struct reader {
    options *o;
    char **argv;
    int argc, at;
    const char *color;
    bool explicit_parts;
} reader;

/* "-Idir", "-I dir", "--outdir=dir", "--outdir dir": the value, or NULL when the argument is not this option.
 */
static bool match(reader *r, const char *name, const char **ret_value)
{
    const char *arg = r->argv[r->at];
    size_t len = strlen(name);
    if (strncmp(arg, name, len) != 0)
        return false;
    bool is_long = name[1] == '-';
    if (arg[len] == '\0') {
        *ret_value = r->at + 1 < r->argc ? r->argv[++r->at] : NULL;
        return true;
    }
    if (is_long && arg[len] != '=')
        return false;
    *ret_value = arg + len + is_long;
    return true;
}

static bool read_part(reader *r, const char *arg)
{
    static const struct {
        const char *name;
        emit_part part;
    } parts[] = { { "--header", EMIT_HEADER }, { "--types", EMIT_TYPES }, { "--client", EMIT_CLIENT },
                  { "--server", EMIT_SERVER }, { "--module", EMIT_MODULE }, { "--impl", EMIT_IMPL },
                  { "--markdown", EMIT_MARKDOWN }, { "--html", EMIT_HTML },
                  { "--python", EMIT_PYTHON } };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(arg, parts[i].name) != 0)
            continue;
        r->o->emit.parts |= (unsigned)parts[i].part;
        r->explicit_parts = true;
        return true;
    }
    return false;
}

static bool read_flag(reader *r, const char *arg)
{
    static const struct {
        const char *name;
        options_mode mode;
    } modes[] = { { "--check", MODE_CHECK }, { "-E", MODE_PREPROCESS }, { "-M", MODE_DEPENDENCIES },
                  { "--list-outputs", MODE_LIST }, { "--dump=json", MODE_DUMP }, { "--help", MODE_HELP },
                  { "-h", MODE_HELP }, { "--version", MODE_VERSION } };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(arg, modes[i].name) != 0)
            continue;
        r->o->mode = modes[i].mode;
        return true;
    }
    if (strcmp(arg, "-MD") == 0)
        r->o->depfile = true;
    else if (strcmp(arg, "-MP") == 0)
        r->o->phony = true;
    else if (strcmp(arg, "--blocking") == 0)
        r->o->emit.blocking_only = true;
    else if (strcmp(arg, "--werror") == 0)
        r->o->style.werror = true;
    else if (strcmp(arg, "--diagnostics=json") == 0 || strcmp(arg, "--diagnostics=text") == 0)
        r->o->style.json = arg[14] == 'j';
    else
        return read_part(r, arg);
    return true;
}

static bool read_max_errors(options *o, const char *value)
{
    char *end = NULL;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end)
        return complain("--max-errors takes a number, not '%s'", value);
    o->front.max_errors = number ? number : SIZE_MAX;
    return true;
}

/* Options with a value; *ret_known is false when it is none of them. */
static bool read_valued(reader *r, bool *ret_known)
{
    static const char *const names[] = { "-I",       "-D",     "-U",       "-MF",          "-MT",    "-o",
                                         "--outdir", "--stem", "--prefix", "--max-errors", "--color" };
    options *o = r->o;
    const char *value = NULL;
    size_t i = 0;
    while (i < sizeof names / sizeof names[0] && !match(r, names[i], &value))
        i++;
    *ret_known = i < sizeof names / sizeof names[0];
    if (!*ret_known)
        return true;
    if (!value)
        return complain("%s needs a value", names[i]);
    switch (i) {
    case 0: o->include_dirs[o->front.include_dir_count++] = value; break;
    case 1: o->defines[o->front.define_count++] = (front_define){ false, value }; break;
    case 2: o->defines[o->front.define_count++] = (front_define){ true, value }; break;
    case 3: o->depfile_name = value; break;
    case 4: o->targets[o->target_count++] = value; break;
    case 5: o->output = value; break;
    case 6: o->emit.outdir = value; break;
    case 7: o->emit.stem = value; break;
    case 8: o->emit.prefix = value; break;
    case 9: return read_max_errors(o, value);
    default: r->color = value; break;
    }
    return true;
}

static bool read_file(reader *r, const char *arg)
{
    options *o = r->o;
    bool explain = r->at == 1 && strcmp(arg, "explain") == 0;
    if (explain)
        o->mode = MODE_EXPLAIN;
    else if (o->file)
        return complain("one file at a time: '%s' or '%s'", o->file, arg);
    else
        o->file = arg;
    return true;
}

static bool is_identifier(const char *text)
{
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return strspn(text, letters) == strlen(text) && !(text[0] >= '0' && text[0] <= '9');
}

static bool check(reader *r)
{
    options *o = r->o;
    bool needs_file = o->mode != MODE_HELP && o->mode != MODE_VERSION && o->mode != MODE_EXPLAIN;
    if (needs_file && !o->file)
        return complain("no input file");
    if (r->explicit_parts && (o->emit.parts & (o->emit.parts - 1)) && o->output && o->mode == MODE_GENERATE)
        return complain(
            "-o names one output, but several parts are asked for; --outdir chooses their folder");
    if (!r->explicit_parts && o->output && o->mode == MODE_GENERATE)
        return complain(
            "-o names one output: choose it with --header, --types, --client, --server, --module, --impl, "
            "--markdown, --html or --python");
    if (o->emit.prefix && !is_identifier(o->emit.prefix))
        return complain("--prefix '%s' cannot begin a name in C", o->emit.prefix);
    if (o->depfile_name && !o->depfile && o->mode != MODE_DEPENDENCIES)
        return complain("-MF goes with -MD or -M");
    if (!r->explicit_parts)
        o->emit.parts = EMIT_DEFAULT;
    if ((o->emit.parts & EMIT_PYTHON) && !o->output)
        o->emit.parts |= EMIT_PYTHON_ALL;
    if (o->output && o->mode == MODE_GENERATE)
        o->emit.output = o->output;
    if (!r->color || strcmp(r->color, "auto") == 0) {
        const char *term = getenv("TERM");
        o->style.color = isatty(STDERR_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
    } else if (strcmp(r->color, "always") == 0 || strcmp(r->color, "never") == 0) {
        o->style.color = r->color[0] == 'a';
    } else {
        return complain("--color takes auto, always or never, not '%s'", r->color);
    }
    return true;
}

bool options_read(options *o, int argc, char **argv)
{
    enum { MAX_ERRORS = 100 };
    *o = (options){ .front = { .max_errors = MAX_ERRORS } };
    size_t most = (size_t)argc + 1;
    o->include_dirs = calloc(most, sizeof *o->include_dirs);
    o->defines = calloc(most, sizeof *o->defines);
    o->targets = calloc(most, sizeof *o->targets);
    if (!o->include_dirs || !o->defines || !o->targets)
        return complain("out of memory");
    o->front.include_dirs = o->include_dirs;
    o->front.defines = o->defines;
    reader r = { .o = o, .argv = argv, .argc = argc, .at = 1 };
    bool only_files = false;
    for (; r.at < argc; r.at++) {
        const char *arg = argv[r.at];
        bool known = true;
        if (!only_files && strcmp(arg, "--") == 0)
            only_files = true;
        else if (only_files || arg[0] != '-' || arg[1] == '\0') {
            if (!read_file(&r, arg))
                return false;
        } else if (!read_flag(&r, arg)) {
            if (!read_valued(&r, &known))
                return false;
            if (!known)
                return complain("unknown option '%s'", arg);
        }
    }
    return check(&r);
}

void options_done(options *o)
{
    free(o->include_dirs);
    free(o->defines);
    free(o->targets);
}
