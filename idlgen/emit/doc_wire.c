/* SPDX-License-Identifier: MIT */
/* What calls look like on the wire: examples in XML. */
#include "emit/doc_wire.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Types may contain each other: an example ends somewhere. */
enum { VALUES_MAX = 60, DEPTH_MAX = 8 };

typedef struct wire {
    gen *g;
    buf *out;
    int depth;  /* of indentation */
    int values; /* written so far */
} wire;

static void value(wire *w, const ast_type *type, const ast_node *node);

/* ---- pieces ---- */

static void escape(buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            buf_append_lit(out, "&amp;");
        else if (*text == '<')
            buf_append_lit(out, "&lt;");
        else if (*text == '>')
            buf_append_lit(out, "&gt;");
        else
            buf_append_char(out, *text);
    }
}

static void line(wire *w)
{
    buf_printf(w->out, "\n%*s", w->depth * 2, "");
}

static bool is_full(const wire *w)
{
    return w->values >= VALUES_MAX || w->depth >= DEPTH_MAX;
}

static void name(wire *w, const char *text)
{
    line(w);
    buf_append_lit(w->out, "<member><name>");
    escape(w->out, text);
    buf_append_lit(w->out, "</name>");
}

static void member(wire *w, const ast_node *node, const ast_type *type)
{
    name(w, node->wire_name);
    value(w, type, node);
    buf_append_lit(w->out, "</member>");
}

static void string(wire *w, const char *text)
{
    buf_append_lit(w->out, "<string>");
    escape(w->out, text);
    buf_append_lit(w->out, "</string>");
}

/* ---- scalars ---- */

static int64_t clamp(int64_t number, const ast_value *min, const ast_value *max)
{
    if (min && min->kind == AST_VALUE_INTEGER && (min->big || number < min->integer))
        return min->integer;
    if (max && max->kind == AST_VALUE_INTEGER && !max->big && number > max->integer)
        return max->integer;
    return number;
}

static void integer(wire *w, const ast_type *type, const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;
    const char *tag = "i4";

    if (node)
        ast_range_of(node, &min, &max);
    int64_t number = clamp(1, min, max);
    if (type->wire_string)
        tag = "string";
    else if (number > INT32_MAX || number < INT32_MIN)
        tag = "i8";
    if (min && min->big)
        buf_printf(w->out, "<%s>%" PRIu64 "</%s>", tag, (uint64_t)number, tag);
    else
        buf_printf(w->out, "<%s>%" PRId64 "</%s>", tag, number, tag);
}

static void real(wire *w, const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;
    double number = 1.5;

    if (node)
        ast_range_of(node, &min, &max);
    if (min && min->kind == AST_VALUE_DOUBLE && number < min->real)
        number = min->real;
    if (max && max->kind == AST_VALUE_DOUBLE && number > max->real)
        number = max->real;
    buf_printf(w->out, "<double>%.10g</double>", number);
}

static void text(wire *w, uint32_t bound)
{
    static const char example[] = "text";

    if (bound && bound < strlen(example))
        buf_printf(w->out, "<string>%.*s</string>", (int)bound, example);
    else
        string(w, example);
}

static void bytes(wire *w, uint32_t bound)
{
    buf_printf(w->out, "<base64>%s</base64>", bound == 1 ? "AQ==" : bound == 2 ? "AQI=" : "AQID");
}

static void enumerator(wire *w, const ast_node *definition)
{
    const ast_node *first = definition->enumeration.enumerators.at[0];

    if (definition->notes->wire == AST_WIRE_INT)
        buf_printf(w->out, "<i4>%" PRId64 "</i4>", first->enumerator.value);
    else
        string(w, first->wire_name);
}

static void bitmask(wire *w, const ast_node *definition)
{
    const ast_list *bits = &definition->bitmask.bits;
    uint64_t number = bits->len ? UINT64_C(1) << bits->at[0]->bit.position : 0;
    const char *tag = number > INT32_MAX ? "i8" : "i4";

    buf_printf(w->out, "<%s>%" PRIu64 "</%s>", tag, number, tag);
}

/* ---- containers ---- */

static void members(wire *w, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        member(w, list->at[i], list->at[i]->member.type);
}

static void base_members(wire *w, const ast_node *definition)
{
    const ast_node *base = definition->structure.base;

    if (base)
        base_members(w, base);
    members(w, &definition->structure.members);
}

static void character(wire *w, int64_t code_point)
{
    char text_of[5] = "";

    if (utf8_is_xml_char((uint32_t)code_point))
        utf8_encode((uint32_t)code_point, text_of);
    string(w, text_of);
}

