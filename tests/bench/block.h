/* SPDX-License-Identifier: MIT */
/*
 * Blocks of calls: what every client of the benchmark does, whatever it calls by. The driver (bench.py) writes a
 * line "slide WINDOW COUNT", "burst ..." or "hold ..." to its standard input, and reads one line of figures back.
 */
#ifndef BENCH_BLOCK_H
#define BENCH_BLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum block_shape {
    BLOCK_SLIDE, /* window calls in flight at any time; 1: one after the other */
    BLOCK_BURST, /* window calls at once, then a wait for all of them; what is timed is the burst */
    BLOCK_HOLD   /* count calls that nobody answers: what is measured is the memory of each, in bytes */
} block_shape;

typedef struct block {
    block_shape shape;
    unsigned window, count;
    atomic_uint sent; /* those who send may be several threads */
    unsigned done;
    int64_t *began; /* of each call (or burst) */
    int64_t *ended;
    double bytes; /* of BLOCK_HOLD */
    void *userdata;
} block;

/* The number of the call that is sent now; false: all of them have been. */
bool block_take(block *b, unsigned *ret_number);
void block_end(block *b, unsigned number);

/* Memory of this process, in bytes. */
double block_resident(void);

/* Serves the driver until its standard input ends. run makes all calls of one block; false ends it as well. */
int block_serve(bool (*run)(block *b), void *userdata);

/* Says "ready TEXT" to the driver. */
void block_ready(const char *text);

#endif
