/* SPDX-License-Identifier: MIT */
/* A link: passes on to its kind. */
#include "link/link.h"

void link_free(jabber_link *l)
{
    if (l)
        l->ops->free(l);
}

jrpc_status link_start(jabber_link *l, jrpc_error *error)
{
    return l->ops->start(l, error);
}

link_wait link_get_wait(const jabber_link *l)
{
    return l->ops->get_wait(l);
}

void link_process(jabber_link *l, int64_t now)
{
    l->ops->process(l, now);
}

bool link_send(jabber_link *l, const char *data, size_t len)
{
    return l->ops->send(l, data, len);
}

size_t link_queued(const jabber_link *l)
{
    return l->ops->queued(l);
}

bool link_is_up(const jabber_link *l)
{
    return l->ops->is_up(l);
}

link_limits link_get_limits(const jabber_link *l)
{
    return l->ops->get_limits ? l->ops->get_limits(l) : (link_limits){ 0, 0 };
}

bool link_set_password(jabber_link *l, const char *password)
{
    return !l->ops->set_password || l->ops->set_password(l, password);
}

void link_close(jabber_link *l)
{
    l->ops->close(l);
}

void link_abort(jabber_link *l)
{
    l->ops->abort(l);
}
