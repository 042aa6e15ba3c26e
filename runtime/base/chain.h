/* SPDX-License-Identifier: MIT */
/* Chains: circular lists whose links are embedded in the members. The head is a link too; a member can leave from anywhere. */
#ifndef BASE_CHAIN_H
#define BASE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct chain {
    struct chain *next, *prev;
} chain;

/* The object that holds the link. */
#define CHAIN_OF(link, type, member) ((type *)(void *)((char *)(link) - offsetof(type, member)))

static inline void chain_init(chain *head)
{
    head->next = head->prev = head;
}

static inline bool chain_is_empty(const chain *head)
{
    return head->next == head;
}

static inline void chain_add_last(chain *head, chain *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

static inline void chain_remove(chain *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    link->next = link->prev = link;
}

/* All of from's members are appended to head's, in order. */
static inline void chain_move_all(chain *head, chain *from)
{
    if (chain_is_empty(from))
        return;
    from->next->prev = head->prev;
    head->prev->next = from->next;
    from->prev->next = head;
    head->prev = from->prev;
    chain_init(from);
}

#endif
