/* SPDX-License-Identifier: MIT */
/* The commands of doc comments. */
#include "emit/doc_comment.h"

#include <string.h>

#include "base/mem.h"

static const struct {
    const char *word;
    doc_part part;
} commands[] = { { "brief", DOC_TEXT },    { "short", DOC_TEXT },       { "param", DOC_PARAM },
                 { "return", DOC_RESULT }, { "returns", DOC_RESULT },   { "result", DOC_RESULT },
                 { "throw", DOC_RAISES },  { "throws", DOC_RAISES },    { "raise", DOC_RAISES },
                 { "raises", DOC_RAISES }, { "exception", DOC_RAISES }, { "retval", DOC_RESULT } };

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* "@param[in] rest": the rest, or NULL. */
static const char *read_command(const char *line, doc_part *ret_part)
{
    const char *at = skip_blanks(line);
    size_t len = *at == '@' || *at == '\\' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz") : 0;

    for (size_t i = 0; len && i < COUNT_OF(commands); i++) {
        const char *rest = at + 1 + len;
        if (strlen(commands[i].word) != len || strncmp(at + 1, commands[i].word, len) != 0)
            continue;
        if (commands[i].part == DOC_PARAM && *rest == '[')
            rest += strcspn(rest, "]") + (strchr(rest, ']') != NULL);
        if (*rest && !strchr(" \t:", *rest))
            return NULL;
        *ret_part = commands[i].part;
        return skip_blanks(rest + (*rest == ':'));
    }
    return NULL;
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

void doc_comment_line(gen *g, const ast_node *node, size_t at, doc_line *line)
{
    const char *text = node->doc[at], *rest = NULL;
    doc_part part = at && !is_blank(text) ? line->part : DOC_TEXT;
    const char *name = at && part == line->part ? line->name : "";

    rest = read_command(text, &part);
    if (rest)
        name = "";
    if (rest && (part == DOC_PARAM || part == DOC_RAISES)) {
        size_t len = strcspn(rest, " \t");
        const char *after = skip_blanks(rest + len);
        len -= len > 0 && strchr(":,", rest[len - 1]) != NULL;
        name = gen_text(g, "%.*s", (int)len, rest);
        rest = *after == '-' && (after[1] == ' ' || after[1] == '\t') ? skip_blanks(after + 1) : after;
    }
    *line = (doc_line){ part, name, rest ? rest : text, rest != NULL };
}

static bool is_named(const char *name, const char *wanted)
{
    size_t len = strlen(name), all = strlen(wanted);
    bool inner = all > len && strcmp(wanted + all - len, name) == 0 && wanted[all - len - 1] == ':';
    return strcmp(name, wanted) == 0 || (len && inner);
}

const char *doc_comment_of(page *p, const ast_node *node, doc_part part, const char *name)
{
    doc_line line = { 0 };
    const char *all = "";

    for (size_t i = 0; i < node->doc_len; i++) {
        doc_comment_line(p->g, node, i, &line);
        const char *text = page_text(p, skip_blanks(line.text));
        if (line.part == part && is_named(line.name, name) && *text)
            all = gen_join(p->g, all, *all ? " " : "", text);
    }
    return all;
}

static bool lists(const ast_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (is_named(name, list->at[i]->kind == AST_EXCEPTION ? list->at[i]->scoped : list->at[i]->name))
            return true;
    return false;
}

bool doc_comment_has_place(const ast_node *node, const doc_line *line)
{
    const ast_operation *o = node->kind == AST_OPERATION ? &node->operation : NULL;
    const ast_attribute *a = node->kind == AST_ATTRIBUTE ? &node->attribute : NULL;

    switch (line->part) {
    case DOC_PARAM: return o && lists(&o->params, line->name);
    case DOC_RESULT: return a || (o && o->result && o->result->kind != AST_TYPE_VOID);
    case DOC_RAISES:
        return (o && lists(&o->raises, line->name)) || (a && lists(&a->get_raises, line->name)) ||
               (a && lists(&a->set_raises, line->name));
    default: return false;
    }
}
