/* SPDX-License-Identifier: MIT */
/* The methods behind Calc::Calculator. */
#include <pthread.h>
#include <string.h>

#include "calc.h"

enum { MEMORIES_MOST = 1000 };

/* Handlers run on several threads at once: what they share has a lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Calc_Memory memories[MEMORIES_MOST];
static size_t memory_count;

static jrpc_status add(jrpc_call *call, int32_t a, int32_t b, int64_t *ret_result)
{
    (void)call;
    *ret_result = (int64_t)a + b;
    return JRPC_OK;
}

static jrpc_status divide(jrpc_call *call, int32_t dividend, int32_t divisor, int32_t *ret_quotient,
                          int32_t *ret_remainder)
{
    if (divisor == 0)
        return Calc_DivisionByZero_raise(call, &(Calc_DivisionByZero){ .step = 0 });
    int64_t quotient = (int64_t)dividend / divisor; /* INT32_MIN / -1 does not fit 32 bits */
    if (quotient > INT32_MAX)
        return jrpc_call_fault(call, 3, "%d / %d is too large for a long", (int)dividend, (int)divisor);
    *ret_quotient = (int32_t)quotient;
    *ret_remainder = (int32_t)((int64_t)dividend % divisor);
    return JRPC_OK;
}

static double apply(const Calc_Step *step, double display)
{
    switch (step->op) {
    case Calc_Operator_ADD:
        return display + step->operand;
    case Calc_Operator_SUBTRACT:
        return display - step->operand;
    case Calc_Operator_MULTIPLY:
        return display * step->operand;
    case Calc_Operator_DIVIDE:
        return display / step->operand;
    }
    return display;
}

static jrpc_status run(jrpc_call *call, double start, const Calc_Program *steps, double *ret_result)
{
    double display = start;
    for (size_t i = 0; i < steps->len; i++) {
        const Calc_Step *step = &steps->data[i];
        if (step->op == Calc_Operator_DIVIDE && step->operand == 0)
            return Calc_DivisionByZero_raise(call, &(Calc_DivisionByZero){ .step = (uint32_t)i });
        display = apply(step, display);
    }
    *ret_result = display;
    return JRPC_OK;
}

/* Under the lock. */
static Calc_Memory *find(const char *name)
{
    for (size_t i = 0; i < memory_count; i++) {
        if (strcmp(memories[i].name, name) == 0)
            return &memories[i];
    }
    return NULL;
}

static jrpc_status store(jrpc_call *call, const char *name, double value)
{
    jrpc_status status = JRPC_OK;
    pthread_mutex_lock(&lock);
    Calc_Memory *memory = find(name);
    if (memory) {
        memory->value = value;
    } else if (memory_count == MEMORIES_MOST) {
        status = jrpc_call_fault(call, 4, "all %d memories are in use", MEMORIES_MOST);
    } else {
        char *copy = jrpc_strdup(name);
        status = copy ? JRPC_OK : JRPC_E_NOMEM;
        if (copy)
            memories[memory_count++] = (Calc_Memory){ .name = copy, .value = value };
    }
    pthread_mutex_unlock(&lock);
    return status;
}

static jrpc_status recall(jrpc_call *call, const char *name, double *ret_result)
{
    pthread_mutex_lock(&lock);
    const Calc_Memory *memory = find(name);
    if (memory)
        *ret_result = memory->value;
    pthread_mutex_unlock(&lock);
    return memory ? JRPC_OK : Calc_NoSuch_raise(call, &(Calc_NoSuch){ .name = (char *)(uintptr_t)name });
}

static jrpc_status list(jrpc_call *call, Calc_Memory_seq *ret_result)
{
    (void)call;
    jrpc_status status = JRPC_OK;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < memory_count && status == JRPC_OK; i++) {
        Calc_Memory copy;
        status = Calc_Memory_copy(&memories[i], &copy);
        if (status == JRPC_OK)
            status = Calc_Memory_seq_push(ret_result, copy);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

/* rpc-server calls it after the last call: what is kept here is nobody else's to free. */
void calc_module_done(void *userdata)
{
    (void)userdata;
    for (size_t i = 0; i < memory_count; i++)
        Calc_Memory_clear(&memories[i]);
    memory_count = 0;
}

const Calc_Calculator_impl Calc_Calculator_implementation = {
    .add = add,
    .divide = divide,
    .run = run,
    .store = store,
    .recall = recall,
    .memories = list,
};
