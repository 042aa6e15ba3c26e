/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a TCP socket, and is told. */
#ifndef LINK_SOCKET_H
#define LINK_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes that were read from it since it was connected, and that wait to be read; false where the kernel does not say. What
 * comes between the kernel's two answers is missing from the first: it is exact when nothing waits, and never too large.
 */
bool socket_bytes_read(int fd, uint64_t *ret_bytes, uint64_t *ret_waiting);
/* The next acknowledgement is sent at once. */
void socket_quick_ack(int fd);
void socket_no_delay(int fd);

#endif
