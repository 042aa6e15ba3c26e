/* SPDX-License-Identifier: MIT */
/* Ownership helpers: every owning local is declared with one of these and leaves through TAKE_PTR(). */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdlib.h>

#define UNUSED(x) ((void)(x))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline void mem_autofree(void *p)
{
    free(*(void **)p);
}
/* autofree char *text = NULL; */
#define autofree __attribute__((cleanup(mem_autofree)))

/* AUTO_DONE(buf) gives a cleanup attribute that calls buf_done(&variable). */
#define AUTO(function) __attribute__((cleanup(function)))

/* Moves a pointer out of an owning variable. */
#define TAKE_PTR(p) \
    (__extension__({ \
        __typeof__(p) taken_ = (p); \
        (p) = NULL; \
        taken_; \
    }))

#endif
