/* SPDX-License-Identifier: MIT */
/* Random bytes. */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *ret_data, size_t len)
{
    char *at = ret_data;
    while (len) {
        ssize_t got = getrandom(at, len > 256 ? 256 : len, 0);
        if (got < 0) {
            /* Only a kernel without the call gets here: ids that can be guessed would be worse than no program. */
            if (errno != EINTR)
                abort();
            continue;
        }
        at += got;
        len -= (size_t)got;
    }
}

uint64_t random_u64(void)
{
    uint64_t value;
    random_bytes(&value, sizeof value);
    return value;
}
