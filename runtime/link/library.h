/* SPDX-License-Identifier: MIT */
/* libstrophe's process-wide state. */
#ifndef LINK_LIBRARY_H
#define LINK_LIBRARY_H

#include <stdbool.h>

/* Before the first context: any thread, any number of times. False without memory. */
bool library_init(void);

#endif
