/* The functions behind interfaces.idl. This file is yours: idlgen will not write over it. */
#include "interfaces.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

/** Is anybody there? */
static jrpc_status interfaces_both_ping(jrpc_call *call, char **ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_get_version(jrpc_call *call, int32_t *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_turn_left(jrpc_call *call, int32_t n)
{
    (void)n;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_turn_right(jrpc_call *call, int32_t n)
{
    (void)n;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_get_title(jrpc_call *call, char **ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_set_title(jrpc_call *call, const char *value)
{
    (void)value;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_sum(jrpc_call *call, int32_t *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Deprecated: use sum. */
static jrpc_status interfaces_both_add(jrpc_call *call, int32_t *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_both_note(jrpc_call *call, const char *text)
{
    (void)text;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Interfaces_Both_impl Interfaces_Both_implementation = {
    .ping = interfaces_both_ping,
    .get_version = interfaces_both_get_version,
    .turn_left = interfaces_both_turn_left,
    .turn_right = interfaces_both_turn_right,
    .get_title = interfaces_both_get_title,
    .set_title = interfaces_both_set_title,
    .sum = interfaces_both_sum,
    .add = interfaces_both_add,
    .note = interfaces_both_note,
};

const Interfaces_Nothing_impl Interfaces_Nothing_implementation = {
    .empty_ = 0,
};

static jrpc_status interfaces_renamed_op(jrpc_call *call)
{
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_renamed_other(jrpc_call *call)
{
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status interfaces_renamed_get_ready(jrpc_call *call, bool *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Interfaces_Renamed_impl Interfaces_Renamed_implementation = {
    .op = interfaces_renamed_op,
    .other = interfaces_renamed_other,
    .get_ready = interfaces_renamed_get_ready,
};
