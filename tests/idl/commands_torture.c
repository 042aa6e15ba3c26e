/* SPDX-License-Identifier: MIT */
/*
 * `idlgen breaking` and `idlgen from-introspection` while the 1st, 2nd, ... nth allocation fails, once or for
 * ever, until none does: each time NOMEM or the whole result, and all is freed.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "breaking/compare.h"
#include "front/front.h"
#include "introspection/convert.h"

#include "../unit/no_memory.h"

typedef struct subject {
    buf text;                       /* of a file of JSON */
    const ast_unit *was, *is;
    buf whole;                      /* what it gives when nothing fails; empty before the first */
} subject;

static bool is_whole(subject *s, const buf *out)
{
    if (!s->whole.len)
        buf_append(&s->whole, out->data ? out->data : "", out->len);
    return out->len == s->whole.len && (!out->len || memcmp(out->data, s->whole.data, out->len) == 0);
}

static bool convert(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT, why = BUF_INIT;
    jrpc_status status = convert_introspection(s->text.data, s->text.len, "made.idl", "Methods", &out, &why);
    if (status == JRPC_E_NOMEM)
        return no_memory_has_failed();
    no_memory_pause();
    return is_whole(s, status == JRPC_OK ? &out : &why);
}

static bool compare_both(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT;
    const diag_style plain = { 0 };
    map served = MAP_INIT;
    findings found = FINDINGS_INIT;
    diag d;
    diag_init(&d, 0);
    bool good = compare_served(s->is, &served) && compare_units(s->was, s->is, &served, &found) &&
                findings_report(&found, &d);
    bool failed = no_memory_has_failed();
    no_memory_pause();
    for (const diag_entry *entry = d.first; good && entry; entry = entry->next)
        diag_print_text(&out, entry, &plain);
    good = good ? is_whole(s, &out) : failed;
    diag_done(&d);
    findings_done(&found);
    map_done(&served);
    return good;
}

static bool torture(bool (*once)(subject *s), subject *s, no_memory_mode mode)
{
    enum { MOST = 100000 };
    for (long n = 0; n < MOST; n++) {
        no_memory_after(n, mode);
        bool good = once(s), failed = no_memory_end();
        if (!good || !failed)
            return good;
    }
    return false;
}

static bool torture_all(bool (*once)(subject *s), subject *s)
{
    bool good = once(s) && torture(once, s, NO_MEMORY_ONCE) && torture(once, s, NO_MEMORY_FOR_EVER);
    buf_done(&s->whole);
    return good;
}

static bool read_file(const char *path, buf *text)
{
    char chunk[4096];
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return false;
    buf_append_str(text, "");
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stream)) > 0;)
        buf_append(text, chunk, got);
    fclose(stream);
    return true;
}

static bool test_introspection(const char *path)
{
    subject s = { .text = BUF_INIT, .whole = BUF_INIT };
    bool good = read_file(path, &s.text) && torture_all(convert, &s);
    buf_done(&s.text);
    return good;
}

/* Both halves of a seed of the fuzz target. */
static bool test_breaking(const char *path)
{
    static const char between[] = "\n====\n";
    static const front_options options = { .no_files = true };
    AUTO(buf_done) buf text = BUF_INIT;
    subject s = { .text = BUF_INIT, .whole = BUF_INIT };
    char *middle = read_file(path, &text) ? memmem(text.data, text.len, between, sizeof between - 1) : NULL;
    front *was = front_new(&options), *is = front_new(&options);
    bool good = middle && was && is;
    if (good) {
        size_t first = (size_t)(middle - text.data) + 1, second = first + sizeof between - 2;
        good = front_add_file(was, "x.idl", text.data, first) == JRPC_OK &&
               front_add_file(is, "x.idl", text.data + second, text.len - second) == JRPC_OK;
    }
    s.was = good ? front_read(was, "x.idl") : NULL;
    s.is = good ? front_read(is, "x.idl") : NULL;
    good = s.was && s.is && torture_all(compare_both, &s);
    front_free(was);
    front_free(is);
    return good;
}

static int test_folder(const char *name, int number, int step, bool (*test)(const char *path))
{
    const char *source = getenv("JRPC_SRCDIR");
    char folder[2048], path[4096];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/%s/seeds", source ? source : ".", name);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && i % step == 0)
            printf("%s %d - %s %s\n", test(path) ? "ok" : "not ok", ++number, name, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return number;
}

int main(void)
{
    int number = test_folder("introspection", 0, 1, test_introspection);
    number = test_folder("breaking", number, 2, test_breaking);
    printf("1..%d\n", number);
    return number > 1 ? 0 : 1;
}
