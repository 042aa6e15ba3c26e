/* The functions behind docs.idl. This file is yours: idlgen will not write over it. */
#include "docs.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

/**
 * Says something.
 * On two lines.
 */
static jrpc_status docs_speaker_say(jrpc_call *call, const char *text)
{
    (void)text;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

/**
 * One line that is so long that it could not stand behind the opening of a comment and in front of its end without being wider than all others.
 */
static jrpc_status docs_speaker_shout(jrpc_call *call, const char *text)
{
    (void)text;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Docs_Speaker_impl Docs_Speaker_implementation = {
    .say = docs_speaker_say,
    .shout = docs_speaker_shout,
};
