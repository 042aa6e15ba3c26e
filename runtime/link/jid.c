/* SPDX-License-Identifier: MIT */
/* Jabber addresses. */
#include "link/jid.h"

#include <stdlib.h>
#include <string.h>
#include <stringprep.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { PART_MAX = 1023, TEXT_MAX = 3 * PART_MAX + 2 };

typedef enum part_kind { PART_NODE, PART_DOMAIN, PART_RESOURCE } part_kind;

/* A part while it is prepared: stringprep works in place and may make text longer. */
typedef struct part {
    bool there;
    size_t len;
    char text[PART_MAX + 1];
} part;

typedef struct parts {
    part node, domain, resource;
} parts;

/* What each profile does to one ASCII character: the character it becomes, or 0 when it is prohibited. */
static char prepare_ascii(part_kind kind, char c)
{
    if (c < 0x20 || c == 0x7F)
        return 0;
    if (kind == PART_RESOURCE)
        return c;
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    /* Domains: host names and address literals; nameprep alone would let quotes and angle brackets through.
     */
    if (kind == PART_DOMAIN)
        return strchr("-._:[]", c) ? c : 0;
    return strchr(" \"&'/:<>@", c) ? 0 : c;
}

/* True when the whole part is ASCII and is prepared now. */
static bool prepare_fast(part_kind kind, part *p, bool *ret_ascii)
{
    *ret_ascii = true;
    for (size_t i = 0; i < p->len; i++)
        if ((unsigned char)p->text[i] >= 0x80) {
            *ret_ascii = false;
            return false;
        }
    for (size_t i = 0; i < p->len; i++) {
        char c = prepare_ascii(kind, p->text[i]);
        if (!c)
            return false;
        p->text[i] = c;
    }
    return true;
}

static const Stringprep_profile *profile_of(part_kind kind)
{
    switch (kind) {
    case PART_NODE:
        return stringprep_xmpp_nodeprep;
    case PART_DOMAIN:
        return stringprep_nameprep;
    default:
        return stringprep_xmpp_resourceprep;
    }
}

/* Compatibility forms may have become ASCII that has a meaning in a domain: they are looked at once more. */
static bool domain_is_clean(const part *p)
{
    for (size_t i = 0; i < p->len; i++)
        if ((unsigned char)p->text[i] < 0x80 && !prepare_ascii(PART_DOMAIN, p->text[i]))
            return false;
    return p->len > 0 && p->text[0] != '.' && p->text[p->len - 1] != '.' && !strstr(p->text, "..");
}

static const char *const bad_part[] = {
    "the node (before the @) has a character that is not allowed there",
    "the domain has a character that is not allowed there",
    "the resource (after the /) has a character that is not allowed there",
};

static jrpc_status prepare(part_kind kind, part *p, const char **ret_why)
{
    bool ascii = false;
    if (!prepare_fast(kind, p, &ascii)) {
        int rc =
            ascii ? STRINGPREP_CONTAINS_PROHIBITED : stringprep(p->text, sizeof p->text, 0, profile_of(kind));
        if (rc == STRINGPREP_MALLOC_ERROR)
            return JRPC_E_NOMEM;
        if (rc != STRINGPREP_OK) {
            *ret_why =
                rc == STRINGPREP_TOO_SMALL_BUFFER ? "a part is longer than 1023 bytes" : bad_part[kind];
            return JRPC_E_INVALID;
        }
        p->len = strlen(p->text);
    }
    if (p->len == 0) {
        *ret_why = "a part has nothing left once prepared";
        return JRPC_E_INVALID;
    }
    if (kind == PART_DOMAIN && !domain_is_clean(p)) {
        *ret_why = bad_part[kind];
        return JRPC_E_INVALID;
    }
    return JRPC_OK;
}

static jrpc_status set_part(part *p, const char *text, size_t len, const char **ret_why)
{
    if (len == 0 || len > PART_MAX) {
        *ret_why = len ? "a part is longer than 1023 bytes" : "a part is empty";
        return JRPC_E_INVALID;
    }
    memcpy(p->text, text, len);
    p->text[len] = '\0';
    p->len = len;
    p->there = true;
    return JRPC_OK;
}

/* Cuts where RFC 7622 says: the first slash begins the resource, the first @ before it ends the node. */
static jrpc_status split(const char *text, parts *ret_parts, const char **ret_why)
{
    size_t len = strnlen(text, TEXT_MAX + 1);
    if (len == 0 || len > TEXT_MAX) {
        *ret_why = len ? "it is too long" : "it is empty";
        return JRPC_E_INVALID;
    }
    if (!utf8_is_xml_text(text, len, NULL, NULL)) {
        *ret_why = "it is not valid UTF-8 text";
        return JRPC_E_INVALID;
    }
    jrpc_status status = JRPC_OK;
    const char *end = text + len, *slash = memchr(text, '/', len);
    const char *domain_end = slash ? slash : end, *at = memchr(text, '@', (size_t)(domain_end - text));
    const char *domain = at ? at + 1 : text;
    if (domain_end - domain > 1 && domain_end[-1] == '.')
        domain_end--; /* a final dot says only that the name is complete */
    ret_parts->node.there = ret_parts->resource.there = false;
    if (at)
        status = set_part(&ret_parts->node, text, (size_t)(at - text), ret_why);
    if (status == JRPC_OK)
        status = set_part(&ret_parts->domain, domain, (size_t)(domain_end - domain), ret_why);
    if (status == JRPC_OK && slash)
        status = set_part(&ret_parts->resource, slash + 1, (size_t)(end - slash - 1), ret_why);
    return status;
}

