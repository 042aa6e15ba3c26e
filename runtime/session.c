/* SPDX-License-Identifier: MIT */
/* The session: the object that ties link, calls and serving together. */
#include "session.h"

#include <jrpc/version.h>

const char *jrpc_version(void)
{
    return JRPC_VERSION;
}
