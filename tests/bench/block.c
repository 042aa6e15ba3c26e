/* SPDX-License-Identifier: MIT */
/* Blocks of calls. */
#include "block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

bool block_take(block *b, unsigned *ret_number)
{
    unsigned number = atomic_load(&b->sent);
    do {
        if (number >= b->count)
            return false;
    } while (!atomic_compare_exchange_weak(&b->sent, &number, number + 1));
    b->began[number] = clock_now();
    *ret_number = number;
    return true;
}

void block_end(block *b, unsigned number)
{
    b->ended[number] = clock_now();
    b->done++;
}

double block_resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long all = 0, resident = 0;
    if (!file || fscanf(file, "%lu %lu", &all, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Seconds, the median and the 99th percentile in microseconds, seconds of this process's CPU. */
static void print_figures(block *b, double seconds, double cpu)
{
    unsigned sent = atomic_load(&b->sent);
    for (unsigned i = 0; i < sent; i++)
        b->ended[i] -= b->began[i];
    qsort(b->ended, sent, sizeof *b->ended, compare);
    printf("%.6f %.3f %.3f %.6f\n", seconds, (double)b->ended[sent / 2] / 1e3,
           (double)b->ended[sent - 1 - sent / 100] / 1e3, cpu);
}

static bool run_line(const char *line, bool (*run)(block *b), void *userdata)
{
    char shape[16];
    block b = { .userdata = userdata };
    if (sscanf(line, "%15s %u %u", shape, &b.window, &b.count) != 3 || b.window == 0 || b.count == 0) {
        fprintf(stderr, "bench: not a block: %s", line);
        return false;
    }
    b.shape = BLOCK_SLIDE;
    if (strcmp(shape, "burst") == 0)
        b.shape = BLOCK_BURST;
    else if (strcmp(shape, "hold") == 0)
        b.shape = BLOCK_HOLD;
    b.began = calloc(b.count, sizeof *b.began);
    b.ended = calloc(b.count, sizeof *b.ended);
    int64_t begin = clock_now();
    double cpu = cpu_seconds();
    bool good = b.began && b.ended && run(&b);
    if (good && b.shape == BLOCK_HOLD)
        printf("%.1f\n", b.bytes);
    else if (good)
        print_figures(&b, (double)(clock_now() - begin) / 1e9, cpu_seconds() - cpu);
    fflush(stdout);
    free(b.began);
    free(b.ended);
    return good;
}

int block_serve(bool (*run)(block *b), void *userdata)
{
    char line[128];
    while (fgets(line, sizeof line, stdin)) {
        if (!run_line(line, run, userdata))
            return 1;
    }
    return 0;
}

void block_ready(const char *text)
{
    printf("ready %s\n", text);
    fflush(stdout);
}
