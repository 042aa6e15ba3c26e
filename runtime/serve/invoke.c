/* SPDX-License-Identifier: MIT */
/* Calling C functions from tables. */
#include "serve/invoke.h"

#include <ffi.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The call itself, the parameters and the result's pointer. */
enum { ARGUMENTS_MAX = 256 };

struct invoke_plan {
    ffi_cif cif;
    unsigned count;
    ffi_type *types[];
};

static bool is_scalar(const jrpc_type *type)
{
    return type->kind <= JRPC_KIND_WCHAR || type->kind == JRPC_KIND_ENUM || type->kind == JRPC_KIND_BITMASK;
}

/* Passed by value when it is an in parameter: scalars, strings and references. */
static bool is_by_value(const jrpc_type *type)
{
    return is_scalar(type) || type->kind == JRPC_KIND_STRING || type->kind == JRPC_KIND_ANY;
}

static ffi_type *unsigned_of_size(uint32_t size)
{
    switch (size) {
    case 1:
        return &ffi_type_uint8;
    case 2:
        return &ffi_type_uint16;
    case 4:
        return &ffi_type_uint32;
    case 8:
        return &ffi_type_uint64;
    default:
        return NULL;
    }
}

static ffi_type *value_type(const jrpc_type *type)
{
    switch ((jrpc_kind)type->kind) {
    case JRPC_KIND_I8:
        return &ffi_type_sint8;
    case JRPC_KIND_I16:
        return &ffi_type_sint16;
    case JRPC_KIND_I32:
        return &ffi_type_sint32;
    case JRPC_KIND_I64:
        return &ffi_type_sint64;
    case JRPC_KIND_FLOAT:
        return &ffi_type_float;
    case JRPC_KIND_DOUBLE:
        return &ffi_type_double;
    case JRPC_KIND_CHAR:
        return &ffi_type_schar;
    case JRPC_KIND_BOOL:
    case JRPC_KIND_U8:
    case JRPC_KIND_U16:
    case JRPC_KIND_U32:
    case JRPC_KIND_U64:
    case JRPC_KIND_WCHAR:
    case JRPC_KIND_ENUM:
    case JRPC_KIND_BITMASK:
        return unsigned_of_size(type->size);
    case JRPC_KIND_STRING:
    case JRPC_KIND_ANY:
    case JRPC_KIND_BYTES:
    case JRPC_KIND_DATETIME:
    case JRPC_KIND_STRUCT:
    case JRPC_KIND_UNION:
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_ARRAY:
    case JRPC_KIND_MAP:
        return &ffi_type_pointer;
    }
    return NULL;
}

static ffi_type *result_type(const jrpc_method *method)
{
    if (method->convention == JRPC_CALL_HANDLER)
        return &ffi_type_sint; /* jrpc_status */
    if (!method->result)
        return &ffi_type_void;
    return is_by_value(method->result) ? value_type(method->result) : NULL;
}

static jrpc_status fill_types(const jrpc_method *method, invoke_plan *plan, const char **ret_why)
{
    if (method->convention == JRPC_CALL_HANDLER)
        plan->types[plan->count++] = &ffi_type_pointer;
    for (size_t i = 0; i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        ffi_type *type = param->direction == JRPC_IN ? value_type(param->type) : &ffi_type_pointer;
        if (!type) {
            *ret_why = "a parameter has an unknown type";
            return JRPC_E_INVALID;
        }
        plan->types[plan->count++] = type;
    }
    if (method->convention == JRPC_CALL_HANDLER && method->result)
        plan->types[plan->count++] = &ffi_type_pointer;
    return JRPC_OK;
}

jrpc_status invoke_prepare(const jrpc_method *method, invoke_plan **ret_plan, const char **ret_why)
{
    if (method->param_count > ARGUMENTS_MAX - 2) {
        *ret_why = "too many parameters";
        return JRPC_E_INVALID;
    }
    ffi_type *result = result_type(method);
    if (!result) {
        *ret_why = "a plain function can return scalars and strings only";
        return JRPC_E_INVALID;
    }
    invoke_plan *plan = calloc(1, sizeof *plan + (method->param_count + 2U) * sizeof plan->types[0]);
    if (!plan)
        return JRPC_E_NOMEM;
    jrpc_status status = fill_types(method, plan, ret_why);
    if (status == JRPC_OK && ffi_prep_cif(&plan->cif, FFI_DEFAULT_ABI, plan->count, result, plan->types) != FFI_OK) {
        *ret_why = "libffi refuses its parameters";
        status = JRPC_E_INVALID;
    }
    if (status != JRPC_OK) {
        free(plan);
        return status;
    }
    *ret_plan = plan;
    return JRPC_OK;
}

