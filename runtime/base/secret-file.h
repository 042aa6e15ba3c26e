/* SPDX-License-Identifier: MIT */
/* Files with secrets in them: passwords, keys. Refused when others than their owner may read them. */
#ifndef BASE_SECRET_FILE_H
#define BASE_SECRET_FILE_H

#include <jrpc/error.h>

/*
 * Opens it for reading; what ("password file") begins the message. IO: it cannot be read, or others may read it. Pipes and
 * the like (a shell's <(...)) have no mode worth looking at.
 */
jrpc_status secret_file_open(const char *path, const char *what, int *ret_fd, jrpc_error *error);

/* Its first line in a new heap string: secret_free() it. IO, also when that is empty or longer than 1,023 bytes; NOMEM. */
jrpc_status secret_file_first_line(const char *path, const char *what, char **ret_line, jrpc_error *error);

/* Wipes it first. NULL is fine. */
void secret_free(char *text);

#endif
