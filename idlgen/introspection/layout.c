/* SPDX-License-Identifier: MIT */
/* Where the methods go, and what they are called there. */
#include "introspection/layout.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* @wire_name takes as much; names in IDL are cut so that what is put behind them fits. */
enum { WIRE_NAME_MAX = 255, NAME_MAX_IN_IDL = 100 };

/* Branches of a name; the front end reads nesting of 200. */
enum { BRANCHES_MAX = 32 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char wire_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/";

static const char *text(layout *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static const char *text(layout *l, const char *format, ...)
{
    AUTO(buf_done) buf out = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&out, format, ap);
    va_end(ap);
    const char *kept = buf_failed(&out) ? NULL : arena_strndup(&l->memory, out.data ? out.data : "", out.len);
    if (!kept)
        l->failed = true;
    return kept ? kept : "";
}

/* Room for one more in an array of pointers on the heap. */
static bool grow(layout *l, void *array, size_t len, size_t *cap)
{
    void **pointers = NULL;
    memcpy(&pointers, array, sizeof pointers);
    if (len < *cap)
        return true;
    size_t want = *cap ? *cap * 2 : 8;
    void **more = realloc(pointers, want * sizeof *more);
    if (!more) {
        l->failed = true;
        return false;
    }
    memcpy(array, &more, sizeof more);
    *cap = want;
    return true;
}

/* ---- names ---- */

static const char *lower(layout *l, const char *name)
{
    char *copy = (char *)(uintptr_t)text(l, "%s", name);
    for (char *c = copy; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return copy;
}

/* What IDL takes for an identifier: letters, digits and '_', a letter first. */
static const char *identifier(layout *l, const char *part)
{
    char name[NAME_MAX_IN_IDL + 1];
    size_t len = 0;
    for (; *part && len < NAME_MAX_IN_IDL; part++) {
        bool plain = strchr(letters, *part) || (*part >= '0' && *part <= '9') || *part == '_';
        if ((unsigned char)*part < 0x80 || (unsigned char)*part >= 0xC0)
            name[len++] = plain ? *part : '_';
    }
    name[len] = '\0';
    return len && strchr(letters, name[0]) ? text(l, "%s", name) : text(l, "x%s%s", len && name[0] != '_' ? "_" : "", name);
}

static void put_number(layout *l, map *taken, const char *key, uintptr_t number)
{
    if (!map_put_str(taken, key, (void *)number))
        l->failed = true;
}

/*
 * Names differ from all others in more than case; the first that asks has it, others get a number. With each name is the
 * last number that it got, so that many of them do not take long.
 */
static const char *take_name(layout *l, map *taken, const char *wanted)
{
    const char *key = lower(l, wanted), *name = wanted, *name_key = key;
    uintptr_t number = (uintptr_t)map_get_str(taken, key);
    /* jrpc is where DateTime is: it must mean that everywhere. */
    if (number || strcmp(key, "jrpc") == 0) {
        number = number ? number : 1;
        do {
            name = text(l, "%s_%lu", wanted, (unsigned long)++number);
            name_key = lower(l, name);
        } while (!l->failed && map_get_str(taken, name_key));
        put_number(l, taken, key, number);
    }
    put_number(l, taken, name_key, 1);
    return name;
}

/* ---- branches ---- */

static branch *new_branch(layout *l, const char *part, const char *path)
{
    branch *b = arena_zalloc(&l->memory, sizeof *b);
    if (!b) {
        l->failed = true;
        return NULL;
    }
    b->part = part;
    b->path = path;
    b->next = l->all;
    l->all = b;
    return b;
}

static branch *branch_of(layout *l, branch *parent, const char *part, size_t len)
{
    branch *found = map_get(&parent->by_part, part, len);
    if (found)
        return found;
    const char *name = text(l, "%.*s", (int)len, part);
    found = new_branch(l, name, text(l, "%s%s%s", parent->path, *parent->path ? "." : "", name));
    if (!found || !grow(l, &parent->branches, parent->branch_count, &parent->branch_cap))
        return NULL;
    parent->branches[parent->branch_count++] = found;
    if (!map_put(&parent->by_part, part, len, found))
        l->failed = true;
    return found;
}

static void add_method(layout *l, branch *b, const described *d, const signature *way)
{
    const char *dot = strrchr(d->name, '.');
    placed *p = arena_zalloc(&l->memory, sizeof *p);
    if (!p || !grow(l, &b->methods, b->method_count, &b->method_cap)) {
        l->failed = true;
        return;
    }
    *p = (placed){ .method = d, .way = way, .name = identifier(l, dot ? dot + 1 : d->name) };
    b->methods[b->method_count++] = p;
}

/* The interface for the n-th way to call methods of this one. */
static branch *other_way(layout *l, branch *b, unsigned way)
{
    branch **at = &b->others;
    for (unsigned i = 1; i < way && *at; i++)
        at = &(*at)->others;
    if (!*at)
        *at = new_branch(l, b->part, b->path);
    if (*at)
        (*at)->way = way;
    return *at;
}

/* ---- ways to call ---- */

static const char *common(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0 ? a : "any";
}

/* All signatures with as many parameters as the first of them: where they differ, any type is taken. */
static const signature *merge(layout *l, const described *d, size_t first)
{
    const signature *from = &d->signatures[first];
    signature *merged = arena_zalloc(&l->memory, sizeof *merged);
    const char **params = arena_zalloc(&l->memory, (from->param_count + 1) * sizeof *params);
    if (!merged || !params) {
        l->failed = true;
        return NULL;
    }
    *merged = (signature){ from->result, params, from->param_count };
    for (size_t i = 0; i < from->param_count; i++)
        params[i] = from->params[i];
    for (size_t k = first + 1; k < d->signature_count; k++) {
        const signature *other = &d->signatures[k];
        if (other->param_count != from->param_count)
            continue;
        merged->result = common(merged->result, other->result);
        for (size_t i = 0; i < from->param_count; i++)
            params[i] = common(params[i], other->params[i]);
    }
    return merged;
}

static bool has_earlier(const described *d, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (d->signatures[i].param_count == d->signatures[index].param_count)
            return true;
    }
    return false;
}

static void place_ways(layout *l, branch *b, const described *d)
{
    unsigned way = 0;
    if (d->signature_count == 0)
        add_method(l, b, d, NULL);
    for (size_t i = 0; i < d->signature_count; i++) {
        if (has_earlier(d, i))
            continue;
        branch *target = way == 0 ? b : other_way(l, b, way);
        if (target)
            add_method(l, target, d, merge(l, d, i));
        way++;
    }
}

/* Of the interface jrpc::System. */
static bool is_builtin(const char *name)
{
    static const char *const names[] = { "system.listMethods", "system.methodHelp", "system.methodSignature",
                                         "system.getCapabilities" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static void place_method(layout *l, const described *d)
{
    branch *b = l->root;
    if (is_builtin(d->name)) {
        l->builtin = true;
        return;
    }
    if (strspn(d->name, wire_letters) != strlen(d->name) || strlen(d->name) > WIRE_NAME_MAX) {
        if (grow(l, &l->unnamable, l->unnamable_count, &l->unnamable_cap))
            l->unnamable[l->unnamable_count++] = d;
        return;
    }
    const char *dot, *part = d->name;
    /* The last branch takes all that is left. */
    for (int i = 1; b && (dot = i < BRANCHES_MAX ? strchr(part, '.') : strrchr(part, '.')) != NULL; part = dot + 1, i++)
        b = branch_of(l, b, part, (size_t)(dot - part));
    if (b)
        place_ways(l, b, d);
}

/* ---- names of all ---- */

/* The library has the names that begin so. */
static const char *outermost(layout *l, const char *name)
{
    bool ours = strncmp(name, "jrpc", 4) == 0 || strncmp(name, "JRPC", 4) == 0;
    return ours || strcmp(lower(l, name), "jrpc") == 0 ? text(l, "x_%s", name) : name;
}

static void name_methods(layout *l, branch *b)
{
    put_number(l, &b->methods_taken, lower(l, b->interface), 1);
    for (size_t i = 0; i < b->method_count; i++)
        b->methods[i]->name = take_name(l, &b->methods_taken, b->methods[i]->name);
}

static const char *c_name(layout *l, const branch *parent, const char *name)
{
    return parent->c_module ? text(l, "%s_%s", parent->c_module, name) : name;
}

static void name_interfaces(layout *l, branch *parent, branch *b, const char *wanted)
{
    if (b->method_count) {
        b->interface = take_name(l, &parent->names, b->module ? text(l, "%s_methods", wanted) : wanted);
        b->c_interface = c_name(l, parent, b->interface);
        name_methods(l, b);
    }
    for (branch *other = b->others; other; other = other->others) {
        other->interface = take_name(l, &parent->names, text(l, "%s_way", wanted));
        other->c_interface = c_name(l, parent, other->interface);
        name_methods(l, other);
    }
}

static void name_branch(layout *l, branch *parent, branch *b)
{
    const char *wanted = identifier(l, b->part);
    if (parent == l->root)
        wanted = outermost(l, wanted);
    if (b->branch_count) {
        b->module = take_name(l, &parent->names, wanted);
        b->c_module = c_name(l, parent, b->module);
        put_number(l, &b->names, lower(l, b->module), 1);
    }
    name_interfaces(l, parent, b, wanted);
}

/* At most BRANCHES_MAX deep. */
static void name_all(layout *l, branch *b)
{
    for (size_t i = 0; i < b->branch_count; i++)
        name_branch(l, b, b->branches[i]);
    for (size_t i = 0; i < b->branch_count; i++)
        name_all(l, b->branches[i]);
}

bool layout_make(layout *l, const methods *m, const char *bare)
{
    *l = (layout){ .memory = ARENA_INIT(0) };
    l->root = new_branch(l, "", "");
    for (size_t i = 0; l->root && i < m->len; i++)
        place_method(l, &m->at[i]);
    if (!l->root)
        return false;
    name_interfaces(l, l->root, l->root, outermost(l, bare));
    name_all(l, l->root);
    return !l->failed;
}

void layout_done(layout *l)
{
    for (branch *b = l->all; b; b = b->next) {
        map_done(&b->by_part);
        map_done(&b->names);
        map_done(&b->methods_taken);
        free(b->branches);
        free(b->methods);
    }
    free(l->unnamable);
    arena_done(&l->memory);
}
