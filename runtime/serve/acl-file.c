/* SPDX-License-Identifier: MIT */
/* Access lists: reading them from files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "serve/acl.h"

enum { WORDS_MOST = 1024, LINE_MOST = 65536 };

typedef struct reading {
    jrpc_acl *acl;
    const char *path;
    unsigned line;
    char *text; /* of the line, as it was written */
    char *words[WORDS_MOST];
    size_t count;
    jrpc_error *error;
} reading;

static jrpc_status wrong(reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static jrpc_status wrong(reading *r, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    return jrpc_error_set(r->error, JRPC_E_INVALID, "%s:%u: %s", r->path, r->line,
                          buf_failed(&text) ? "wrong" : text.data);
}

static jrpc_status charge(reading *r, size_t parts)
{
    r->acl->parts += parts;
    return r->acl->parts <= ACL_PARTS_MOST ? JRPC_OK
                                           : wrong(r, "more than %d callers and methods in one list", ACL_PARTS_MOST);
}

/* Room for one more; NULL without memory. */
static void *grow(void *items, size_t len, size_t size)
{
    return len & (len - 1) ? items : realloc(items, (len ? len * 2 : 1) * size);
}

#define GROW(items, len) \
    (__extension__({ \
        void *grown_ = grow((items), (len), sizeof *(items)); \
        if (grown_) \
            (items) = grown_; \
        grown_ != NULL; \
    }))

/* ---- words ---- */

/* Cuts the next word out of *at; NULL at the end of the line. A # inside a word belongs to it. */
static char *next_word(reading *r, char **at, jrpc_status *status)
{
    char *word = *at + strspn(*at, " \t\r\n");
    if (!*word || *word == '#')
        return NULL;
    bool quoted = *word == '"';
    char *end = quoted ? strchr(++word, '"') : word + strcspn(word, " \t\r\n");
    if (!end) {
        *status = wrong(r, "a quotation mark is missing");
        return NULL;
    }
    if (quoted && end[1] && !strchr(" \t\r\n", end[1])) {
        *status = wrong(r, "a blank is missing after the closing quotation mark");
        return NULL;
    }
    *at = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static jrpc_status split(reading *r, char *line)
{
    jrpc_status status = JRPC_OK;
    r->count = 0;
    for (char *word; (word = next_word(r, &line, &status));) {
        if (r->count == WORDS_MOST)
            return wrong(r, "more than %d words in a line", WORDS_MOST);
        if (!*word)
            return wrong(r, "an empty word");
        r->words[r->count++] = word;
    }
    return status;
}

/* ---- groups ---- */

static acl_group *find_group(const jrpc_acl *acl, const char *name)
{
    for (size_t i = 0; i < acl->group_count; i++) {
        if (strcmp(acl->groups[i]->name, name) == 0)
            return acl->groups[i];
    }
    return NULL;
}

static jrpc_status parse_pattern(reading *r, const char *word, jid_pattern *ret_pattern)
{
    const char *why = NULL;
    jrpc_status status = jid_pattern_parse(word, ret_pattern, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(r->error);
    return status == JRPC_OK ? status
                             : wrong(r, "\"%s\" is not a caller's address or pattern: %s", word, why ? why : "unreadable");
}

static jrpc_status add_member(reading *r, acl_group *group, const char *word)
{
    jid_pattern member;
    jrpc_status status = charge(r, 1);
    if (status == JRPC_OK)
        status = parse_pattern(r, word, &member);
    if (status != JRPC_OK)
        return status;
    if (!GROW(group->members, group->len)) {
        jid_pattern_done(&member);
        return error_nomem(r->error);
    }
    group->members[group->len++] = member;
    return JRPC_OK;
}

/* The members of an earlier group: their text is its own pattern once more. */
static jrpc_status add_members(reading *r, acl_group *group, const char *name)
{
    const acl_group *other = find_group(r->acl, name);
    if (!other || other == group)
        return wrong(r, "there is no group \"%s\" before this line", name);
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; i < other->len && status == JRPC_OK; i++)
        status = add_member(r, group, other->members[i].everybody ? "*" : other->members[i].parts.full);
    return status;
}

static jrpc_status new_group(reading *r, const char *name, acl_group **ret_group)
{
    jrpc_acl *acl = r->acl;
    if (find_group(acl, name))
        return wrong(r, "there is a group \"%s\" already", name);
    acl_group *group = calloc(1, sizeof *group);
    if (group)
        group->name = strdup(name);
    if (!group || !group->name || !GROW(acl->groups, acl->group_count)) {
        if (group)
            free(group->name);
        free(group);
        return error_nomem(r->error);
    }
    acl->groups[acl->group_count++] = group;
    *ret_group = group;
    return JRPC_OK;
}

/* group NAME = WHO... */
static jrpc_status parse_group(reading *r)
{
    if (r->count < 4 || strcmp(r->words[2], "=") != 0)
        return wrong(r, "expected: group NAME = CALLER...");
    acl_group *group = NULL;
    jrpc_status status = new_group(r, r->words[1], &group);
    for (size_t i = 3; i < r->count && status == JRPC_OK; i++) {
        const char *word = r->words[i];
        status = *word == '@' ? add_members(r, group, word + 1) : add_member(r, group, word);
    }
    return status;
}

/* ---- rules ---- */

static jrpc_status add_method(reading *r, acl_rule *rule, const char *word)
{
    const char *star = strchr(word, '*');
    if (star && (star[1] || *word == '@'))
        return wrong(r, "\"%s\": * stands at the end of a method's name only, for all that begin so", word);
    if (strcmp(word, "@") == 0)
        return wrong(r, "@ needs the name of a tag, as in the IDL's @acl(\"tag\")");
    size_t len = strlen(word);
    if (word[len - 1] == ',')
        return wrong(r, "\"%s\": names are separated by blanks, not by commas", word);
    if (!utf8_is_xml_text(word, len, NULL, NULL))
        return wrong(r, "a method's name that is not text");
    char *copy = strdup(word);
    if (!copy || !GROW(rule->methods, rule->method_count)) {
        free(copy);
        return error_nomem(r->error);
    }
    rule->methods[rule->method_count++] = copy;
    return charge(r, 1);
}

static jrpc_status fill_rule(reading *r, acl_rule *rule)
{
    const char *who = r->words[1];
    jrpc_status status = JRPC_OK;
    if (*who != '@')
        status = parse_pattern(r, who, &rule->who);
    else if (!(rule->group = find_group(r->acl, who + 1)))
        status = wrong(r, "there is no group \"%s\" before this line", who + 1);
    for (size_t i = 2; i < r->count && status == JRPC_OK; i++)
        status = add_method(r, rule, r->words[i]);
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "%s:%u: %s", r->path, r->line, r->text);
    if (status == JRPC_OK && !(rule->text = buf_take(&text)))
        status = error_nomem(r->error);
    return status;
}

/* allow|deny WHO METHOD... */
static jrpc_status parse_rule(reading *r, bool allow)
{
    if (r->count < 3)
        return wrong(r, "expected: %s CALLER METHOD...", allow ? "allow" : "deny");
    acl_rule rule = { .allow = allow };
    jrpc_status status = charge(r, 1);
    if (status == JRPC_OK)
        status = fill_rule(r, &rule);
    if (status == JRPC_OK && !GROW(r->acl->rules, r->acl->rule_count))
        status = error_nomem(r->error);
    if (status != JRPC_OK) {
        acl_rule_done(&rule);
        return status;
    }
    r->acl->rules[r->acl->rule_count++] = rule;
    return JRPC_OK;
}

/* ---- lines ---- */

static jrpc_status parse_words(reading *r)
{
    if (r->count == 0)
        return JRPC_OK;
    const char *verb = r->words[0];
    if (strcmp(verb, "group") == 0)
        return parse_group(r);
    if (strcmp(verb, "allow") == 0 || strcmp(verb, "deny") == 0)
        return parse_rule(r, *verb == 'a');
    return wrong(r, "\"%s\": expected allow, deny or group", verb);
}

/* Without what is at both ends: blanks, and the line's end. */
static char *dup_trimmed(const char *line)
{
    line += strspn(line, " \t");
    size_t len = strlen(line);
    while (len && strchr(" \t\r\n", line[len - 1]))
        len--;
    return strndup(line, len);
}

static jrpc_status parse_line(reading *r, char *line, size_t len)
{
    if (len > LINE_MOST || memchr(line, '\0', len) || !utf8_is_xml_text(line, len, NULL, NULL))
        return wrong(r, len > LINE_MOST ? "a line of more than 65536 bytes" : "not text in UTF-8");
    r->text = dup_trimmed(line);
    jrpc_status status = r->text ? split(r, line) : error_nomem(r->error);
    if (status == JRPC_OK)
        status = parse_words(r);
    free(r->text);
    return status;
}

static jrpc_status parse_file(FILE *file, reading *r)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    jrpc_status status = JRPC_OK;
    while (status == JRPC_OK && (len = getline(&line, &room, file)) >= 0) {
        r->line++;
        status = parse_line(r, line, (size_t)len);
    }
    if (status == JRPC_OK && ferror(file))
        status = jrpc_error_set(r->error, JRPC_E_IO, "%s: %s", r->path, strerror(errno));
    free(line);
    return status;
}

jrpc_status jrpc_acl_read(const char *path, jrpc_acl **ret_acl, jrpc_error *error)
{
    if (!path || !ret_acl)
        return jrpc_error_set(error, JRPC_E_INVALID, "no file named, or nowhere to put the list");
    FILE *file = fopen(path, "re");
    if (!file)
        return jrpc_error_set(error, JRPC_E_IO, "%s: %s", path, strerror(errno));
    reading *r = calloc(1, sizeof *r);
    jrpc_acl *acl = calloc(1, sizeof *acl);
    jrpc_status status = r && acl ? JRPC_OK : error_nomem(error);
    if (status == JRPC_OK) {
        r->acl = acl;
        r->path = path;
        r->error = error;
        status = parse_file(file, r);
    }
    free(r);
    fclose(file);
    if (status != JRPC_OK)
        jrpc_acl_free(acl);
    else
        *ret_acl = acl;
    return status;
}
