/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: what an IQ of type set holds. However it is made up, it is answered exactly once, with well-formed XML of
 * bounded size, and the next call is served.
 */
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "base/buf.h"
#include "base/mem.h"
#include "service.h"

const char *const fuzz_folders[] = { "fuzz/wire/seeds/calls", NULL };

static const char head[] = "<iq type='set' id='fuzz' from='" SERVICE_CALLER "' to='" SERVICE_CALLEE "'>";

static void must(bool truth)
{
    if (!truth)
        abort();
}

static bool count_answer(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    size_t *answers = userdata;
    if (strcmp(from, SERVICE_CALLEE) != 0 || !memmem(stanza, len, "id='fuzz'", 9))
        return true;
    must(len < 1 << 20);
    ++*answers;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    service *s = service_get();
    AUTO(buf_done) buf stanza = BUF_INIT;
    size_t answers = 0;
    buf_append(&stanza, head, sizeof head - 1);
    buf_append(&stanza, (const char *)data, size);
    buf_append_lit(&stanza, "</iq>");
    if (!service_inject(s, SERVICE_CALLEE, &stanza))
        return 0;
    loopback_set_filter(s->hub, count_answer, &answers);
    service_run(s);
    loopback_set_filter(s->hub, NULL, NULL);
    must(answers == 1);
    service_check(s);
    return 0;
}
