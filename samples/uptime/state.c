/* SPDX-License-Identifier: MIT */
/* The watchers in a file: a list in JSON. */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

enum { JID_MOST = 3071, THREAD_MOST = 1023 };

void state_init(state *s, const char *path)
{
    *s = (state){ .path = path };
    pthread_mutex_init(&s->lock, NULL);
}

void state_done(state *s)
{
    pthread_mutex_destroy(&s->lock);
}

/* ---- reading ---- */

static bool read_type(const char *name, jrpc_message_type *ret_type)
{
    static const jrpc_message_type types[] = { JRPC_MESSAGE_NORMAL, JRPC_MESSAGE_CHAT, JRPC_MESSAGE_HEADLINE };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(name, jrpc_message_type_name(types[i])) == 0) {
            *ret_type = types[i];
            return true;
        }
    }
    return false;
}

/* Nothing is taken on trust: somebody may have edited it. */
static const char *add(watchers *w, json_t *item)
{
    const char *jid = NULL, *type_name = NULL, *thread = NULL;
    double threshold = -1;
    int told = 0;
    jrpc_message_type type;
    if (json_unpack_ex(item, NULL, JSON_STRICT, "{s:s, s:s, s:F, s:b, s?s}", "jid", &jid, "type", &type_name, "threshold",
                       &threshold, "told", &told, "thread", &thread) != 0)
        return "it is no list of watchers";
    if (!*jid || strlen(jid) > JID_MOST || (thread && strlen(thread) > THREAD_MOST) || !read_type(type_name, &type) ||
        !watchers_is_threshold(threshold))
        return "a watcher in it makes no sense";
    const watcher absent = { (char *)(uintptr_t)jid, (char *)(uintptr_t)thread, type, threshold, told != 0, true };
    return watchers_restore(w, &absent) ? NULL : "there are too many watchers in it, or one twice";
}

static const char *read_text(const char *text, size_t len, watchers *w)
{
    const char *why = NULL;
    json_t *list = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_array(list))
        why = "it is no list of watchers";
    for (size_t i = 0; !why && i < json_array_size(list); i++)
        why = add(w, json_array_get(list, i));
    json_decref(list);
    return why;
}

bool state_load(const state *s, watchers *w, const char **ret_why)
{
    struct stat info;
    FILE *file = s->path ? fopen(s->path, "re") : NULL;
    *ret_why = NULL;
    if (!file) {
        *ret_why = s->path && errno != ENOENT ? strerror(errno) : NULL;
        return !*ret_why;
    }
    char *text = malloc(STATE_BYTES_MOST + 1);
    if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode))
        *ret_why = "it is no file";
    else if (!text)
        *ret_why = "out of memory";
    else {
        size_t len = fread(text, 1, STATE_BYTES_MOST + 1, file);
        *ret_why = ferror(file) ? "it cannot be read" : len > STATE_BYTES_MOST ? "it is too long" : read_text(text, len, w);
    }
    free(text);
    fclose(file);
    return !*ret_why;
}

/* ---- writing ---- */

/* Under the watchers' lock. NULL without memory. */
static json_t *describe(const watchers *w)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < w->count; i++) {
        const watcher *one = &w->list[i];
        const char *thread = one->thread && strlen(one->thread) <= THREAD_MOST ? one->thread : NULL;
        json_t *item = json_pack("{s:s, s:s, s:f, s:b, s:s*}", "jid", one->jid, "type", jrpc_message_type_name(one->type),
                                 "threshold", one->threshold, "told", one->was_told, "thread", thread);
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* 0, or errno. */
static int write_list(const char *path, const json_t *list)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    errno = 0;
    bool written = json_dumpfd(list, fd, JSON_INDENT(1)) == 0 && fsync(fd) == 0;
    int failed = written ? 0 : errno ? errno : EIO;
    return close(fd) == 0 || failed ? failed : errno;
}

/* Under the lock of s. */
static int replace(const char *path, const json_t *list)
{
    char *new_path = NULL;
    if (!list || asprintf(&new_path, "%s.new", path) < 0)
        return ENOMEM;
    int failed = write_list(new_path, list);
    if (!failed && rename(new_path, path) != 0)
        failed = errno;
    free(new_path);
    return failed;
}

void state_save(state *s, watchers *w)
{
    if (!s->path)
        return;
    pthread_mutex_lock(&s->lock);
    pthread_mutex_lock(&w->lock);
    unsigned long changes = w->changes;
    json_t *list = changes == s->saved ? NULL : describe(w);
    pthread_mutex_unlock(&w->lock);
    int failed = changes == s->saved ? 0 : replace(s->path, list);
    json_decref(list);
    if (!failed)
        s->saved = changes;
    if (failed && failed != s->complained)
        fprintf(stderr, "uptime-bot: %s: %s: who watches now is forgotten at the next start\n", s->path, strerror(failed));
    s->complained = failed;
    pthread_mutex_unlock(&s->lock);
}
