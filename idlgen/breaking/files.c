/* SPDX-License-Identifier: MIT */
/* What is compared. */
#include "breaking/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "breaking/git.h"

enum { FOLDER_DEPTH_MAX = 32 };

static bool complain(const char *name, const char *why)
{
    fprintf(stderr, "idlgen breaking: %s: %s\n", name, why ? why : strerror(ENOMEM));
    return false;
}

/* Takes the path over. */
static bool add(file_list *f, char *path)
{
    if (path && f->len == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        char **more = realloc(f->at, cap * sizeof *more);
        if (more) {
            f->at = more;
            f->cap = cap;
        }
    }
    if (!path || f->len == f->cap) {
        free(path);
        return complain(f->name, NULL);
    }
    f->at[f->len++] = path;
    return true;
}

static bool is_idl(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, ".idl") == 0;
}

static char *join(const char *a, const char *b)
{
    AUTO(buf_done) buf path = BUF_INIT;
    size_t len = strlen(a);
    bool separated = len == 0 || a[len - 1] == '/' || (git_is_name(a) && a[len - 1] == ':');
    buf_printf(&path, "%s%s%s", a, separated ? "" : "/", b);
    return buf_take(&path);
}

/* ---- on the disk ---- */

static bool add_folder(file_list *f, const char *inside, int depth);

static bool add_entry(file_list *f, const char *inside, const char *entry, int depth)
{
    struct stat status;
    autofree char *path = join(inside, entry);
    autofree char *whole = path ? join(f->name, path) : NULL;
    if (!whole)
        return complain(f->name, NULL);
    /* A link to a folder is not followed: it may lead into itself. */
    if (lstat(whole, &status) < 0 || (S_ISLNK(status.st_mode) && (stat(whole, &status) < 0 || S_ISDIR(status.st_mode))))
        return true;
    if (S_ISDIR(status.st_mode))
        return add_folder(f, path, depth + 1);
    return !S_ISREG(status.st_mode) || !is_idl(path) || add(f, TAKE_PTR(path));
}

static bool add_folder(file_list *f, const char *inside, int depth)
{
    autofree char *path = join(f->name, inside);
    if (!path)
        return complain(f->name, NULL);
    if (depth > FOLDER_DEPTH_MAX)
        return complain(path, "too many folders inside each other");
    DIR *folder = opendir(path);
    if (!folder)
        return complain(path, strerror(errno));
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.')
            good = add_entry(f, inside, entry->d_name, depth);
    }
    closedir(folder);
    return good;
}

static bool find_on_disk(file_list *f)
{
    struct stat status;
    if (strcmp(f->name, "-") == 0)
        return add(f, strdup("-"));
    if (stat(f->name, &status) < 0)
        return complain(f->name, strerror(errno));
    f->is_folder = S_ISDIR(status.st_mode);
    return f->is_folder ? add_folder(f, "", 0) : add(f, strdup(f->name));
}

/* ---- in git ---- */

static bool find_in_git(file_list *f)
{
    autofree char *why = NULL;
    size_t len = 0;
    git_kind kind = git_kind_of(f->name, &why);
    if (kind == GIT_FAILED)
        return complain(f->name, why);
    f->is_folder = kind == GIT_FOLDER;
    if (!f->is_folder)
        return add(f, strdup(f->name));
    autofree char *paths = git_list(f->name, &len, &why);
    if (!paths)
        return complain(f->name, why);
    for (const char *path = paths; path < paths + len; path += strlen(path) + 1) {
        if (is_idl(path) && !add(f, strdup(path)))
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool files_find(file_list *f, const char *name)
{
    *f = (file_list){ .name = name };
    if (!(git_is_name(name) ? find_in_git(f) : find_on_disk(f)))
        return false;
    if (f->len)
        qsort(f->at, f->len, sizeof *f->at, compare);
    return f->len || complain(name, "there is no .idl file in it");
}

void files_done(file_list *f)
{
    for (size_t i = 0; i < f->len; i++)
        free(f->at[i]);
    free(f->at);
}

char *files_path(const file_list *f, size_t index)
{
    return f->is_folder ? join(f->name, f->at[index]) : strdup(f->at[index]);
}
