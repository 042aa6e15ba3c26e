/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a TCP socket, and is told. */
#include "link/socket.h"

#include <linux/tcp.h> /* libc's tcp_info lacks tcpi_bytes_received, and the two headers exclude each other */
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

bool socket_bytes_read(int fd, uint64_t *ret_bytes, uint64_t *ret_waiting)
{
    struct tcp_info info;
    socklen_t len = sizeof info;
    int waiting = 0;
    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || ioctl(fd, FIONREAD, &waiting) < 0)
        return false;
    *ret_waiting = waiting > 0 ? (unsigned)waiting : 0U;
    *ret_bytes = info.tcpi_bytes_received > *ret_waiting ? info.tcpi_bytes_received - *ret_waiting : 0;
    return true;
}

/* Neither of these is worth failing for. */
static void turn_on(int fd, int option)
{
    const int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, option, &on, sizeof on) < 0)
        return;
}

void socket_quick_ack(int fd)
{
    turn_on(fd, TCP_QUICKACK);
}

void socket_no_delay(int fd)
{
    turn_on(fd, TCP_NODELAY);
}
