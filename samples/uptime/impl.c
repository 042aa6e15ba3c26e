/* SPDX-License-Identifier: MIT */
/* The same service for programs: the functions behind uptime.idl. */
#include "bot.h"

static jrpc_status uptime_load(jrpc_call *call, Uptime_Averages *ret_result)
{
    double load[3];
    (void)call;
    monitor_load(load);
    *ret_result = (Uptime_Averages){ load[0], load[1], load[2] };
    return JRPC_OK;
}

static jrpc_status uptime_watch(jrpc_call *call, double threshold)
{
    bot *b = jrpc_call_userdata(call);
    if (!watchers_is_threshold(threshold))
        return Uptime_BadThreshold_raise(call, &(Uptime_BadThreshold){ threshold });
    watchers_start_result result = watchers_start(&b->watchers, jrpc_call_caller(call), JRPC_MESSAGE_NORMAL, NULL, threshold);
    state_save(&b->state, &b->watchers);
    switch (result) {
    case WATCHERS_FULL:
        return Uptime_TooMany_raise(call, &(Uptime_TooMany){ WATCHERS_MOST });
    case WATCHERS_NO_MEMORY:
        return JRPC_E_NOMEM;
    default:
        return JRPC_OK;
    }
}

static jrpc_status uptime_unwatch(jrpc_call *call)
{
    bot *b = jrpc_call_userdata(call);
    bool stopped = watchers_stop(&b->watchers, jrpc_call_caller(call));
    state_save(&b->state, &b->watchers);
    if (stopped)
        return JRPC_OK;
    return Uptime_NotWatching_raise(call, &(Uptime_NotWatching){ 0 });
}

const Uptime_impl Uptime_implementation = {
    .load = uptime_load,
    .watch = uptime_watch,
    .unwatch = uptime_unwatch,
};
