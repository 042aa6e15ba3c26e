/* SPDX-License-Identifier: MIT */
/* Files of a revision in git, by names of the form git:REV:path. git itself is run for each; never a shell. */
#ifndef BREAKING_GIT_H
#define BREAKING_GIT_H

#include <stdbool.h>
#include <stddef.h>

/* "git:REV:path" */
bool git_is_name(const char *name);

typedef enum git_kind { GIT_FAILED, GIT_FILE, GIT_FOLDER } git_kind;

/* What the name stands for; FAILED: *ret_why (heap; NULL without memory) is a sentence of git's or ours. */
git_kind git_kind_of(const char *name, char **ret_why);

/* All paths below a folder, relative to it, each ended by a NUL: heap. NULL: *ret_why says why. */
char *git_list(const char *name, size_t *ret_len, char **ret_why);

/* front_options.read_other: true for such a name; *ret_text is heap, or NULL with ENOENT. */
bool git_read(const char *name, char **ret_text, size_t *ret_len, int *ret_errno);

#endif
