/* SPDX-License-Identifier: MIT */
/* The same service for programs: the functions behind build.idl. */
#include "bot.h"

static jrpc_status build_targets(jrpc_call *call, Build_Target_seq *ret_result)
{
    bot *b = jrpc_call_userdata(call);
    for (size_t i = 0; i < b->targets.count; i++) {
        const target *t = &b->targets.list[i];
        Build_Target one = { .name = jrpc_strdup(t->name), .help = jrpc_strdup(t->help) };
        if (!one.name || !one.help || Build_Target_seq_push(ret_result, one) != JRPC_OK) {
            jrpc_free(one.name);
            jrpc_free(one.help);
            return JRPC_E_NOMEM;
        }
    }
    return JRPC_OK;
}

/* Any thread, later: the answer to a call that was deferred. */
static void answer(const job_report *report, void *userdata)
{
    const Build_Report result = {
        .target = (char *)(void *)report->target,
        .ended = (Build_Outcome)report->run.outcome,
        .status = report->run.status,
        .seconds = report->run.seconds,
        .output = (char *)(void *)report->run.tail,
        .log = (char *)(void *)report->log,
    };
    if (report->run.outcome == RUNNER_NOT_STARTED)
        jrpc_call_fail(userdata, JRPC_E_INTERNAL);
    else
        Build_run_reply(userdata, &result);
}

static jrpc_status build_run(jrpc_call *call, const char *name, Build_Report *ret_result)
{
    bot *b = jrpc_call_userdata(call);
    const target *what = targets_find(&b->targets, name);
    (void)ret_result;
    if (!what)
        return Build_NoTarget_raise(call, &(Build_NoTarget){ .name = (char *)(void *)name });
    const job_owner owner = { jrpc_call_caller(call), NULL, answer, call };
    jrpc_call_defer(call); /* before it starts: it may be over before we are */
    switch (jobs_start(&b->jobs, what, &owner)) {
    case JOBS_STARTED:
        return JRPC_OK;
    case JOBS_FAILED:
        jrpc_call_fail(call, JRPC_E_INTERNAL);
        return JRPC_OK;
    default:
        jrpc_call_fail(call, Build_Busy_raise(call, &(Build_Busy){ 0 }));
        return JRPC_OK;
    }
}

static jrpc_status build_cancel(jrpc_call *call)
{
    bot *b = jrpc_call_userdata(call);
    if (jobs_cancel(&b->jobs, jrpc_call_caller(call)))
        return JRPC_OK;
    return Build_NotBuilding_raise(call, &(Build_NotBuilding){ 0 });
}

const Build_impl Build_implementation = {
    .targets = build_targets,
    .run = build_run,
    .cancel = build_cancel,
};
