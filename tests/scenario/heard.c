/* SPDX-License-Identifier: MIT */
/* What a session was told. */
#include "heard.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void heard_init(heard *h)
{
    memset(h, 0, sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
}

void heard_done(heard *h)
{
    for (size_t i = 0; i < h->count; i++)
        free(h->lines[i]);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
}

void heard_note(heard *h, char *line)
{
    pthread_mutex_lock(&h->lock);
    assert_true(h->count < COUNT_OF(h->lines));
    h->lines[h->count++] = line;
    pthread_cond_broadcast(&h->changed);
    while (h->is_shut)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

void heard_open(heard *h)
{
    pthread_mutex_lock(&h->lock);
    h->is_shut = false;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

const char *heard_line(heard *h, size_t number)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAIR_PATIENCE_MS / 1000;
    pthread_mutex_lock(&h->lock);
    while (h->count <= number)
        if (pthread_cond_timedwait(&h->changed, &h->lock, &until) != 0)
            fail_msg("only %zu lines were heard; the last is %s", h->count, h->count ? h->lines[h->count - 1] : "-");
    const char *text = h->lines[number];
    pthread_mutex_unlock(&h->lock);
    return text;
}

size_t heard_count(heard *h)
{
    pthread_mutex_lock(&h->lock);
    size_t lines = h->count;
    pthread_mutex_unlock(&h->lock);
    return lines;
}

char *heard_print(const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    return buf_take(&text);
}