static void label(wire *w, const ast_node *definition, const ast_arm *arm)
{
    const ast_type *type = ast_type_resolve(definition->union_.discriminator);
    int64_t number = arm->label_count ? arm->labels[0].value : definition->union_.default_label;
    bool by_name = type->kind == AST_TYPE_NAMED && type->def->notes->wire != AST_WIRE_INT;

    if (by_name && arm->label_count && arm->labels[0].enumerator)
        string(w, arm->labels[0].enumerator->wire_name);
    else if (type->kind == AST_TYPE_BOOLEAN)
        buf_printf(w->out, "<boolean>%d</boolean>", number != 0);
    else if (type->kind == AST_TYPE_CHAR || type->kind == AST_TYPE_WCHAR)
        character(w, number);
    else if (by_name)
        enumerator(w, type->def);
    else if (number > INT32_MAX || number < INT32_MIN)
        buf_printf(w->out, "<i8>%" PRId64 "</i8>", number);
    else
        buf_printf(w->out, "<i4>%" PRId64 "</i4>", number);
}

static void union_members(wire *w, const ast_node *definition)
{
    const ast_node *arm = definition->union_.arms.len ? definition->union_.arms.at[0] : NULL;

    if (!arm)
        return;
    name(w, "_d");
    buf_append_lit(w->out, "<value>");
    label(w, definition, &arm->arm);
    buf_append_lit(w->out, "</value></member>");
    member(w, arm, arm->arm.type);
}

static void key(wire *w, const ast_type *type)
{
    type = ast_type_resolve(type);
    if (type->kind == AST_TYPE_NAMED && type->def->kind == AST_ENUM)
        name(w, type->def->notes->wire == AST_WIRE_INT
                    ? gen_text(w->g, "%" PRId64, type->def->enumeration.enumerators.at[0]->enumerator.value)
                    : type->def->enumeration.enumerators.at[0]->wire_name);
    else if (ast_type_is_integer(type->kind) || type->kind == AST_TYPE_BOOLEAN)
        name(w, "1");
    else
        name(w, type->kind == AST_TYPE_STRING || type->kind == AST_TYPE_WSTRING ? "key" : "k");
}

static void entry(wire *w, const ast_type *type)
{
    key(w, type->key);
    value(w, type->element, NULL);
    buf_append_lit(w->out, "</member>");
}

static void elements(wire *w, const ast_type *type)
{
    uint32_t count = type->kind == AST_TYPE_ARRAY && type->bound > 1 ? 2 : 1;

    for (uint32_t i = 0; i < count; i++) {
        line(w);
        value(w, type->element, NULL);
    }
    if (type->kind == AST_TYPE_ARRAY && type->bound > count) {
        line(w);
        buf_printf(w->out, "<!-- %" PRIu32 " in all -->", type->bound);
    }
}

static void container(wire *w, const ast_type *type)
{
    bool is_array = type->kind == AST_TYPE_SEQUENCE || type->kind == AST_TYPE_ARRAY;

    buf_append_str(w->out, is_array ? "<array><data>" : "<struct>");
    w->depth++;
    if (is_full(w))
        buf_append_lit(w->out, "<!-- and so on -->");
    else if (is_array)
        elements(w, type);
    else if (type->kind == AST_TYPE_MAP)
        entry(w, type);
    else if (type->def->kind == AST_UNION)
        union_members(w, type->def);
    else
        base_members(w, type->def);
    bool full = is_full(w);
    w->depth--;
    if (!full || !is_full(w))
        line(w);
    buf_append_str(w->out, is_array ? "</data></array>" : "</struct>");
}

static bool is_octets(const ast_type *type)
{
    bool list = type->kind == AST_TYPE_SEQUENCE || type->kind == AST_TYPE_ARRAY;
    return list && ast_type_resolve(type->element)->kind == AST_TYPE_UINT8;
}

static void content(wire *w, const ast_type *type, const ast_node *node)
{
    if (ast_type_is_integer(type->kind))
        integer(w, type, node);
    else if (type->kind == AST_TYPE_BOOLEAN)
        buf_append_lit(w->out, "<boolean>1</boolean>");
    else if (type->kind == AST_TYPE_FLOAT || type->kind == AST_TYPE_DOUBLE)
        real(w, node);
    else if (type->kind == AST_TYPE_CHAR || type->kind == AST_TYPE_WCHAR)
        string(w, "a");
    else if (type->kind == AST_TYPE_DATETIME)
        buf_append_lit(w->out, "<dateTime.iso8601>20260131T12:00:00</dateTime.iso8601>");
    else if (type->kind < AST_TYPE_SEQUENCE)
        text(w, type->bound);
    else if (is_octets(type))
        bytes(w, type->bound);
    else if (type->kind == AST_TYPE_NAMED && type->def->kind == AST_ENUM)
        enumerator(w, type->def);
    else if (type->kind == AST_TYPE_NAMED && type->def->kind == AST_BITMASK)
        bitmask(w, type->def);
    else
        container(w, type);
}

static void value(wire *w, const ast_type *type, const ast_node *node)
{
    ast_type scratch = *ast_type_resolve(type);

    scratch.wire_string = scratch.wire_string || type->wire_string;
    w->values++;
    buf_append_lit(w->out, "<value>");
    content(w, &scratch, node);
    buf_append_lit(w->out, "</value>");
}

/* ---- documents ---- */

static void param(wire *w, const ast_type *type, const ast_node *node)
{
    line(w);
    buf_append_lit(w->out, "<param>");
    value(w, type, node);
    buf_append_lit(w->out, "</param>");
}

