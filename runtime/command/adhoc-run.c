/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands: running one, and what comes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/adhoc.h"

#include "base/mem.h"
#include "command/result.h"
#include "serve/incoming.h"
#include "wire/writer.h"

enum {
    NOTE_MOST = 4096,  /* bytes of a result as text: its form is the whole */
    SMALLEST_FORM = 1024
};

/* What the answer needs when the request has gone. */
typedef struct running {
    adhoc *adhoc;
    char *id, *from, *to, *node;
    char dialog[DIALOG_ID_ROOM];
} running;

static void running_free(running *run)
{
    if (!run)
        return;
    free(run->id);
    free(run->from);
    free(run->to);
    free(run->node);
    free(run);
}

static running *running_new(const adhoc_request *r)
{
    running *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    run->adhoc = r->adhoc;
    run->id = strdup(r->address->id);
    run->from = strdup(r->address->from);
    run->to = r->address->to ? strdup(r->address->to) : NULL;
    run->node = strdup(r->node);
    snprintf(run->dialog, sizeof run->dialog, "%s", r->dialog);
    if (run->id && run->from && run->node && (run->to || !r->address->to))
        return run;
    running_free(run);
    return NULL;
}

/* ---- the end ---- */

static void write_note(buf *out, const char *type, const char *text)
{
    buf_printf(out, "<note type='%s'>", type);
    writer_safe_text(out, text);
    buf_append_lit(out, "</note>");
}

/* As text for those who look at notes alone, and as form. A form that is too large is left out: the note is cut. */
static void write_result(buf *out, const running *run, const call_outcome *outcome)
{
    AUTO(buf_done) buf text = BUF_INIT;
    result_write_text(&text, outcome, NOTE_MOST);
    write_note(out, outcome->kind == OUTCOME_RESULT ? "info" : "error", buf_failed(&text) ? "" : text.data);
    if (outcome->kind != OUTCOME_RESULT)
        return;
    size_t limit = run->adhoc->server->options.max_stanza, before = out->len;
    size_t room = limit > before + 2 * SMALLEST_FORM ? limit - before - SMALLEST_FORM : SMALLEST_FORM;
    if (result_write_form(out, outcome, run->node, room))
        return;
    buf_truncate(out, before);
    write_note(out, "warn", "The whole result is too large for one message.");
}

static void finish(const call_outcome *outcome, void *userdata)
{
    running *run = userdata;
    adhoc *a = run->adhoc;
    reply_address address = { .id = run->id, .from = run->from, .to = run->to };
    if (outcome->kind == OUTCOME_ERROR) {
        if (strcmp(outcome->type, "wait") == 0)
            dialogs_back(&a->dialogs, run->dialog);
        else
            dialogs_close(&a->dialogs, run->dialog);
        adhoc_refuse(a, &address, outcome->type, outcome->condition, NULL, outcome->text);
    } else {
        dialogs_close(&a->dialogs, run->dialog);
        AUTO(buf_done) buf out = BUF_INIT;
        adhoc_open_answer(&out, &address, run->node, run->dialog, "completed");
        write_result(&out, run, outcome);
        adhoc_close_answer(&out);
        server_send(a->server, &address, &out);
    }
    running_free(run);
}

/* ---- the beginning ---- */

static void no_memory(const adhoc_request *r)
{
    dialogs_back(&r->adhoc->dialogs, r->dialog);
    adhoc_refuse(r->adhoc, r->address, "wait", "resource-constraint", NULL, "out of memory");
}

void adhoc_run(const adhoc_request *r, const jrpc_method *method)
{
    AUTO(arguments_done) arguments a;
    form_problem problem;
    jrpc_status status = arguments_init(&a, method);
    if (status == JRPC_OK && r->form)
        status = form_read(r->form, &a, &problem);
    running *run = status == JRPC_OK ? running_new(r) : NULL;
    if (run) {
        incoming_local local = {
            .caller = r->address->from,
            .id = r->address->id,
            .method = r->node,
            .of = method,
            .ins = (const void *const *)a.values,
            .finish = finish,
            .userdata = run,
        };
        incoming_start_local(r->adhoc->server, &local);
    } else if (status == JRPC_E_INVALID || status == JRPC_E_TOO_LARGE) {
        dialogs_back(&r->adhoc->dialogs, r->dialog);
        adhoc_send_form(r, method, r->dialog, r->form, &problem);
    } else {
        no_memory(r);
    }
}
