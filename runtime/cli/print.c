/* SPDX-License-Identifier: MIT */
/* What peers say, on a terminal. */
#include <stdio.h>

#include "cli/command.h"

void cli_print_safe(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool c1 = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0; /* U+009B begins an escape sequence, too */
        at += c1;
        if (c1 || *at < 0x20 || *at == 0x7F)
            printf("\\x%02X", (unsigned)*at);
        else
            putchar(*at);
    }
}
