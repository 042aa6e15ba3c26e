/* SPDX-License-Identifier: MIT */
/* C code from the checked tree of one IDL file. */
#include "emit/emit.h"

#include "base/mem.h"
#include "emit/client.h"
#include "emit/declare.h"
#include "emit/doc.h"
#include "emit/gen.h"
#include "emit/header.h"
#include "emit/module.h"
#include "emit/names.h"
#include "emit/output.h"
#include "emit/python.h"
#include "emit/server.h"
#include "emit/types.h"

typedef struct part {
    emit_part bit;
    const char *suffix;
    void (*render)(gen *g, buf *out);
} part;

static const part parts[] = {
    { EMIT_HEADER, ".h", header_render },        { EMIT_TYPES, "-types.c", types_render },
    { EMIT_CLIENT, "-client.c", client_render }, { EMIT_SERVER, "-server.c", server_render },
    { EMIT_MODULE, "-module.c", module_render }, { EMIT_IMPL, "-impl.c", impl_render },
    { EMIT_MARKDOWN, ".md", doc_markdown_render }, { EMIT_HTML, ".html", doc_html_render },
    { EMIT_PYTHON, ".py", python_render },
    { EMIT_PYTHON_SCALARS, "jrpc_scalars.py", python_scalars_render },
    { EMIT_PYTHON_TYPES, "jrpc_types.py", python_types_render },
    { EMIT_PYTHON_MESSAGES, "jrpc_messages.py", python_messages_render },
    { EMIT_PYTHON_SLIXMPP, "jrpc_slixmpp.py", python_slixmpp_render },
    { EMIT_PYTHON_XML, "jrpc_xml.py", python_xml_render },
};

static void count_service(gen *g, const ast_node *interface, void *context)
{
    (void)g;
    (void)interface;
    ++*(size_t *)context;
}

static bool check_module(gen *g, diag *d)
{
    size_t services = 0;

    module_each_service(g, count_service, &services);
    if (services)
        return true;
    diag_report(d, DIAG_ERROR, "empty-module", (place){ 0 }, "%s has no interface that a module could serve",
                g->unit->name);
    return false;
}

jrpc_status emit_check(const ast_unit *unit, const emit_options *options, diag *d)
{
    gen g;
    bool good = gen_init(&g, unit, options) && names_check(&g, d);

    if (good && (options->parts & (EMIT_MODULE | EMIT_IMPL)))
        good = check_module(&g, d);
    if (good && (options->parts & EMIT_PYTHON))
        good = python_check(&g, d);
    jrpc_status status = g.failed ? JRPC_E_NOMEM : good ? JRPC_OK : JRPC_E_INVALID;
    gen_done(&g);
    return status;
}

/* Everything that rendering needs to know beforehand. */
static bool prepare(gen *g, const ast_unit *unit, const emit_options *options)
{
    if (!gen_init(g, unit, options))
        return false;
    names_check(g, NULL);
    declare_included(g);
    return !g->failed;
}

static jrpc_status render(gen *g, const part *p, buf *out)
{
    p->render(g, out);
    return g->failed || buf_failed(out) ? JRPC_E_NOMEM : JRPC_OK;
}

static const part *find_part(emit_part bit)
{
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].bit == bit)
            return &parts[i];
    return NULL;
}

jrpc_status emit_render(const ast_unit *unit, const emit_options *options, emit_part bit, buf *out)
{
    gen g;
    const part *p = find_part(bit);
    jrpc_status status = p ? JRPC_E_NOMEM : JRPC_E_INVALID;

    if (prepare(&g, unit, options) && p)
        status = render(&g, p, out);
    gen_done(&g);
    return status;
}

/* ---- files ---- */

static const char *base_of(gen *g, emit_part bit)
{
    return bit == EMIT_PYTHON ? python_module(g) : bit > EMIT_PYTHON ? "" : g->stem;
}

char *emit_output_name(const ast_unit *unit, const emit_options *options, emit_part bit)
{
    AUTO(buf_done) buf name = BUF_INIT;
    const part *p = find_part(bit);
    gen g;

    if (options->output) {
        buf_append_str(&name, options->output);
        return buf_take(&name);
    }
    if (gen_init(&g, unit, options) && p) {
        if (options->outdir && *options->outdir)
            buf_printf(&name, "%s%s", options->outdir,
                       options->outdir[strlen(options->outdir) - 1] == '/' ? "" : "/");
        buf_printf(&name, "%s%s", base_of(&g, bit), p->suffix);
    }
    bool failed = g.failed || !p;
    gen_done(&g);
    return failed ? NULL : buf_take(&name);
}

static jrpc_status write_part(const ast_unit *unit, const emit_options *options, const part *p,
                              const buf *text, emit_failure *ret_failure)
{
    autofree char *path = emit_output_name(unit, options, p->bit);

    if (!path)
        return JRPC_E_NOMEM;
    if (p->bit == EMIT_IMPL && output_exists(path))
        return JRPC_OK;
    return output_write(path, text, ret_failure);
}

jrpc_status emit_write(const ast_unit *unit, const emit_options *options, emit_failure *ret_failure)
{
    gen g;
    buf texts[COUNT_OF(parts)] = { BUF_INIT };
    jrpc_status status = prepare(&g, unit, options) ? JRPC_OK : JRPC_E_NOMEM;

    *ret_failure = (emit_failure){ "", "" };
    for (size_t i = 0; i < COUNT_OF(parts) && status == JRPC_OK; i++)
        if (options->parts & parts[i].bit)
            status = render(&g, &parts[i], &texts[i]);
    for (size_t i = 0; i < COUNT_OF(parts) && status == JRPC_OK; i++)
        if (options->parts & parts[i].bit)
            status = write_part(unit, options, &parts[i], &texts[i], ret_failure);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        buf_done(&texts[i]);
    gen_done(&g);
    return status;
}
