/* SPDX-License-Identifier: MIT */
/* How often, and how many at once. */
#include "serve/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"

enum {
    NAME_SHOWN = 90, /* bytes of a name in a message */
    NAME_ROOM = 128,
    PERIOD_ROOM = 32,
    PERIOD_MOST_MS = 24 * 60 * 60 * 1000,
    SILENCE_MS = 60 * 1000, /* between two lines in the log */
    EVICT_TRIES = 16        /* how many of the oldest are looked at */
};

struct quota_entry {
    /*
     * The bucket, as the time at which it will be full again (the generic cell rate algorithm): each call puts that off by
     * the time that one call takes to be filled in.
     */
    int64_t full_at;
    unsigned uses, in_progress;
    int64_t silent_until; /* its refusals are not worth a line in the log before */
    jrpc_limit own;   /* a method's; callers and domains have their table's */
    quota_table *table;
    worker_lane lane; /* a caller's */
    quota_entry *older, *newer;
    bool listed;
    char name[];
};

/* ---- limits ---- */

const char *quota_check_limit(const jrpc_limit *limit)
{
    if (limit->period_ms > PERIOD_MOST_MS)
        return "a period is one day at most";
    if (limit->burst && !limit->calls)
        return "a burst needs a rate";
    return NULL;
}

static int64_t interval_of(const jrpc_limit *limit)
{
    int64_t period = (limit->period_ms ? limit->period_ms : 1000) * CLOCK_MS;
    return period / limit->calls ? period / limit->calls : 1;
}

/* How far the time of fullness may be ahead. */
static int64_t depth_of(const jrpc_limit *limit, int64_t interval)
{
    int64_t burst = limit->burst ? limit->burst : limit->calls;
    return burst > INT64_MAX / 4 / interval ? INT64_MAX / 4 : burst * interval;
}

static const jrpc_limit *limit_of(const quota_entry *e)
{
    return e->table ? &e->table->limit : &e->own;
}

/* How long until there is one in the bucket; 0: there is one now. */
static int64_t time_to_wait(const quota_entry *e, int64_t now)
{
    const jrpc_limit *limit = limit_of(e);
    if (!limit->calls)
        return 0;
    int64_t interval = interval_of(limit), from = e->full_at > now ? e->full_at : now;
    int64_t over = from - now + interval - depth_of(limit, interval);
    return over > 0 ? over : 0;
}

static void take_one(quota_entry *e, int64_t now)
{
    const jrpc_limit *limit = limit_of(e);
    if (!limit->calls)
        return;
    e->full_at = (e->full_at > now ? e->full_at : now) + interval_of(limit);
}

/* ---- what is said ---- */

/* Of a long name its beginning, cut between two characters. */
static void name_limited(const quota *q, const quota_entry *e, char ret_text[NAME_ROOM])
{
    const char *kind = !e->table ? "calls of " : e->table == &q->domains ? "all accounts of " : "";
    if (e->table && e == e->table->others) {
        snprintf(ret_text, NAME_ROOM, "all of the many %s", e->table == &q->domains ? "domains" : "callers");
        return;
    }
    size_t len = strnlen(e->name, NAME_SHOWN);
    while (len && ((unsigned char)e->name[len] & 0xC0) == 0x80)
        len--;
    snprintf(ret_text, NAME_ROOM, "%s%.*s", kind, (int)len, e->name);
}

static void name_period(uint32_t ms, char ret_text[PERIOD_ROOM])
{
    static const struct {
        uint32_t ms;
        const char *name;
    } known[] = { { 0, "a second" }, { 1000, "a second" }, { 60000, "a minute" }, { 3600000, "an hour" },
                  { PERIOD_MOST_MS, "a day" } };
    snprintf(ret_text, PERIOD_ROOM, "in %lu ms", (unsigned long)ms);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i].ms == ms)
            snprintf(ret_text, PERIOD_ROOM, "%s", known[i].name);
    }
}

/* Never too early. */
static void name_wait(int64_t wait, char ret_text[PERIOD_ROOM])
{
    int64_t ms = (wait + CLOCK_MS - 1) / CLOCK_MS;
    if (ms < 10000)
        snprintf(ret_text, PERIOD_ROOM, "%lld ms", (long long)ms);
    else
        snprintf(ret_text, PERIOD_ROOM, "%lld s", (long long)((ms + 999) / 1000));
}