void invoke_plan_free(invoke_plan *plan)
{
    free(plan);
}

/* ---- frames ---- */

static const jrpc_type *frame_type(const jrpc_method *method, size_t i)
{
    return i < method->param_count ? method->params[i].type : method->result;
}

jrpc_status invoke_frame_new(const jrpc_method *method, arena *memory, invoke_frame *ret_frame)
{
    size_t count = method->param_count + (method->result ? 1U : 0U);
    void **storage = arena_alloc(memory, count * sizeof *storage);
    if (!storage)
        return JRPC_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        storage[i] = arena_zalloc(memory, frame_type(method, i)->size);
        if (!storage[i])
            return JRPC_E_NOMEM;
    }
    *ret_frame = (invoke_frame){ storage, count };
    return JRPC_OK;
}

size_t invoke_frame_ins(const jrpc_method *method, const invoke_frame *frame, void **ret_pointers)
{
    size_t n = 0;
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_IN)
            ret_pointers[n++] = frame->storage[i];
    }
    return n;
}

size_t invoke_frame_outs(const jrpc_method *method, const invoke_frame *frame, void **ret_pointers)
{
    size_t n = 0;
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_OUT)
            ret_pointers[n++] = frame->storage[i];
    }
    if (method->result)
        ret_pointers[n++] = frame->storage[method->param_count];
    return n;
}

void invoke_frame_clear(const jrpc_method *method, const invoke_frame *frame)
{
    for (size_t i = 0; i < frame->count; i++)
        jrpc_value_clear(frame_type(method, i), frame->storage[i]);
}

/* ---- the call ---- */

/* libffi returns small integers widened to ffi_arg: a buffer of the type's own size would be overrun. */
typedef union wide_result {
    ffi_arg integer;
    ffi_sarg status;
    uint64_t u64;
    float f;
    double d;
    void *pointer;
} wide_result;

static void store_result(const jrpc_type *type, const wide_result *result, void *storage)
{
    if (type->kind == JRPC_KIND_FLOAT) {
        memcpy(storage, &result->f, sizeof result->f);
    } else if (type->kind == JRPC_KIND_DOUBLE || type->kind == JRPC_KIND_STRING || type->kind == JRPC_KIND_ANY ||
               type->size == 8) {
        memcpy(storage, &result->u64, 8);
    } else if (type->size == 4) {
        uint32_t value = (uint32_t)result->integer;
        memcpy(storage, &value, 4);
    } else if (type->size == 2) {
        uint16_t value = (uint16_t)result->integer;
        memcpy(storage, &value, 2);
    } else {
        uint8_t value = (uint8_t)result->integer;
        memcpy(storage, &value, 1);
    }
}

jrpc_status invoke_call(const invoke_plan *plan, const jrpc_method *method, invoke_fn function, struct jrpc_call *call,
                        const invoke_frame *frame)
{
    void *values[ARGUMENTS_MAX];
    unsigned n = 0;
    if (method->convention == JRPC_CALL_HANDLER)
        values[n++] = &call;
    for (size_t i = 0; i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        bool by_value = param->direction == JRPC_IN && is_by_value(param->type);
        values[n++] = by_value ? frame->storage[i] : (void *)&frame->storage[i];
    }
    if (method->convention == JRPC_CALL_HANDLER && method->result)
        values[n++] = &frame->storage[method->param_count];
    wide_result result = { 0 };
    /* ffi_call takes the plan without const, though it only reads it. */
    ffi_call((ffi_cif *)(uintptr_t)&plan->cif, function, &result, values);
    if (method->convention == JRPC_CALL_HANDLER)
        return (jrpc_status)result.status;
    if (method->result)
        store_result(method->result, &result, frame->storage[method->param_count]);
    return JRPC_OK;
}
