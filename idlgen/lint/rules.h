/* SPDX-License-Identifier: MIT */
/* The rules of `idlgen lint`. Each has a page in `idlgen explain`. */
#ifndef LINT_RULES_H
#define LINT_RULES_H

#include <stdbool.h>
#include <stddef.h>

typedef enum lint_rule {
    LINT_TYPE_NAME = 0,
    LINT_MODULE_NAME,
    LINT_OPERATION_NAME,
    LINT_MEMBER_NAME,
    LINT_CONSTANT_NAME,
    LINT_DOC_MISSING,
    LINT_FAULT_IMPLICIT,
    LINT_ENUM_ZERO,
    LINT_DEPRECATED_WHY,
    LINT_BOOLEAN_PARAMETERS,
    LINT_INCLUDE_UNUSED,
    LINT_TYPE_UNUSED,
    LINT_WIRE_WIDE_INTEGER,
    LINT_WIRE_ANY,
    LINT_WIRE_OPTIONAL,
    LINT_WIRE_EMPTY_STRUCT,
    LINT_ALLOW_UNKNOWN,
    LINT_ALLOW_UNUSED,
    LINT_RULE_COUNT
} lint_rule;

/* Which rules are asked. */
typedef struct lint_set {
    bool on[LINT_RULE_COUNT];
} lint_set;

lint_set lint_set_default(void);
/* LINT_RULE_COUNT when there is none. */
lint_rule lint_rule_find(const char *id, size_t len);
const char *lint_rule_id(lint_rule rule);
/* In one line. */
const char *lint_rule_summary(lint_rule rule);
/*
 * Switches "id,id" or "all" on or off. False: one is unknown; *ret_bad and *ret_len tell which, the others are
 * switched.
 */
bool lint_set_change(lint_set *set, const char *ids, size_t len, bool on, const char **ret_bad, size_t *ret_len);

#endif