/* wait 0: there are as many as may be at once. */
static void refuse(const quota *q, quota_entry *e, int64_t now, int64_t wait, quota_refusal *ret_refusal)
{
    const jrpc_limit *limit = limit_of(e);
    char name[NAME_ROOM];
    name_limited(q, e, name);
    ret_refusal->first = now >= e->silent_until;
    if (ret_refusal->first)
        e->silent_until = clock_after(now, SILENCE_MS);
    const char *plural = (wait ? limit->calls : limit->at_once) == 1 ? "" : "s";
    if (!wait) {
        snprintf(ret_refusal->text, sizeof ret_refusal->text, "the limit is %lu call%s at once for %s",
                 (unsigned long)limit->at_once, plural, name);
        return;
    }
    char period[PERIOD_ROOM], time[PERIOD_ROOM];
    name_period(limit->period_ms, period);
    name_wait(wait, time);
    snprintf(ret_refusal->text, sizeof ret_refusal->text, "the limit is %lu call%s %s for %s: try again in %s",
             (unsigned long)limit->calls, plural, period, name, time);
}

/* ---- entries ---- */

static quota_entry *new_entry(quota_table *table, const char *name)
{
    size_t len = strlen(name);
    quota_entry *e = calloc(1, sizeof *e + len + 1);
    if (!e)
        return NULL;
    e->table = table;
    memcpy(e->name, name, len);
    return e;
}

static void unlist(quota_entry *e)
{
    quota_table *t = e->table;
    if (!e->listed)
        return;
    *(e->older ? &e->older->newer : &t->oldest) = e->newer;
    *(e->newer ? &e->newer->older : &t->newest) = e->older;
    e->listed = false;
}

static void list_newest(quota_entry *e)
{
    quota_table *t = e->table;
    e->newer = NULL;
    e->older = t->newest;
    *(t->newest ? &t->newest->newer : &t->oldest) = e;
    t->newest = e;
    e->listed = true;
}

/* Only one whose bucket is full: who is forgotten must not get a new one before its time. */
static bool evict(quota_table *t, int64_t now)
{
    int tries = EVICT_TRIES;
    for (quota_entry *e = t->oldest; e && tries; e = e->newer, tries--) {
        if (e->full_at > now)
            continue;
        unlist(e);
        map_remove_str(&t->entries, e->name);
        free(e);
        return true;
    }
    return false;
}

static quota_entry *find_entry(quota_table *t, const char *name, int64_t now)
{
    quota_entry *e = map_get_str(&t->entries, name);
    if (e)
        return e;
    if (t->entries.len >= t->most && !evict(t, now))
        return t->others;
    e = new_entry(t, name);
    if (!e || !map_put_str(&t->entries, name, e)) {
        free(e);
        return t->others;
    }
    list_newest(e);
    return e;
}

static void use_entry(quota_entry *e, quota_entry **ret_used)
{
    if (!e)
        return;
    unlist(e);
    e->uses++;
    *ret_used = e;
}

static void drop_entry(quota_entry **used)
{
    quota_entry *e = TAKE_PTR(*used);
    if (e && --e->uses == 0 && e->table && e != e->table->others)
        list_newest(e);
}

/* ---- life ---- */

static bool init_table(quota_table *t, const jrpc_limit *limit, size_t most)
{
    if (limit)
        t->limit = *limit;
    t->most = most;
    t->others = new_entry(t, "");
    return t->others != NULL;
}

jrpc_status quota_init(quota *q, const jrpc_limit *caller, const jrpc_limit *domain, size_t most)
{
    *q = (quota){ .methods = MAP_INIT };
    q->callers.entries = q->domains.entries = (map)MAP_INIT;
    pthread_mutex_init(&q->lock, NULL);
    bool done = init_table(&q->callers, caller, most) && init_table(&q->domains, domain, most);
    return done ? JRPC_OK : JRPC_E_NOMEM;
}

static void free_entries(map *entries)
{
    size_t at = 0;
    void *value;
    while (map_next(entries, &at, NULL, &value))
        free(value);
    map_done(entries);
}

