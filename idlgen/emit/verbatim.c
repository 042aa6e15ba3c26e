/* SPDX-License-Identifier: MIT */
/* @verbatim: the author's own lines in the header. */
#include "emit/verbatim.h"

#include <string.h>

static bool is_for_c(const ast_verbatim *v)
{
    return strcmp(v->language, "c") == 0 || strcmp(v->language, "*") == 0;
}

static void put_lines(buf *out, const char *indent, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        buf_append_str(out, len ? indent : "");
        buf_append(out, text, len);
        buf_append_char(out, '\n');
        text += len + (text[len] == '\n');
    }
}

void verbatim_put(buf *out, const char *indent, const ast_node *node, ast_placement placement)
{
    for (const ast_verbatim *v = node->notes->verbatim; v; v = v->next)
        if (v->placement == placement && is_for_c(v))
            put_lines(out, indent, v->text);
}

static void each(buf *out, const ast_list *list, ast_placement placement)
{
    for (size_t i = 0; i < list->len; i++)
        verbatim_put(out, "", list->at[i], placement);
}

void verbatim_file(buf *out, const ast_list *definitions, ast_placement placement)
{
    for (size_t i = 0; i < definitions->len; i++) {
        const ast_node *node = definitions->at[i];
        const ast_list *parts = ast_node_parts(node);
        if (node->include)
            continue;
        verbatim_put(out, "", node, placement);
        if (node->kind == AST_MODULE)
            verbatim_file(out, &node->module.definitions, placement);
        else if (node->kind == AST_INTERFACE)
            verbatim_file(out, &node->interface.body, placement);
        else if (parts)
            each(out, parts, placement);
    }
}
