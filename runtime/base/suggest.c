/* SPDX-License-Identifier: MIT */
/* "Did you mean". */
#include "base/suggest.h"

#include <string.h>
#include <strings.h>

enum { LONGEST = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Edit distance with swaps of neighbours; a change of case costs nothing here. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);
            size_t cost = before[j - 1] + (x != y);
            cost = cost < before[j] + 1 ? cost : before[j] + 1;
            cost = cost < now[j - 1] + 1 ? cost : now[j - 1] + 1;
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y && older[j - 2] + 1 < cost)
                cost = older[j - 2] + 1;
            now[j] = cost;
        }
    }
    return rows[a_len % 3][b_len];
}

void suggest_init(suggestion *s, const char *wanted)
{
    *s = (suggestion){ wanted, NULL, 0 };
}

void suggest_try(suggestion *s, const char *candidate)
{
    size_t a = strlen(s->wanted), b = strlen(candidate);
    size_t most = a <= 2 ? 0 : a <= 4 ? 1 : a <= 8 ? 2 : 3;
    if (a > LONGEST || b > LONGEST || (a > b ? a - b : b - a) > most || b == 0)
        return;
    size_t d = distance(s->wanted, a, candidate, b);
    if (d > most || (s->best && d >= s->distance))
        return;
    s->best = candidate;
    s->distance = d;
}

static const char *last_part(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

bool suggest_same_part(const char *wanted, const char *candidate)
{
    return strcasecmp(last_part(wanted), last_part(candidate)) == 0;
}
