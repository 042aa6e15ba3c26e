/* SPDX-License-Identifier: MIT */
/* The rules of `idlgen lint`: their table. */
#include "lint/rules.h"

#include <string.h>

static const struct {
    const char *id, *summary;
    bool off; /* by default */
} rules[LINT_RULE_COUNT] = {
    [LINT_TYPE_NAME] = { "type-name", "types, exceptions and interfaces are CapWords", false },
    [LINT_MODULE_NAME] = { "module-name", "modules are CapWords or lower_case", false },
    [LINT_OPERATION_NAME] = { "operation-name", "operations and attributes are lowerCamel or lower_case", false },
    [LINT_MEMBER_NAME] = { "member-name", "members and parameters are lowerCamel or lower_case", false },
    [LINT_CONSTANT_NAME] = { "constant-name", "constants, enumerators and bits are UPPER_CASE", false },
    [LINT_DOC_MISSING] = { "doc-missing", "interfaces, operations, attributes and types have a description", false },
    [LINT_FAULT_IMPLICIT] = { "fault-implicit", "exceptions have a @fault code of their own", false },
    [LINT_ENUM_ZERO] = { "enum-zero", "an enumerator has the value 0", false },
    [LINT_DEPRECATED_WHY] = { "deprecated-why", "@deprecated says what to use instead", false },
    [LINT_BOOLEAN_PARAMETERS] = { "boolean-parameters", "an operation has at most one boolean to be given", false },
    [LINT_INCLUDE_UNUSED] = { "include-unused", "something of every included file is used", false },
    [LINT_TYPE_UNUSED] = { "type-unused", "in a file with operations, all types and exceptions are used", false },
    [LINT_WIRE_WIDE_INTEGER] = { "wire-wide-integer", "integers of 64 bits travel as <i8>, which strict peers refuse",
                                 false },
    [LINT_WIRE_ANY] = { "wire-any", "any may hold what strict peers cannot read", false },
    [LINT_WIRE_OPTIONAL] = { "wire-optional", "peers may expect members that are @optional", true },
    [LINT_WIRE_EMPTY_STRUCT] = { "wire-empty-struct", "XEP-0009 knows no <struct> without members", false },
    [LINT_ALLOW_UNKNOWN] = { "allow-unknown", "comments that begin with idl-lint: can be understood", false },
    [LINT_ALLOW_UNUSED] = { "allow-unused", "idl-lint: allow() allows something", false },
};

lint_set lint_set_default(void)
{
    lint_set set;
    for (size_t i = 0; i < LINT_RULE_COUNT; i++)
        set.on[i] = !rules[i].off;
    return set;
}

lint_rule lint_rule_find(const char *id, size_t len)
{
    size_t i = 0;
    while (i < LINT_RULE_COUNT && (strlen(rules[i].id) != len || memcmp(rules[i].id, id, len) != 0))
        i++;
    return (lint_rule)i;
}

const char *lint_rule_id(lint_rule rule)
{
    return rules[rule].id;
}

const char *lint_rule_summary(lint_rule rule)
{
    return rules[rule].summary;
}

bool lint_set_change(lint_set *set, const char *ids, size_t len, bool on, const char **ret_bad, size_t *ret_len)
{
    bool good = true;
    for (size_t at = 0; at <= len;) {
        size_t end = at, start = at, stop;
        while (end < len && ids[end] != ',')
            end++;
        for (stop = end; start < stop && ids[start] == ' '; start++)
            ;
        for (; stop > start && ids[stop - 1] == ' '; stop--)
            ;
        bool all = stop - start == 3 && memcmp(ids + start, "all", 3) == 0;
        lint_rule rule = lint_rule_find(ids + start, stop - start);
        for (size_t i = 0; all && i < LINT_RULE_COUNT; i++)
            set->on[i] = on;
        if (rule != LINT_RULE_COUNT) {
            set->on[rule] = on;
        } else if (!all && good) {
            *ret_bad = ids + start;
            *ret_len = stop - start;
            good = false;
        }
        at = end + 1;
    }
    return good;
}
