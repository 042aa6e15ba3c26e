/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a TCP socket, and is told. */
#ifndef LINK_SOCKET_H
#define LINK_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes that were read from it since it was connected; false where the kernel does not say. */
bool socket_bytes_read(int fd, uint64_t *ret_bytes);
/* The next acknowledgement is sent at once. */
void socket_quick_ack(int fd);
void socket_no_delay(int fd);

#endif
