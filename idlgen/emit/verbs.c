/* SPDX-License-Identifier: MIT */
/* The static inline functions of the header. */
#include "emit/verbs.h"

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"
#include "emit/text.h"
#include "emit/tmpl.h"
#include "emit/value.h"

static const char value_text[] =
    "static inline jrpc_status @T@_init(@T@ *value) { return jrpc_value_init(&@D@, value); }\n"
    "static inline void @T@_clear(@T@ *value) { jrpc_value_clear(&@D@, value); }\n"
    "static inline jrpc_status @T@_copy(const @T@ *from, @T@ *to)"
    " { return jrpc_value_copy(&@D@, from, to); }\n"
    "static inline bool @T@_equal(const @T@ *a, const @T@ *b) { return jrpc_value_equal(&@D@, a, b); }\n"
    "static inline void @T@_print(FILE *stream, const @T@ *value)"
    " { jrpc_value_print(stream, &@D@, value); }\n";

void verbs_value(buf *out, const char *type, const char *descriptor)
{
    TMPL(out, value_text, { "T", type }, { "D", descriptor });
}

static const char sequence_text[] =
    "static inline jrpc_status @T@_reserve(@T@ *seq, size_t want)"
    " { return jrpc_seq_reserve(seq, sizeof(@E@), want); }\n"
    "static inline jrpc_status @T@_push(@T@ *seq, @value@)"
    " { return jrpc_seq_push(seq, &value, sizeof value); }\n";

static void sequence(gen *g, buf *out, const char *name, const ast_type *type)
{
    const char *element = ctype_name(g, type->element);

    TMPL(out, sequence_text, { "T", name }, { "E", element }, { "value", text_join(g, element, "value") });
}

static const char get_text[] =
    "static inline @V@@T@_get(const @T@ *self, @key@)\n"
    "{\n"
    "    for (size_t i = 0; i < self->len; i++)\n"
    "        if (@same@)\n"
    "            return &self->data[i].value;\n"
    "    return NULL;\n"
    "}\n";

static const char put_text[] =
    "static inline jrpc_status @T@_put(@T@ *self, @key@, @value@)\n"
    "{\n"
    "    @V@old = @T@_get(self, key);\n"
    "    if (old) {\n"
    "@clear@"
    "        *old = value;\n"
    "        return JRPC_OK;\n"
    "    }\n"
    "    @entry@ entry = { @own_key@, value };\n"
    "@push@"
    "}\n";

static const char push_scalar_key[] = "    return jrpc_seq_push(self, &entry, sizeof entry);\n";

static const char push_string_key[] =
    "    jrpc_status status = entry.key ? jrpc_seq_push(self, &entry, sizeof entry) : JRPC_E_NOMEM;\n"
    "    if (status != JRPC_OK)\n"
    "        jrpc_free(entry.key);\n"
    "    return status;\n";

static void map_functions(gen *g, buf *out, const char *name, const ast_type *type)
{
    bool text_key = ctype_pass_of(type->key) == CTYPE_STRING;
    bool owns = ctype_pass_of(type->element) != CTYPE_VALUE;
    const char *value = ctype_name(g, type->element);
    const char *clear = gen_text(g, "        jrpc_value_clear(&%s, old);\n",
                                 ctype_plain_descriptor(g, type->element));

    const tmpl_hole holes[] = {
        { "T", name },
        { "V", text_join(g, gen_text(g, "%s*", text_join(g, value, "")), "") },
        { "key", ctype_param(g, type->key, false, "key") },
        { "value", text_join(g, value, "value") },
        { "same", text_key ? "self->data[i].key && strcmp(self->data[i].key, key) == 0"
                           : "self->data[i].key == key" },
        { "clear", owns ? clear : "" },
        { "entry", gen_text(g, "%s_entry", ctype_name(g, type)) },
        { "own_key", text_key ? "jrpc_strdup(key)" : "key" },
        { "push", text_key ? push_string_key : push_scalar_key },
        { NULL, NULL },
    };
    tmpl_emit(out, get_text, holes);
    tmpl_emit(out, put_text, holes);
}

void verbs_container(gen *g, buf *out, const char *name, const ast_type *type)
{
    if (type->kind == AST_TYPE_MAP)
        map_functions(g, out, name, type);
    else if (type->kind == AST_TYPE_SEQUENCE && !ast_type_is_bytes(type))
        sequence(g, out, name, type);
}