void quota_done(quota *q)
{
    free_entries(&q->callers.entries);
    free_entries(&q->domains.entries);
    free_entries(&q->methods);
    free(q->callers.others);
    free(q->domains.others);
    pthread_mutex_destroy(&q->lock);
}

jrpc_status quota_limit_method(quota *q, const char *method, const jrpc_limit *limit, jrpc_error *error)
{
    const char *why = quota_check_limit(limit);
    if (why)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: %s", method, why);
    pthread_mutex_lock(&q->lock);
    quota_entry *e = map_get_str(&q->methods, method);
    if (!e && (e = new_entry(NULL, method)) && !map_put_str(&q->methods, method, e)) {
        free(e);
        e = NULL;
    }
    if (e)
        e->own = *limit;
    pthread_mutex_unlock(&q->lock);
    return e ? JRPC_OK : error_nomem(error);
}

/* ---- calls ---- */

/* A table without limits keeps no books, but for the lanes of callers. */
static bool is_limited(const jrpc_limit *limit)
{
    return limit->calls || limit->at_once;
}

/* Under the lock. True: there is nothing against it. */
static bool has_one(const quota *q, quota_entry *e, int64_t now, quota_refusal *ret_refusal)
{
    int64_t wait = e ? time_to_wait(e, now) : 0;
    if (wait)
        refuse(q, e, now, wait, ret_refusal);
    return !wait;
}

/* A domain over its limit gets no room for callers: so its accounts can fill the table only as fast as they may call. */
static bool take(quota *q, const jid *who, const char *method, int64_t now, quota_use *use, quota_refusal *ret_refusal)
{
    quota_entry *domain = is_limited(&q->domains.limit) ? find_entry(&q->domains, who->domain, now) : NULL;
    quota_entry *of_method = map_get_str(&q->methods, method);
    if (!has_one(q, domain, now, ret_refusal) || !has_one(q, of_method, now, ret_refusal))
        return false;
    quota_entry *caller = find_entry(&q->callers, who->bare, now);
    if (!has_one(q, caller, now, ret_refusal))
        return false;
    quota_entry *all[] = { domain, of_method, caller };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (all[i])
            take_one(all[i], now);
    }
    use_entry(caller, &use->caller);
    use_entry(domain, &use->domain);
    use_entry(of_method, &use->method);
    return true;
}

bool quota_take(quota *q, const jid *who, const char *method, int64_t now, quota_use *ret_use,
                quota_refusal *ret_refusal)
{
    *ret_use = (quota_use){ 0 };
    pthread_mutex_lock(&q->lock);
    bool taken = take(q, who, method, now, ret_use, ret_refusal);
    pthread_mutex_unlock(&q->lock);
    return taken;
}

static bool is_at_most(const quota_entry *e)
{
    const jrpc_limit *limit = e ? limit_of(e) : NULL;
    return limit && limit->at_once && e->in_progress >= limit->at_once;
}

static void count(quota_entry *e, bool begun)
{
    if (e)
        e->in_progress += begun ? 1 : -1U;
}

bool quota_begin(quota *q, quota_use *use, bool whole, int64_t now, quota_refusal *ret_refusal)
{
    pthread_mutex_lock(&q->lock);
    quota_entry *over = whole && is_at_most(use->caller)   ? use->caller
                        : whole && is_at_most(use->domain) ? use->domain
                        : is_at_most(use->method)          ? use->method
                                                           : NULL;
    if (over) {
        refuse(q, over, now, 0, ret_refusal);
    } else {
        use->by_caller = whole;
        use->by_method = true;
        if (whole) {
            count(use->caller, true);
            count(use->domain, true);
        }
        count(use->method, true);
    }
    pthread_mutex_unlock(&q->lock);
    return !over;
}

void quota_drop(quota *q, quota_use *use)
{
    pthread_mutex_lock(&q->lock);
    if (use->by_caller) {
        count(use->caller, false);
        count(use->domain, false);
    }
    if (use->by_method)
        count(use->method, false);
    use->by_caller = use->by_method = false;
    drop_entry(&use->caller);
    drop_entry(&use->domain);
    drop_entry(&use->method);
    pthread_mutex_unlock(&q->lock);
}

worker_lane *quota_lane(const quota_use *use)
{
    return use->caller ? &use->caller->lane : NULL;
}
