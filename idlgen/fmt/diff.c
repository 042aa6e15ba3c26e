/* SPDX-License-Identifier: MIT */
/* The difference of two texts. Layout moves no line far: looking a few lines ahead finds where both agree again. */
#include "fmt/diff.h"

#include <stdlib.h>

#include "base/mem.h"

enum { AHEAD = 60, CONTEXT = 3 };

typedef struct text_line {
    const char *text;
    size_t len; /* without the line end */
} text_line;

typedef struct lines {
    text_line *at;
    size_t len;
    bool open_end; /* the last one has no line end */
} lines;

/* What a line of the result shows; lines that both have count on both sides. */
typedef struct step {
    char mark; /* ' ', '-', '+' */
    size_t old_line, new_line;
} step;

typedef struct differ {
    lines old, new;
    step *steps;
    size_t len;
} differ;

static bool split(const char *text, size_t len, lines *ret_lines)
{
    size_t count = 1;
    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    ret_lines->at = calloc(count, sizeof *ret_lines->at);
    if (!ret_lines->at)
        return false;
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t line = newline ? (size_t)(newline - text) - at : len - at;
        ret_lines->at[ret_lines->len++] = (text_line){ text + at, line };
        ret_lines->open_end = !newline;
        at += line + 1;
    }
    return true;
}

static bool is_equal(const differ *d, size_t i, size_t j)
{
    const text_line *a = &d->old.at[i], *b = &d->new.at[j];
    bool last_a = d->old.open_end && i + 1 == d->old.len, last_b = d->new.open_end && j + 1 == d->new.len;
    return a->len == b->len && last_a == last_b && memcmp(a->text, b->text, a->len) == 0;
}

/* The nearest lines that are equal again, blank ones only when nothing else is. */
static void resume(const differ *d, size_t i, size_t j, size_t *ret_i, size_t *ret_j)
{
    for (size_t far = 1; far <= AHEAD; far++) {
        for (size_t a = 0; a <= far; a++) {
            size_t x = i + a, y = j + far - a;
            if (x < d->old.len && y < d->new.len && d->old.at[x].len > 0 && is_equal(d, x, y)) {
                *ret_i = x;
                *ret_j = y;
                return;
            }
        }
    }
    *ret_i = i + (i < d->old.len);
    *ret_j = j + (j < d->new.len);
}

static void add(differ *d, char mark, size_t i, size_t j)
{
    d->steps[d->len++] = (step){ mark, i, j };
}

static void compare(differ *d)
{
    size_t i = 0, j = 0;
    while (i < d->old.len || j < d->new.len) {
        if (i < d->old.len && j < d->new.len && is_equal(d, i, j)) {
            add(d, ' ', i++, j++);
            continue;
        }
        size_t to_i, to_j;
        resume(d, i, j, &to_i, &to_j);
        for (; to_i > i && to_j > j && is_equal(d, to_i - 1, to_j - 1); to_i--)
            to_j--;
        for (; i < to_i; i++)
            add(d, '-', i, j);
        for (; j < to_j; j++)
            add(d, '+', i, j);
    }
}

static void print_step(const differ *d, const step *s, buf *out)
{
    const lines *from = s->mark == '+' ? &d->new : &d->old;
    size_t index = s->mark == '+' ? s->new_line : s->old_line;
    buf_append_char(out, s->mark);
    buf_append(out, from->at[index].text, from->at[index].len);
    buf_append_char(out, '\n');
    if (from->open_end && index + 1 == from->len)
        buf_append_lit(out, "\\ No newline at end of file\n");
}

static void print_hunk(const differ *d, size_t from, size_t to, buf *out)
{
    size_t old_count = 0, new_count = 0;
    for (size_t i = from; i < to; i++) {
        old_count += d->steps[i].mark != '+';
        new_count += d->steps[i].mark != '-';
    }
    const step *first = &d->steps[from];
    buf_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", first->old_line + (old_count > 0), old_count,
               first->new_line + (new_count > 0), new_count);
    for (size_t i = from; i < to; i++)
        print_step(d, &d->steps[i], out);
}

/* The first changed step from an index; len when there is none. */
static size_t next_change(const differ *d, size_t i)
{
    while (i < d->len && d->steps[i].mark == ' ')
        i++;
    return i;
}

static void print_hunks(const differ *d, const char *name, buf *out)
{
    size_t change = next_change(d, 0), done = 0;
    if (change < d->len)
        buf_printf(out, "--- %s\n+++ %s (formatted)\n", name, name);
    while (change < d->len) {
        size_t from = change > done + CONTEXT ? change - CONTEXT : done, to = change, next = change;
        for (; next < d->len && next <= to + 2 * CONTEXT; next = next_change(d, to)) {
            for (to = next; to < d->len && d->steps[to].mark != ' ';)
                to++;
        }
        change = next;
        to = to + CONTEXT < d->len ? to + CONTEXT : d->len;
        print_hunk(d, from, to, out);
        done = to;
    }
}

void diff_unified(const char *name, const char *old_text, size_t old_len, const buf *new_text, buf *out)
{
    differ d = { 0 };
    bool good = split(old_text, old_len, &d.old) && split(new_text->data, new_text->len, &d.new);
    d.steps = good ? calloc(d.old.len + d.new.len + 1, sizeof *d.steps) : NULL;
    if (d.steps) {
        compare(&d);
        print_hunks(&d, name, out);
    } else {
        out->failed = true;
    }
    free(d.steps);
    free(d.old.at);
    free(d.new.at);
}
