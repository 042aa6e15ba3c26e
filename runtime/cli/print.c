/* SPDX-License-Identifier: MIT */
/* What peers say, on a terminal. */
#include <stdio.h>
#include <stdlib.h>

#include "base/steering.h"
#include "cli/command.h"
#include "text/json.h"

static void write_safe(FILE *stream, const char *text)
{
    while (*text) {
        uint32_t c;
        size_t n = steering_at(text, &c);
        if (n)
            fprintf(stream, "\\u{%X}", (unsigned)c);
        else
            putc(*text, stream);
        text += n ? n : 1;
    }
}

void cli_print_safe(const char *text)
{
    write_safe(stdout, text);
}

char *cli_safe(const char *text)
{
    char *safe = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&safe, &len);
    if (!stream)
        return NULL;
    write_safe(stream, text);
    if (fclose(stream) == 0)
        return safe;
    free(safe);
    return NULL;
}

jrpc_status cli_print_json(const json_t *json, bool one_line, jrpc_error *error)
{
    char *text = json_to_text(json, one_line ? 0 : JSON_INDENT(2));
    if (!text)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    puts(text);
    free(text);
    return JRPC_OK;
}
