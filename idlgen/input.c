/* SPDX-License-Identifier: MIT */
/* Input of subcommands. */
#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "front/env.h"

static int complain(const args *a, const char *name, const char *what)
{
    fprintf(stderr, "idlgen %s: %s: %s\n", a->command, name, what);
    return TROUBLE;
}

int input_read(const args *a, const char *path, const char *name, buf *text)
{
    char block[8192];
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "rbe");
    if (!stream)
        return complain(a, name, strerror(errno));
    errno = 0;
    for (size_t got; text->len <= LIMIT_FILE && (got = fread(block, 1, sizeof block, stream)) > 0;)
        buf_append(text, block, got);
    int error = ferror(stream) ? errno : 0;
    if (!is_stdin)
        fclose(stream);
    if (error)
        return complain(a, name, strerror(error));
    if (!text->len)
        buf_append_str(text, "");
    if (buf_failed(text))
        return args_no_memory();
    return text->len > LIMIT_FILE ? complain(a, name, "a file has at most 16 MiB") : DONE;
}

front *input_front(const args *a, const char *name, const buf *text)
{
    front *f = front_new(&a->front);
    if (f)
        front_add_file(f, name, text->data ? text->data : "", text->len);
    return f;
}
