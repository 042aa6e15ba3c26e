/* SPDX-License-Identifier: MIT */
/* The static inline functions of the header. */
#include "emit/verbs.h"

#include <string.h>

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"
#include "emit/text.h"
#include "emit/tmpl.h"
#include "emit/value.h"

void verbs_value(buf *out, const char *type, const char *descriptor)
{
    size_t len = strlen(type);
    bool own = strncmp(descriptor, type, len) == 0 && strcmp(descriptor + len, "_type") == 0;

    if (own)
        TMPL(out, "JRPC_DECLARE_VALUE(@T@);\n", { "T", type });
    else
        TMPL(out, "JRPC_DECLARE_VALUE_OF(@T@, @D@);\n", { "T", type }, { "D", descriptor });
}

static void map_functions(gen *g, buf *out, const char *name, const ast_type *type)
{
    bool text_key = ctype_pass_of(type->key) == CTYPE_STRING;

    TMPL(out, text_key ? "JRPC_DECLARE_TEXT_MAP(@T@, @V@, @D@);\n" : "JRPC_DECLARE_MAP(@T@, @K@, @V@, @D@);\n",
         { "T", name }, { "K", ctype_name(g, type->key) }, { "V", ctype_name(g, type->element) },
         { "D", ctype_plain_descriptor(g, type->element) });
}

void verbs_container(gen *g, buf *out, const char *name, const ast_type *type)
{
    if (type->kind == AST_TYPE_MAP)
        map_functions(g, out, name, type);
    else if (type->kind == AST_TYPE_SEQUENCE && !ast_type_is_bytes(type))
        TMPL(out, "JRPC_DECLARE_SEQUENCE(@T@, @E@);\n", { "T", name }, { "E", ctype_name(g, type->element) });
}

static const char set_has[] =
    "{\n"
    "    self->has_@part@ = true;\n"
    "    self->@m@ = value;\n"
    "}\n";

static const char *part_of(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

void verbs_set_optional(gen *g, buf *out, buf *setters, const ast_node *structure, const ast_node *member)
{
    const ast_type *type = member->member.type;
    ctype_optional form = ctype_optional_of(member);

    if ((form != CTYPE_HAS && form != CTYPE_BOXED) || type->kind == AST_TYPE_ARRAY)
        return;
    const char *c = ctype_name(g, type), *name = names_global(g, structure), *m = names_local(g, member);
    if (form == CTYPE_BOXED) {
        TMPL(out, "JRPC_DECLARE_BOX(@T@, @part@, @m@, @E@, @D@);\n", { "T", name }, { "part", part_of(member) },
             { "m", m }, { "E", c }, { "D", ctype_plain_descriptor(g, type) });
        return;
    }
    const char *params[] = { gen_text(g, "%s *self", name), text_join(g, c, "value") };
    text_signature(setters, gen_text(g, "\nstatic inline void %s_set_%s(", name, part_of(member)), params,
                   COUNT_OF(params), ")\n");
    TMPL(setters, set_has, { "part", part_of(member) }, { "m", m });
}

/* One label: there is nothing to choose. */
static const char set_arm[] =
    "{\n"
    "    @T@_clear(self);\n"
    "    self->_d = @d@;\n"
    "    @assign@\n"
    "}\n";

static const char choose_arm[] =
    "{\n"
    "    jrpc_status status = jrpc_union_select(&@T@_type, self, @index@, (int64_t)label);\n"
    "    if (status == JRPC_OK)\n"
    "        @assign@\n"
    "    return status;\n"
    "}\n";

/* The discriminator of an arm with one label; NULL when the caller has to choose. */
static const char *only_label(gen *g, const ast_node *union_, const ast_node *arm)
{
    if (arm->arm.label_count != 1 || arm->arm.is_default)
        return NULL;
    return value_label(g, union_, &arm->arm.labels[0]);
}

void verbs_set_arm(gen *g, buf *setters, const ast_node *union_, size_t index)
{
    const ast_node *arm = union_->union_.arms.at[index];
    const ast_type *type = arm->arm.type;
    const char *label = only_label(g, union_, arm), *m = names_local(g, arm), *name = names_global(g, union_);
    const char *assign = gen_text(g, "self->_u.%s = value;", m);
    const char *params[] = { gen_text(g, "%s *self", name), ctype_declare(g, type, "value"), NULL };

    if (!label) {
        params[2] = params[1];
        params[1] = text_join(g, ctype_name(g, union_->union_.discriminator), "label");
    }
    /* An array parameter is a pointer. */
    if (type->kind == AST_TYPE_ARRAY)
        assign = gen_text(g, "memcpy(self->_u.%s, value, sizeof self->_u.%s);", m, m);
    text_signature(setters,
                   gen_text(g, "\nstatic inline %s %s_set_%s(", label ? "void" : "jrpc_status", name, part_of(arm)),
                   params, label ? 2 : 3, ")\n");
    TMPL(setters, label ? set_arm : choose_arm, { "T", name }, { "d", label ? label : "" }, { "assign", assign },
         { "index", gen_text(g, "%zu", index) });
}
