/* SPDX-License-Identifier: MIT */
/* `idlgen explain`. */
#include "explain.h"

#include <string.h>

const explain_page *explain_next(size_t *at)
{
    const explain_page *const lists[] = { explain_names, explain_types, explain_calls, explain_constants,
                                          explain_texts, explain_breaking_calls, explain_breaking_types,
                                          explain_lint };
    size_t index = (*at)++;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const explain_page *page = lists[i]; page->rule; page++) {
            if (index-- == 0)
                return page;
        }
    }
    return NULL;
}

const explain_page *explain_find(const char *rule)
{
    size_t at = 0;
    const explain_page *page = explain_next(&at);
    while (page && strcmp(page->rule, rule) != 0)
        page = explain_next(&at);
    return page;
}

static void print_indented(FILE *stream, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        fprintf(stream, "    %.*s\n", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

void explain_print(FILE *stream, const explain_page *page)
{
    fprintf(stream, "%s\n\n%s\n\nWrong:\n", page->rule, page->text);
    print_indented(stream, page->wrong);
    fputs("\nRight:\n", stream);
    print_indented(stream, page->right);
}

void explain_list(FILE *stream)
{
    size_t at = 0;
    for (const explain_page *page; (page = explain_next(&at)) != NULL;)
        fprintf(stream, "%s\n", page->rule);
}
