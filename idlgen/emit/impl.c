/* SPDX-License-Identifier: MIT */
/* The -impl.c file: a first implementation to start from. */
#include "emit/server.h"

#include <ctype.h>

#include "emit/ctype.h"
#include "emit/method.h"
#include "emit/module.h"
#include "emit/names.h"
#include "emit/text.h"
#include "emit/tmpl.h"

static const char top_text[] =
    "/* The functions behind @stem@.idl. This file is yours: idlgen will not write over it. */\n"
    "#include \"@stem@.h\"\n"
    "\n"
    "/*\n"
    " * What a handler is given lives until it returns. What it gives back through ret_... is on the heap\n"
    " * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.\n"
    " */\n";

static const char body_text[] =
    "    return jrpc_call_fault(call, 1, \"%s is not implemented yet\", jrpc_call_method(call));\n"
    "}\n";

/* Unlike the stubs' names, which are taken: "calc_calculator_add". */
static const char *function_name(gen *g, const ast_node *interface, const method *m)
{
    buf name = BUF_INIT;

    for (const char *c = names_global(g, interface); *c; c++)
        buf_append_char(&name, (char)tolower((unsigned char)*c));
    buf_printf(&name, "_%s", m->slot);
    return map_get_str(&g->globals, name.data ? name.data : "") ? gen_text(g, "%s_impl", gen_take(g, &name))
                                                                : gen_take(g, &name);
}

static void handler(gen *g, buf *out, const ast_node *interface, const method *m)
{
    method_signature s = method_params(g, m, METHOD_HANDLER);

    buf_append_char(out, '\n');
    text_doc(out, "", m->node);
    text_signature(out, gen_text(g, "static jrpc_status %s(", function_name(g, interface, m)), s.at, s.len,
                   ")\n{\n");
    for (size_t i = 0; i < m->param_count; i++)
        buf_printf(out, "    (void)%s;\n", m->params[i].c_name);
    if (m->result)
        buf_append_str(out, "    (void)ret_result;\n");
    buf_append_str(out, body_text);
}

static void implementation(gen *g, const ast_node *node, void *context)
{
    const method_list *methods = method_all(g, node);
    const char *name = names_global(g, node);

    for (size_t i = 0; i < methods->len; i++)
        handler(g, context, node, &methods->at[i]);
    TMPL(context, "\nconst @I@_impl @I@_implementation = {\n", { "I", name });
    for (size_t i = 0; i < methods->len; i++)
        TMPL(context, "    .@slot@ = @f@,\n", { "slot", methods->at[i].slot },
             { "f", function_name(g, node, &methods->at[i]) });
    buf_append_str(context, methods->len ? "};\n" : "    .empty_ = 0,\n};\n");
}

void impl_render(gen *g, buf *out)
{
    TMPL(out, top_text, { "stem", g->stem });
    module_each_service(g, implementation, out);
}
