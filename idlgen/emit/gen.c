/* SPDX-License-Identifier: MIT */
/* The state of one run over one unit. */
#include "emit/gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const char *stem_of(gen *g, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t len = strlen(base);

    if (strcmp(base, "-") == 0)
        return "stdin";
    if (strcmp(base, "<jrpc.idl>") == 0)
        return "jrpc-system";
    if (len > 4 && strcmp(base + len - 4, ".idl") == 0)
        len -= 4;
    return gen_text(g, "%.*s", (int)len, base);
}

bool gen_init(gen *g, const ast_unit *unit, const emit_options *options)
{
    *g = (gen){ .unit = unit, .options = options };
    g->stem = options->stem ? options->stem : stem_of(g, unit->name);
    return !g->failed;
}

void gen_done(gen *g)
{
    map_done(&g->names);
    map_done(&g->globals);
    map_done(&g->provided);
    map_done(&g->anonymous);
    map_done(&g->descriptors);
    map_done(&g->methods);
    arena_done(&g->memory);
}

/*
 * Most texts are short and made of names alone: printf()'s machinery would take a fifth of a run's time for them. The
 * length, or -1 when there is no room or the format has something else than %s.
 */
static int join_names(char *text, size_t room, const char *format, va_list ap)
{
    size_t used = 0;

    for (const char *at = format; *at;) {
        bool name = at[0] == '%';
        if (name && at[1] != 's')
            return -1;
        const char *part = name ? va_arg(ap, const char *) : at;
        size_t len = name ? strlen(part) : strcspn(at, "%");
        if (len >= room - used)
            return -1;
        memcpy(text + used, part, len);
        used += len;
        at += name ? 2 : len;
    }
    text[used] = '\0';
    return (int)used;
}

const char *gen_text(gen *g, const char *format, ...)
{
    char small[256];
    AUTO(buf_done) buf large = BUF_INIT;
    va_list ap, again;

    va_start(ap, format);
    va_copy(again, ap);
    int len = join_names(small, sizeof small, format, ap);
    va_end(ap);
    va_copy(ap, again);
    if (len < 0)
        len = vsnprintf(small, sizeof small, format, ap);
    va_end(ap);
    if (len < 0 || (size_t)len >= sizeof small)
        buf_vprintf(&large, format, again);
    va_end(again);
    if (len < 0 || (size_t)len >= sizeof small)
        return gen_take(g, &large);
    const char *copy = arena_strndup(&g->memory, small, (size_t)len);
    if (!copy)
        g->failed = true;
    return copy ? copy : "";
}

const char *gen_join(gen *g, const char *a, const char *b, const char *c)
{
    size_t la = strlen(a), lb = strlen(b), lc = strlen(c);
    char *text = arena_alloc(&g->memory, la + lb + lc + 1);

    if (!text) {
        g->failed = true;
        return "";
    }
    memcpy(text, a, la);
    memcpy(text + la, b, lb);
    memcpy(text + la + lb, c, lc + 1);
    return text;
}

const char *gen_take(gen *g, buf *b)
{
    char *copy = buf_failed(b) ? NULL : arena_strndup(&g->memory, b->len ? b->data : "", b->len);

    buf_done(b);
    *b = (buf)BUF_INIT;
    if (!copy)
        g->failed = true;
    return copy ? copy : "";
}

const char *gen_upper(gen *g, const char *text)
{
    AUTO(buf_done) buf upper = BUF_INIT;

    for (; *text; text++) {
        char c = *text;
        bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        buf_append_char(&upper, plain ? c : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : '_');
    }
    return gen_take(g, &upper);
}

bool gen_put(gen *g, map *m, const char *key, const void *value)
{
    if (map_put_str(m, key, (void *)(uintptr_t)value))
        return true;
    g->failed = true;
    return false;
}

void gen_visit(gen *g, const ast_list *list, gen_visit_fn *fn, void *context)
{
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        if (node->kind == AST_MODULE) {
            gen_visit(g, &node->module.definitions, fn, context);
        } else {
            if (node->kind == AST_INTERFACE)
                gen_visit(g, &node->interface.body, fn, context);
            fn(g, node, context);
        }
    }
}
