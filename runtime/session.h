/* SPDX-License-Identifier: MIT */
/* The session: internal side. */
#ifndef SESSION_H
#define SESSION_H

#include <jrpc/session.h>

#endif
