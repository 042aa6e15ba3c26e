/* SPDX-License-Identifier: MIT */
/* Reading a stream until nothing is left of what has come. */
#ifndef LINK_INTAKE_H
#define LINK_INTAKE_H

#include "link/stream.h"

/* Makes libstrophe's passes, which write first what it was given. s->hungry: there is more, and others have their turn. */
void intake_all(stream *s);

#endif
