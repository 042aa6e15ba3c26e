/* SPDX-License-Identifier: MIT */
/* The flight recorder: the last calls of a ledger. */
#ifndef OBSERVE_RECORDER_H
#define OBSERVE_RECORDER_H

#include "observe/ledger.h"

/* Under the ledger's lock. */
void recorder_note(ledger *l, const ledger_entry *entry);

#endif
