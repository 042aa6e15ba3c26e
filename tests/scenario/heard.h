/* SPDX-License-Identifier: MIT */
/* What a session was told, as lines in order; filled by its handlers, asked by the test. */
#ifndef HEARD_H
#define HEARD_H

#include "pair.h"

typedef struct heard {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *lines[256];
    size_t count;
    bool answers; /* messages, by "<body>!" */
    bool is_shut; /* the handler waits */
} heard;

void heard_init(heard *h);
void heard_done(heard *h);
/* A heap string becomes the next line. Waits while it is shut. */
void heard_note(heard *h, char *line);
void heard_open(heard *h);
/* The line with that number, once it is there. */
const char *heard_line(heard *h, size_t number);
size_t heard_count(heard *h);
/* A heap string. */
char *heard_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
