/* SPDX-License-Identifier: MIT */
/* What is compared: a file or a folder, on the disk or in git. */
#ifndef BREAKING_FILES_H
#define BREAKING_FILES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct file_list {
    const char *name;   /* as given */
    bool is_folder;
    char **at;          /* a folder's .idl files by their paths in it, sorted; a file's own name alone */
    size_t len, cap;
} file_list;

/* False after a message on stderr. */
bool files_find(file_list *f, const char *name);
void files_done(file_list *f);
/* The name to open the index-th by: heap, NULL without memory. */
char *files_path(const file_list *f, size_t index);

#endif
