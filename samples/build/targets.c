/* SPDX-License-Identifier: MIT */
/* The targets that a build file declares. */
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 20 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool is_name(const char *text, size_t len)
{
    return len > 0 && len <= 64 && strchr(LETTERS, text[0]) && strspn(text, LETTERS "_.-") >= len;
}

/* False without room or memory. A name that is declared twice counts once, and one that is none is left out. */
static bool add(targets *t, const char *name, size_t name_len, const char *help, size_t help_len)
{
    if (!is_name(name, name_len))
        return true;
    for (size_t i = 0; i < t->count; i++)
        if (strlen(t->list[i].name) == name_len && memcmp(t->list[i].name, name, name_len) == 0)
            return true;
    if (t->count == TARGETS_MOST)
        return false;
    target made = { strndup(name, name_len), strndup(help, help_len) };
    if (!made.name || !made.help) {
        free(made.name);
        free(made.help);
        return false;
    }
    t->list[t->count++] = made;
    return true;
}

/* ---- make ---- */

/* "one two: three ## help"; no variables ("a := b"), no patterns. */
static bool read_rule(targets *t, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len), *end = line + len;
    if (!colon || (colon + 1 < end && colon[1] == '=') || memchr(line, '=', (size_t)(colon - line)))
        return true;
    const char *mark = memmem(colon, (size_t)(end - colon), "##", 2);
    const char *help = mark ? mark + 2 : end;
    while (help < end && *help == ' ')
        help++;
    for (const char *at = line; at < colon;) {
        size_t name_len = strcspn(at, " \t:");
        if (!add(t, at, name_len, help, (size_t)(end - help)))
            return false;
        at += name_len + strspn(at + name_len, " \t");
    }
    return true;
}

/* The line's first word, behind those that may stand before "define". */
static bool begins_with(const char *line, const char *word)
{
    static const char *const before[] = { "override", "export", "unexport", "private" };
    for (size_t i = 0; i < sizeof before / sizeof before[0];) {
        line += strspn(line, " ");
        size_t len = strlen(before[i]);
        bool skipped = strncmp(line, before[i], len) == 0 && line[len] == ' ';
        line += skipped ? len : 0;
        i = skipped ? 0 : i + 1;
    }
    size_t len = strlen(word);
    return strncmp(line, word, len) == 0 && strchr(" \t\r\n", line[len]);
}

/* make takes these words for its own even where a colon follows: "ifeq ($(OS),a:b)". */
static bool is_directive(const char *line)
{
    static const char *const words[] = { "ifeq", "ifneq", "ifdef", "ifndef", "else", "include", "sinclude", "vpath" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (begins_with(line, words[i]))
            return true;
    return false;
}

/* What stands in a variable of several lines, or in the continuation of a line, is no rule. */
static bool read_makefile(targets *t, const char *text)
{
    unsigned inside = 0; /* of so many "define"s */
    bool continues = false;
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool is_recipe = *text == '\t';
        if (!continues && !is_recipe && begins_with(text, "define"))
            inside++;
        else if (!continues && !is_recipe && inside && begins_with(text, "endef"))
            inside--;
        else if (!continues && !inside && strchr(LETTERS, *text) && !is_directive(text) && !read_rule(t, text, len))
            return false;
        continues = len && text[len - 1] == '\\';
        text += len + (text[len] == '\n');
    }
    return true;
}

/* ---- Ant ---- */

/* The value of an attribute inside a start tag; NULL when it is not there. */
static const char *attribute(const char *tag, const char *tag_end, const char *name, size_t *ret_len)
{
    size_t name_len = strlen(name);
    for (const char *at = tag; at && at < tag_end; at = strpbrk(at, " \t\r\n")) {
        at += strspn(at, " \t\r\n");
        if (strncmp(at, name, name_len) != 0 || at[name_len] != '=' || !strchr("'\"", at[name_len + 1]))
            continue;
        const char *value = at + name_len + 2, *end = strchr(value, value[-1]);
        if (!end || end > tag_end)
            return NULL;
        *ret_len = (size_t)(end - value);
        return value;
    }
    return NULL;
}

static bool read_target(targets *t, const char *tag, const char *tag_end)
{
    size_t name_len = 0, help_len = 0;
    const char *name = attribute(tag, tag_end, "name", &name_len);
    const char *help = attribute(tag, tag_end, "description", &help_len);
    return !name || add(t, name, name_len, help ? help : "", help_len);
}

/* Start tags of targets outside of comments: enough to know what may be asked for. Ant itself reads the file properly. */
static bool read_build_xml(targets *t, const char *text)
{
    while ((text = strchr(text, '<'))) {
        const char *end = strncmp(text, "<!--", 4) == 0 ? strstr(text, "-->") : strchr(text, '>');
        if (!end)
            return true;
        if (strncmp(text, "<target", 7) == 0 && strchr(" \t\r\n", text[7]) && !read_target(t, text + 7, end))
            return false;
        text = end;
    }
    return true;
}

/* ---- both ---- */

/* A heap string; NULL when it cannot be read or is too large. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = file ? malloc(FILE_MOST + 1) : NULL;
    size_t len = text ? fread(text, 1, FILE_MOST + 1, file) : 0;
    if (text && (len > FILE_MOST || ferror(file))) {
        free(text);
        text = NULL;
    }
    if (text)
        text[len] = '\0';
    if (file)
        fclose(file);
    return text;
}

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

bool targets_read(targets *t, const char *path, const char **ret_why)
{
    memset(t, 0, sizeof *t);
    t->file = realpath(path, NULL);
    t->is_ant = ends_in(path, ".xml");
    char *text = t->file ? read_file(t->file) : NULL;
    bool fine = text && (t->is_ant ? read_build_xml(t, text) : read_makefile(t, text));
    *ret_why = !text ? "it cannot be read, or is larger than 1 MiB"
               : !fine ? "it declares more than 256 targets, or there is no memory"
                       : "it declares no target";
    free(text);
    if (fine && t->count)
        return true;
    targets_done(t);
    return false;
}

void targets_done(targets *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free(t->list[i].name);
        free(t->list[i].help);
    }
    free(t->file);
    memset(t, 0, sizeof *t);
}

const target *targets_find(const targets *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->list[i].name, name) == 0)
            return &t->list[i];
    return NULL;
}
