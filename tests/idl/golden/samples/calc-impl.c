/* The functions behind calc.idl. This file is yours: idlgen will not write over it. */
#include "calc.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

/** Adds two numbers. */
static jrpc_status calc_calculator_add(jrpc_call *call, int32_t a, int32_t b, int64_t *ret_result)
{
    (void)a;
    (void)b;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Divides whole numbers: dividend = divisor * quotient + remainder. */
static jrpc_status calc_calculator_divide(jrpc_call *call, int32_t dividend, int32_t divisor,
        int32_t *ret_quotient, int32_t *ret_remainder)
{
    (void)dividend;
    (void)divisor;
    (void)ret_quotient;
    (void)ret_remainder;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Starts from a number and does one step after the other. */
static jrpc_status calc_calculator_run(jrpc_call *call, double start, const Calc_Program *steps,
        double *ret_result)
{
    (void)start;
    (void)steps;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Keeps a number under a name, in place of what was there. */
static jrpc_status calc_calculator_store(jrpc_call *call, const char *name, double value)
{
    (void)name;
    (void)value;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Gives back what is kept under a name. */
static jrpc_status calc_calculator_recall(jrpc_call *call, const char *name, double *ret_result)
{
    (void)name;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/** Everything that is kept, by name. */
static jrpc_status calc_calculator_memories(jrpc_call *call, Calc_Memory_seq *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Calc_Calculator_impl Calc_Calculator_implementation = {
    .add = calc_calculator_add,
    .divide = calc_calculator_divide,
    .run = calc_calculator_run,
    .store = calc_calculator_store,
    .recall = calc_calculator_recall,
    .memories = calc_calculator_memories,
};