const char *doc_wire_call(gen *g, const method *m)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire w = { .g = g, .out = &out, .depth = 2 };

    buf_append_lit(&out, "<methodCall>\n  <methodName>");
    escape(&out, m->wire_name);
    buf_append_lit(&out, "</methodName>\n  <params>");
    for (size_t i = 0; i < m->param_count; i++)
        if (m->params[i].direction & AST_IN)
            param(&w, m->params[i].type, m->params[i].node);
    buf_append_str(&out, out.data && out.data[out.len - 1] == '>' && w.values ? "\n  " : "");
    buf_append_lit(&out, "</params>\n</methodCall>\n");
    return gen_take(g, &out);
}

static bool has_outs(const method *m)
{
    for (size_t i = 0; i < m->param_count; i++)
        if (m->params[i].direction & AST_OUT)
            return true;
    return false;
}

/* One struct with the result and every out parameter. */
static void outs(wire *w, const method *m)
{
    line(w);
    buf_append_lit(w->out, "<param><value><struct>");
    w->depth++;
    if (m->result) {
        name(w, "_result");
        value(w, m->result, NULL);
        buf_append_lit(w->out, "</member>");
    }
    for (size_t i = 0; i < m->param_count; i++)
        if (m->params[i].direction & AST_OUT)
            member(w, m->params[i].node, m->params[i].type);
    w->depth--;
    line(w);
    buf_append_lit(w->out, "</struct></value></param>");
}

const char *doc_wire_response(gen *g, const method *m)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire w = { .g = g, .out = &out, .depth = 2 };

    buf_append_lit(&out, "<methodResponse>\n  <params>");
    if (has_outs(m))
        outs(&w, m);
    else if (m->result)
        param(&w, m->result, NULL);
    else
        buf_append_lit(&out, "\n    <param><value><boolean>1</boolean></value></param>");
    buf_append_lit(&out, "\n  </params>\n</methodResponse>\n");
    return gen_take(g, &out);
}

const char *doc_wire_fault(gen *g, const ast_node *exception)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire w = { .g = g, .out = &out, .depth = 1 };

    buf_printf(&out,
               "<methodResponse>\n"
               "  <fault><value><struct>\n"
               "    <member><name>faultCode</name><value><i4>%" PRId32 "</i4></value></member>\n"
               "    <member><name>faultString</name><value><string>%s</string></value></member>\n"
               "  </struct></value></fault>\n"
               "</methodResponse>\n",
               exception->exception.fault, exception->scoped);
    buf_printf(&out, "<exception xmlns='urn:x-jabber-rpc:0' name='%s'><value><struct>", exception->scoped);
    members(&w, &exception->exception.members);
    buf_append_str(&out, exception->exception.members.len ? "\n" : "");
    buf_append_lit(&out, "</struct></value></exception>\n");
    return gen_take(g, &out);
}

/* ---- names of types ---- */

static const char *named(const ast_node *definition)
{
    switch (definition->kind) {
    case AST_ENUM:
        return definition->notes->wire == AST_WIRE_INT ? "i4" : "string";
    case AST_BITMASK:
        return definition->bitmask.bit_bound < 32 ? "i4" : "i4 or i8";
    default:
        return "struct";
    }
}

const char *doc_wire_type(gen *g, const ast_type *type)
{
    static const char *const names[] = {
        [AST_TYPE_BOOLEAN] = "boolean", [AST_TYPE_INT8] = "i4",           [AST_TYPE_UINT8] = "i4",
        [AST_TYPE_INT16] = "i4",        [AST_TYPE_UINT16] = "i4",         [AST_TYPE_INT32] = "i4",
        [AST_TYPE_UINT32] = "i4 or i8", [AST_TYPE_INT64] = "i4 or i8",    [AST_TYPE_UINT64] = "i4 or i8",
        [AST_TYPE_FLOAT] = "double",    [AST_TYPE_DOUBLE] = "double",     [AST_TYPE_CHAR] = "string",
        [AST_TYPE_WCHAR] = "string",    [AST_TYPE_STRING] = "string",     [AST_TYPE_WSTRING] = "string",
        [AST_TYPE_ANY] = "any type",    [AST_TYPE_DATETIME] = "dateTime.iso8601",
    };
    const ast_type *real_type = ast_type_resolve(type);

    if (type->wire_string || real_type->wire_string)
        return "string";
    if (is_octets(real_type))
        return "base64";
    if (real_type->kind == AST_TYPE_NAMED)
        return named(real_type->def);
    if (real_type->kind == AST_TYPE_MAP)
        return gen_text(g, "struct of %s", doc_wire_type(g, real_type->element));
    if (real_type->kind == AST_TYPE_SEQUENCE || real_type->kind == AST_TYPE_ARRAY)
        return gen_text(g, "array of %s", doc_wire_type(g, real_type->element));
    return real_type->kind < COUNT_OF(names) && names[real_type->kind] ? names[real_type->kind] : "";
}
