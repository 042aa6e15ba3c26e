/* SPDX-License-Identifier: MIT */
/* The command lines of subcommands. */
#include "args.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ERRORS = 100 };

bool args_color(const args *a, int fd)
{
    const char *term = getenv("TERM");
    if (strcmp(a->color, "auto") != 0)
        return strcmp(a->color, "always") == 0;
    return isatty(fd) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

static void set_color(args *a, const char *when)
{
    a->color = when;
    a->style.color = args_color(a, STDERR_FILENO);
}

void args_init(args *a, const char *command, int argc, char **argv)
{
    size_t most = (size_t)argc + 1;
    *a = (args){ .command = command, .argv = argv, .argc = argc, .at = 1 };
    a->front.max_errors = MAX_ERRORS;
    set_color(a, "auto");
    a->files = calloc(most, sizeof *a->files);
    a->include_dirs = calloc(most, sizeof *a->include_dirs);
    a->defines = calloc(most, sizeof *a->defines);
    a->front.include_dirs = a->include_dirs;
    a->front.defines = a->defines;
    if (!a->files || !a->include_dirs || !a->defines) {
        args_no_memory();
        a->failed = true;
    }
}

void args_done(args *a)
{
    free(a->files);
    free(a->include_dirs);
    free(a->defines);
}

void args_complain(args *a, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fprintf(stderr, "idlgen %s: ", a->command);
    vfprintf(stderr, format, ap);
    fprintf(stderr, "; idlgen %s --help lists the options\n", a->command);
    va_end(ap);
    a->failed = true;
}

int args_no_memory(void)
{
    fputs("idlgen: out of memory\n", stderr);
    return TROUBLE;
}

void args_unknown(args *a)
{
    if (!a->failed)
        args_complain(a, "unknown option '%s'", a->argv[a->at]);
}

bool args_value(args *a, const char *name, const char **ret_value)
{
    const char *arg = a->argv[a->at];
    size_t len = strlen(name);
    bool is_long = name[1] == '-';
    if (a->failed || strncmp(arg, name, len) != 0 || (arg[len] && is_long && arg[len] != '='))
        return false;
    if (arg[len]) {
        *ret_value = arg + len + is_long;
        return true;
    }
    if (a->at + 1 >= a->argc) {
        args_complain(a, "%s needs a value", name);
        return false;
    }
    *ret_value = a->argv[++a->at];
    return true;
}

static void read_max_errors(args *a, const char *value)
{
    char *end = NULL;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end)
        args_complain(a, "--max-errors takes a number, not '%s'", value);
    a->front.max_errors = number ? number : SIZE_MAX;
}

static bool is_one_of(const char *text, const char *one, const char *two, const char *three)
{
    return strcmp(text, one) == 0 || strcmp(text, two) == 0 || (three && strcmp(text, three) == 0);
}

/* Takes a common option; false when it is none. */
static bool take_common(args *a)
{
    const char *arg = a->argv[a->at], *value = NULL;
    if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
        a->help = true;
    else if (strcmp(arg, "--werror") == 0)
        a->style.werror = true;
    else if (args_value(a, "-I", &value))
        a->include_dirs[a->front.include_dir_count++] = value;
    else if (args_value(a, "-D", &value))
        a->defines[a->front.define_count++] = (front_define){ false, value };
    else if (args_value(a, "-U", &value))
        a->defines[a->front.define_count++] = (front_define){ true, value };
    else if (args_value(a, "--max-errors", &value))
        read_max_errors(a, value);
    else if (args_value(a, "--diagnostics", &value) && is_one_of(value, "text", "json", NULL))
        a->style.json = value[0] == 'j';
    else if (!value && args_value(a, "--color", &value) && is_one_of(value, "auto", "always", "never"))
        set_color(a, value);
    else if (value)
        args_complain(a, "'%s' is not what that option takes", value);
    else
        return false;
    return true;
}

const char *args_next(args *a)
{
    while (!a->failed && !a->help && ++a->at < a->argc) {
        const char *arg = a->argv[a->at];
        if (a->only_files || arg[0] != '-' || arg[1] == '\0')
            a->files[a->file_count++] = arg;
        else if (strcmp(arg, "--") == 0)
            a->only_files = true;
        else if (!take_common(a))
            return a->failed ? NULL : arg;
    }
    return NULL;
}
