/* SPDX-License-Identifier: MIT */
/*
 * The measured call by sd-bus over a dbus-daemon: a broker of the same kind, on one machine only. For
 * comparison.
 *
 *   bus server ADDRESS
 *   bus client ADDRESS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "block.h"

static const char name[] = "bench.Rot13";
static const char text[] = "There was a young lady of Nantes";

static int rotate(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
    (void)userdata;
    (void)error;
    const char *given = NULL;
    int result = sd_bus_message_read(call, "s", &given);
    char *turned = result < 0 ? NULL : strdup(given);
    for (char *at = turned; at && *at; at++) {
        char base = *at >= 'a' && *at <= 'z' ? 'a' : 'A';
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z'))
            *at = (char)(base + (*at - base + 13) % 26);
    }
    result = turned ? sd_bus_reply_method_return(call, "s", turned) : -1;
    free(turned);
    return result;
}

static const sd_bus_vtable methods[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Rotate", "s", "s", rotate, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static void send_next(block *b);

static int on_answer(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    (void)error;
    block *b = userdata;
    if (sd_bus_message_is_method_error(answer, NULL))
        exit(1);
    block_end(b, b->done);
    send_next(b);
    return 0;
}

static void send_next(block *b)
{
    unsigned number;
    if (block_take(b, &number) && sd_bus_call_method_async(b->userdata, NULL, name, "/", name, "Rotate", on_answer, b, "s", text) < 0)
        exit(1);
}

static bool run_block(block *b)
{
    sd_bus *bus = b->userdata;
    for (unsigned i = 0; i < b->window; i++)
        send_next(b);
    while (b->done < b->count) {
        int result = sd_bus_process(bus, NULL);
        if (result < 0 || (result == 0 && sd_bus_wait(bus, UINT64_MAX) < 0))
            return false;
    }
    return true;
}

static int serve(sd_bus *bus)
{
    sd_bus_slot *slot = NULL;
    if (sd_bus_add_object_vtable(bus, &slot, "/", name, methods, NULL) < 0 ||
        sd_bus_request_name(bus, name, 0) < 0)
        return 1;
    block_ready(name);
    for (;;) {
        int result = sd_bus_process(bus, NULL);
        if (result < 0 || (result == 0 && sd_bus_wait(bus, UINT64_MAX) < 0))
            return 1;
    }
}

int main(int argc, char **argv)
{
    sd_bus *bus = NULL;
    if (argc != 3) {
        fputs("usage: bus server|client ADDRESS\n", stderr);
        return 2;
    }
    if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, argv[2]) < 0 || sd_bus_set_bus_client(bus, 1) < 0 ||
        sd_bus_start(bus) < 0) {
        fprintf(stderr, "bench bus: %s: cannot connect\n", argv[2]);
        return 3;
    }
    if (strcmp(argv[1], "server") == 0)
        return serve(bus);
    block_ready(argv[2]);
    return block_serve(run_block, bus);
}