static char *put(char **at, const part *a, char separator, const part *b)
{
    char *start = *at, *p = start;
    if (a && a->there) {
        memcpy(p, a->text, a->len);
        p += a->len;
    }
    if (separator)
        *p++ = separator;
    if (b) {
        memcpy(p, b->text, b->len);
        p += b->len;
    }
    *p++ = '\0';
    *at = p;
    return start;
}

/* One block: full, then bare, node, domain, resource, each with its NUL. */
static jrpc_status assemble(const parts *in, jid *ret_jid)
{
    size_t node = in->node.there ? in->node.len : 0, resource = in->resource.there ? in->resource.len : 0;
    size_t bare = node + 1 + in->domain.len + 1;
    char *block = malloc(bare + 1 + resource + bare + node + 1 + in->domain.len + 1 + resource + 1);
    if (!block)
        return JRPC_E_NOMEM;
    char *at = block;
    ret_jid->full = put(&at, &in->node, in->node.there ? '@' : 0, &in->domain);
    if (in->resource.there) {
        at--;
        put(&at, NULL, '/', &in->resource);
    }
    ret_jid->bare = put(&at, &in->node, in->node.there ? '@' : 0, &in->domain);
    ret_jid->node = in->node.there ? put(&at, &in->node, 0, NULL) : NULL;
    ret_jid->domain = put(&at, NULL, 0, &in->domain);
    ret_jid->resource = in->resource.there ? put(&at, NULL, 0, &in->resource) : NULL;
    return JRPC_OK;
}

static jrpc_status prepare_all(parts *p, const char **ret_why)
{
    jrpc_status status = JRPC_OK;
    if (p->node.there)
        status = prepare(PART_NODE, &p->node, ret_why);
    if (status == JRPC_OK)
        status = prepare(PART_DOMAIN, &p->domain, ret_why);
    if (status == JRPC_OK && p->resource.there)
        status = prepare(PART_RESOURCE, &p->resource, ret_why);
    return status;
}

jrpc_status jid_parse(const char *text, jid *ret_jid, const char **ret_why)
{
    parts p;
    const char *why = "out of memory";
    *ret_jid = (jid){ 0 };
    jrpc_status status = split(text, &p, &why);
    if (status == JRPC_OK)
        status = prepare_all(&p, &why);
    if (status == JRPC_OK)
        status = assemble(&p, ret_jid);
    if (status != JRPC_OK && ret_why)
        *ret_why = why;
    return status;
}

void jid_done(jid *j)
{
    free(j->full);
    *j = (jid){ 0 };
}

bool jid_same(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    AUTO(jid_done) jid x = { 0 };
    AUTO(jid_done) jid y = { 0 };
    return jid_parse(a, &x, NULL) == JRPC_OK && jid_parse(b, &y, NULL) == JRPC_OK &&
           strcmp(x.full, y.full) == 0;
}

/* ---- patterns ---- */

static bool is_star(const part *p)
{
    return p->there && p->len == 1 && p->text[0] == '*';
}

static jrpc_status prepare_pattern(part_kind kind, part *p, const char **ret_why)
{
    if (!p->there || is_star(p))
        return JRPC_OK;
    if (memchr(p->text, '*', p->len)) {
        *ret_why = "* stands for a whole part, not for some of its characters";
        return JRPC_E_INVALID;
    }
    return prepare(kind, p, ret_why);
}

jrpc_status jid_pattern_parse(const char *text, jid_pattern *ret_pattern, const char **ret_why)
{
    parts p;
    const char *why = "out of memory";
    *ret_pattern = (jid_pattern){ 0 };
    if (strcmp(text, "*") == 0) {
        ret_pattern->everybody = true;
        return JRPC_OK;
    }
    jrpc_status status = split(text, &p, &why);
    if (status == JRPC_OK)
        status = prepare_pattern(PART_NODE, &p.node, &why);
    if (status == JRPC_OK)
        status = prepare_pattern(PART_DOMAIN, &p.domain, &why);
    if (status == JRPC_OK)
        status = prepare_pattern(PART_RESOURCE, &p.resource, &why);
    if (status == JRPC_OK)
        status = assemble(&p, &ret_pattern->parts);
    if (status != JRPC_OK && ret_why)
        *ret_why = why;
    return status;
}

void jid_pattern_done(jid_pattern *pattern)
{
    jid_done(&pattern->parts);
    pattern->everybody = false;
}

static bool part_matches(const char *pattern, const char *text)
{
    return text && (strcmp(pattern, "*") == 0 || strcmp(pattern, text) == 0);
}

bool jid_pattern_matches(const jid_pattern *pattern, const jid *caller)
{
    if (!caller->domain)
        return false;
    if (pattern->everybody)
        return true;
    const jid *want = &pattern->parts;
    if (!want->domain || !part_matches(want->domain, caller->domain))
        return false;
    if (want->node ? !part_matches(want->node, caller->node) : caller->node != NULL)
        return false;
    return !want->resource || part_matches(want->resource, caller->resource);
}
