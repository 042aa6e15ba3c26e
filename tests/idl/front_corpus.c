/* SPDX-License-Identifier: MIT */
/*
 * The corpora of the IDL front end. Every ok/NAME.idl must be read without an error, every bad/NAME.idl must
 * give what bad/NAME.expect lists, one line each: `line:col: severity: message [rule]`, notes included.
 * ok/NAME.expect lists warnings. `front_corpus --update` writes the lists anew: read the difference before it
 * is committed.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "front/diag_list.h"
#include "front/front.h"

static int number;
static bool update;

static void read_file(const char *path, buf *out)
{
    char chunk[4096];
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return;
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stream)) > 0;)
        buf_append(out, chunk, got);
    fclose(stream);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The message without the path of the corpus, which is another everywhere. */
static void print_message(const char *message, const char *folder, buf *out)
{
    size_t len = strlen(folder);
    for (const char *c = message; *c; c++) {
        if (strncmp(c, folder, len) == 0 && c[len] == '/')
            c += len;
        else
            buf_append_char(out, *c);
    }
}

/* The diagnostics, one a line; in other files than the main one with their name. */
static void list(const diag *d, const char *folder, const char *main_name, buf *out)
{
    static const char *const names[] = {
        [DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"
    };
    for (const diag_entry *entry = d->first; entry; entry = entry->next) {
        place_position at = place_find(entry->where);
        if (strcmp(base_name(at.file), main_name) != 0)
            buf_printf(out, "%s:", base_name(at.file));
        buf_printf(out, "%u:%u: %s: ", at.line, at.column, names[entry->severity]);
        print_message(entry->message, folder, out);
        if (entry->rule)
            buf_printf(out, " [%s]", entry->rule);
        buf_append_char(out, '\n');
    }
}

static void print_diff(const char *title, const char *text)
{
    printf("# %s:\n", title);
    while (text && *text) {
        size_t len = strcspn(text, "\n");
        printf("#   %.*s\n", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

static void write_file(const char *path, const buf *text)
{
    if (text->len == 0) {
        remove(path);
        return;
    }
    FILE *stream = fopen(path, "wb");
    if (!stream || fwrite(text->data, 1, text->len, stream) != text->len)
        printf("# cannot write %s\n", path);
    if (stream)
        fclose(stream);
}

static void test_file(const char *folder, const char *name, bool is_bad)
{
    AUTO(buf_done) buf got = BUF_INIT, want = BUF_INIT;
    char path[4096], expect[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(expect, sizeof expect, "%s/%.*s.expect", folder, (int)(strlen(name) - 4), name);
    const char *dirs[] = { folder };
    const front_options options = { .include_dirs = dirs, .include_dir_count = 1 };
    front *f = front_new(&options);
    if (!f)
        return;
    const ast_unit *unit = front_read(f, path);
    list(front_diag(f), folder, name, &got);
    read_file(expect, &want);
    bool same = got.len == want.len && (got.len == 0 || memcmp(got.data, want.data, got.len) == 0);
    bool good = same && (unit == NULL) == is_bad && (is_bad == (diag_error_count(front_diag(f)) > 0));
    if (update)
        write_file(expect, &got);
    printf("%s %d - %s %s\n", good ? "ok" : "not ok", ++number, base_name(folder), name);
    if (!good) {
        print_diff("expected", want.data);
        print_diff("got", got.data);
    }
    front_free(f);
}

static int is_idl(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".idl") == 0;
}

static int test_folder(const char *source, const char *name, bool is_bad)
{
    char folder[2048];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s/tests/idl/%s", source, name);
    int count = scandir(folder, &entries, is_idl, alphasort);
    for (int i = 0; i < count; i++) {
        test_file(folder, entries[i]->d_name, is_bad);
        free(entries[i]);
    }
    free(entries);
    return count;
}

int main(int argc, char **argv)
{
    const char *source = getenv("JRPC_SRCDIR");
    update = argc > 1 && strcmp(argv[1], "--update") == 0;
    int ok = test_folder(source ? source : ".", "ok", false);
    int bad = test_folder(source ? source : ".", "bad", true);
    printf("%s %d - at least 80 good and 120 bad files (%d, %d)\n", ok >= 80 && bad >= 120 ? "ok" : "not ok",
           ++number, ok, bad);
    printf("1..%d\n", number);
    return 0;
}