static const char enum_text[] =
    "static inline const char *@T@_to_string(@T@ value)"
    " { return jrpc_enum_to_string(&@T@_type, (int64_t)value); }\n"
    "static inline bool @T@_from_string(const char *name, @T@ *ret_value)\n"
    "{\n"
    "    int64_t value;\n"
    "    if (!jrpc_enum_from_string(&@T@_type, name, &value))\n"
    "        return false;\n"
    "    *ret_value = (@T@)value;\n"
    "    return true;\n"
    "}\n";

void verbs_enum(gen *g, buf *out, const ast_node *node)
{
    TMPL(out, enum_text, { "T", names_global(g, node) });
}

static const char set_has[] =
    "static inline void @T@_set_@part@(@T@ *self, @value@)\n"
    "{\n"
    "    self->has_@part@ = true;\n"
    "    self->@m@ = value;\n"
    "}\n";

static const char set_boxed[] =
    "static inline jrpc_status @T@_set_@part@(@T@ *self, @value@)\n"
    "{\n"
    "    @E@ *box = self->@m@ ? self->@m@ : (@E@ *)jrpc_alloc(sizeof(@E@));\n"
    "    if (!box)\n"
    "        return JRPC_E_NOMEM;\n"
    "    if (self->@m@)\n"
    "        jrpc_value_clear(&@D@, self->@m@);\n"
    "    *box = value;\n"
    "    self->@m@ = box;\n"
    "    return JRPC_OK;\n"
    "}\n";

static const char *part_of(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

void verbs_set_optional(gen *g, buf *out, const ast_node *structure, const ast_node *member)
{
    const ast_type *type = member->member.type;
    ctype_optional form = ctype_optional_of(member);

    if ((form != CTYPE_HAS && form != CTYPE_BOXED) || type->kind == AST_TYPE_ARRAY)
        return;
    const char *c = ctype_name(g, type);
    TMPL(out, form == CTYPE_HAS ? set_has : set_boxed, { "T", names_global(g, structure) },
         { "part", part_of(member) }, { "m", names_local(g, member) }, { "E", c },
         { "value", text_join(g, c, "value") }, { "D", ctype_plain_descriptor(g, type) });
}

static const char set_arm[] =
    "static inline void @T@_set_@part@(@T@ *self, @label@@value@)\n"
    "{\n"
    "    @T@_clear(self);\n"
    "    self->_d = @d@;\n"
    "    @assign@\n"
    "}\n";

/* The discriminator of an arm with one label; NULL when the caller has to choose. */
static const char *only_label(gen *g, const ast_node *union_, const ast_node *arm)
{
    if (arm->arm.label_count != 1 || arm->arm.is_default)
        return NULL;
    return value_label(g, union_, &arm->arm.labels[0]);
}

void verbs_set_arm(gen *g, buf *out, const ast_node *union_, const ast_node *arm)
{
    const ast_type *type = arm->arm.type;
    const char *label = only_label(g, union_, arm), *m = names_local(g, arm);
    const char *choose = gen_text(g, "%s, ",
                                  text_join(g, ctype_name(g, union_->union_.discriminator), "label"));
    const char *assign = gen_text(g, "self->_u.%s = value;", m);

    /* An array parameter is a pointer. */
    if (type->kind == AST_TYPE_ARRAY)
        assign = gen_text(g, "memcpy(self->_u.%s, value, sizeof self->_u.%s);", m, m);
    TMPL(out, set_arm, { "T", names_global(g, union_) }, { "part", part_of(arm) },
         { "label", label ? "" : choose }, { "value", ctype_declare(g, type, "value") },
         { "d", label ? label : "label" }, { "assign", assign });
}

static const char exception_text[] =
    "static inline const @T@ *@T@_of(const jrpc_error *error)"
    " { return (const @T@ *)jrpc_exception_of(error, &@T@_exception); }\n"
    "static inline jrpc_status @T@_raise(jrpc_call *call, const @T@ *value)"
    " { return jrpc_call_raise(call, &@T@_exception, value); }\n";

void verbs_exception(gen *g, buf *out, const ast_node *node)
{
    TMPL(out, exception_text, { "T", names_global(g, node) });
}
