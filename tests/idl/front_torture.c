/* SPDX-License-Identifier: MIT */
/*
 * Every file of the corpora is read again and again while the 1st, 2nd, ... nth allocation fails, until none
 * does. Each time the front end must say NOMEM, free all it has, and never give half a tree. 
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "front/diag_list.h"
#include "front/dump.h"
#include "front/front.h"

#include "../unit/no_memory.h"

/* One run; false when it went wrong. */
static bool read_once(const char *folder, const char *path)
{
    const char *dirs[] = { folder };
    const front_options options = { .include_dirs = dirs, .include_dir_count = 1 };
    const diag_style plain = { 0 };
    front *f = front_new(&options);
    if (!f)
        return no_memory_has_failed();
    const ast_unit *unit = front_read(f, path);
    bool good = !no_memory_has_failed() || front_status(f) == JRPC_E_NOMEM;
    good &= (unit != NULL) == (front_status(f) == JRPC_OK);
    buf text = BUF_INIT;
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next)
        diag_print_text(&text, entry, &plain);
    if (unit)
        dump_json(unit, &text);
    good &= !buf_failed(&text) || no_memory_has_failed();
    buf_done(&text);
    front_free(f);
    return good;
}

static bool torture(const char *folder, const char *path, bool all)
{
    enum { MOST = 100000 };
    bool good = true;
    for (long n = 0; n < MOST && good; n++) {
        no_memory_after(n, all ? NO_MEMORY_FOR_EVER : NO_MEMORY_ONCE);
        good = read_once(folder, path);
        if (!no_memory_end())
            break;
    }
    return good;
}

static int test_folder(const char *source, const char *name, int number, int step)
{
    char folder[2048], path[4096];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s/tests/idl/%s", source, name);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (dot && strcmp(dot, ".idl") == 0 && i % step == 0) {
            bool good = torture(folder, path, false) && torture(folder, path, true);
            printf("%s %d - %s %s\n", good ? "ok" : "not ok", ++number, name, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return number;
}

int main(void)
{
    const char *source = getenv("JRPC_SRCDIR");
    int number = test_folder(source ? source : ".", "ok", 0, 2);
    number = test_folder(source ? source : ".", "bad", number, 3);
    printf("1..%d\n", number);
    return number > 0 ? 0 : 1;
}
