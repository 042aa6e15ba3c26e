/* SPDX-License-Identifier: MIT */
/* The checked tree as JSON. */
#include "front/dump.h"

#include <string.h>

#include "front/json.h"

typedef struct writer {
    buf *out;
    unsigned depth;
    bool first; /* nothing was written in this object or array yet */
    bool placeless;
} writer;

/* ---- JSON ---- */

static void new_line(writer *w)
{
    buf_append_char(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        buf_append_lit(w->out, "  ");
}

static void separate(writer *w)
{
    if (!w->first)
        buf_append_char(w->out, ',');
    w->first = false;
    new_line(w);
}

static void key(writer *w, const char *name)
{
    separate(w);
    json_string(w->out, name);
    buf_append_lit(w->out, ": ");
}

static void begin(writer *w, char bracket)
{
    buf_append_char(w->out, bracket);
    w->depth++;
    w->first = true;
}

static void end(writer *w, char bracket)
{
    w->depth--;
    if (!w->first)
        new_line(w);
    buf_append_char(w->out, bracket);
    w->first = false;
}

static void put_string(writer *w, const char *name, const char *text)
{
    if (!text)
        return;
    key(w, name);
    json_string(w->out, text);
}

static void put_int(writer *w, const char *name, int64_t number)
{
    key(w, name);
    buf_append_int(w->out, number);
}

static void put_true(writer *w, const char *name, bool flag)
{
    if (!flag)
        return;
    key(w, name);
    buf_append_lit(w->out, "true");
}

static void put_names(writer *w, const char *name, const ast_list *list)
{
    if (list->len == 0)
        return;
    key(w, name);
    begin(w, '[');
    for (size_t i = 0; i < list->len; i++) {
        separate(w);
        json_string(w->out, list->at[i]->scoped);
    }
    end(w, ']');
}

/* ---- values and types ---- */

static void put_value(writer *w, const char *name, const ast_value *v)
{
    if (!v || v->kind == AST_VALUE_NONE)
        return;
    key(w, name);
    switch (v->kind) {
    case AST_VALUE_BOOLEAN: buf_append_str(w->out, v->integer ? "true" : "false"); break;
    case AST_VALUE_DOUBLE: buf_printf(w->out, "%.17g", v->real); break;
    case AST_VALUE_STRING: json_string(w->out, v->text); break;
    case AST_VALUE_ENUM: json_string(w->out, v->enumerator->scoped); break;
    default:
        if (v->big)
            buf_append_uint(w->out, (uint64_t)v->integer);
        else
            buf_append_int(w->out, v->integer);
        break;
    }
}

static const char *type_kind(const ast_type *type)
{
    static const char *const names[] = { "void",     "boolean", "int8",   "uint8",   "int16", "uint16",
                                         "int32",    "uint32",  "int64",  "uint64",  "float", "double",
                                         "char",     "wchar",   "string", "wstring", "any",   "dateTime",
                                         "sequence", "array",   "map",    "named",   "error" };
    return names[type->kind];
}

static void put_type(writer *w, const char *name, const ast_type *type)
{
    if (!type)
        return;
    key(w, name);
    begin(w, '{');
    put_string(w, "kind", type_kind(type));
    put_string(w, "idl", type->name);
    if (type->def)
        put_string(w, "ref", type->def->scoped);
    if (type->bound)
        put_int(w, type->kind == AST_TYPE_ARRAY ? "size" : "bound", type->bound);
    put_true(w, "unique", type->unique);
    put_true(w, "wireString", type->wire_string);
    put_type(w, "key", type->key);
    put_type(w, "element", type->element);
    end(w, '}');
}

/* ---- nodes ---- */

static void put_node(writer *w, const ast_node *node);

static void put_list(writer *w, const char *name, const ast_list *list)
{
    key(w, name);
    begin(w, '[');
    for (size_t i = 0; i < list->len; i++)
        put_node(w, list->at[i]);
    end(w, ']');
}

static void put_verbatim(writer *w, const ast_verbatim *list)
{
    static const char *const placements[] = { "BEFORE_DECLARATION", "BEGIN_DECLARATION", "END_DECLARATION",
                                              "AFTER_DECLARATION",  "BEGIN_FILE",        "END_FILE" };
    if (!list)
        return;
    key(w, "verbatim");
    begin(w, '[');
    for (const ast_verbatim *v = list; v; v = v->next) {
        separate(w);
        begin(w, '{');
        put_string(w, "language", v->language);
        put_string(w, "placement", placements[v->placement]);
        put_string(w, "text", v->text);
        end(w, '}');
    }
    end(w, ']');
}

static void put_notes(writer *w, const ast_notes *n)
{
    put_true(w, "optional", n->optional);
    put_true(w, "memberKey", n->key);
    put_true(w, "idempotent", n->idempotent);
    put_true(w, "noCommand", n->no_command);
    put_true(w, "deprecated", n->deprecated);
    put_string(w, "deprecatedText", n->deprecated_text);
    put_string(w, "wire", n->wire == AST_WIRE_INT ? "int" : n->wire == AST_WIRE_STRING ? "string" : NULL);
    if (n->timeout_ms)
        put_int(w, "timeoutMs", n->timeout_ms);
    put_string(w, "cName", n->c_name);
    put_string(w, "acl", n->acl);
    put_string(w, "unit", n->unit);
    put_value(w, "default", n->default_value);
    put_value(w, "min", n->min);
    put_value(w, "max", n->max);
    put_verbatim(w, n->verbatim);
}

static void put_labels(writer *w, const ast_arm *arm)
{
    key(w, "labels");
    begin(w, '[');
    for (size_t i = 0; i < arm->label_count; i++) {
        separate(w);
        if (arm->labels[i].enumerator)
            json_string(w->out, arm->labels[i].enumerator->scoped);
        else
            buf_append_int(w->out, arm->labels[i].value);
    }
    end(w, ']');
    put_true(w, "isDefault", arm->is_default);
}

static void put_operation(writer *w, const ast_operation *o)
{
    put_true(w, "oneway", o->oneway);
    put_type(w, "result", o->result);
    put_list(w, "params", &o->params);
    put_names(w, "raises", &o->raises);
}

static void put_attribute(writer *w, const ast_attribute *a)
{
    put_type(w, "type", a->type);
    put_true(w, "readonly", a->readonly);
    put_string(w, "getWireName", a->get_wire_name);
    put_string(w, "setWireName", a->set_wire_name);
    put_names(w, "getRaises", &a->get_raises);
    put_names(w, "setRaises", &a->set_raises);
}

static void put_interface(writer *w, const ast_interface *interface)
{
    put_names(w, "bases", &interface->bases);
    put_names(w, "operations", &interface->operations);
    put_list(w, "body", &interface->body);
}

static const char *const directions[] = { [AST_IN] = "in", [AST_OUT] = "out", [AST_INOUT] = "inout" };

static void put_body(writer *w, const ast_node *node)
{
    switch (node->kind) {
    case AST_MODULE: put_list(w, "definitions", &node->module.definitions); break;
    case AST_INTERFACE: put_interface(w, &node->interface); break;
    case AST_OPERATION: put_operation(w, &node->operation); break;
    case AST_ATTRIBUTE: put_attribute(w, &node->attribute); break;
    case AST_PARAM:
        put_string(w, "direction", directions[node->param.direction]);
        put_type(w, "type", node->param.type);
        break;
    case AST_STRUCT:
        put_string(w, "base", node->structure.base ? node->structure.base->scoped : NULL);
        put_list(w, "members", &node->structure.members);
        break;
    case AST_EXCEPTION:
        put_int(w, "fault", node->exception.fault);
        put_list(w, "members", &node->exception.members);
        break;
    case AST_UNION:
        put_type(w, "discriminator", node->union_.discriminator);
        put_list(w, "members", &node->union_.arms);
        break;
    case AST_ARM:
        put_type(w, "type", node->arm.type);
        put_labels(w, &node->arm);
        break;
    case AST_MEMBER: put_type(w, "type", node->member.type); break;
    case AST_ENUM: put_list(w, "enumerators", &node->enumeration.enumerators); break;
    case AST_ENUMERATOR: put_int(w, "value", node->enumerator.value); break;
    case AST_BITMASK:
        put_int(w, "bitBound", node->bitmask.bit_bound);
        put_list(w, "bits", &node->bitmask.bits);
        break;
    case AST_BIT: put_int(w, "position", node->bit.position); break;
    case AST_TYPEDEF: put_type(w, "type", node->alias.type); break;
    case AST_CONST:
        put_type(w, "type", node->constant.type);
        put_value(w, "value", &node->constant.value);
        break;
    default: break;
    }
}

static void put_doc(writer *w, const ast_node *node)
{
    if (!node->doc_len)
        return;
    key(w, "doc");
    begin(w, '[');
    for (size_t i = 0; i < node->doc_len; i++) {
        separate(w);
        json_string(w->out, node->doc[i]);
    }
    end(w, ']');
}

static void put_node(writer *w, const ast_node *node)
{
    static const char *const kinds[] = { [AST_MODULE] = "module",
                                         [AST_INTERFACE] = "interface",
                                         [AST_OPERATION] = "operation",
                                         [AST_ATTRIBUTE] = "attribute",
                                         [AST_PARAM] = "param",
                                         [AST_STRUCT] = "struct",
                                         [AST_MEMBER] = "member",
                                         [AST_EXCEPTION] = "exception",
                                         [AST_UNION] = "union",
                                         [AST_ARM] = "arm",
                                         [AST_ENUM] = "enum",
                                         [AST_ENUMERATOR] = "enumerator",
                                         [AST_BITMASK] = "bitmask",
                                         [AST_BIT] = "bit",
                                         [AST_TYPEDEF] = "typedef",
                                         [AST_CONST] = "const",
                                         [AST_FORWARD] = "forward",
                                         [AST_NATIVE] = "native",
                                         [AST_ANNOTATION] = "annotation",
                                         [AST_UNSUPPORTED] = "unsupported" };
    place_position at = place_find(node->place);
    separate(w);
    begin(w, '{');
    put_string(w, "kind", kinds[node->kind]);
    put_string(w, "name", node->name);
    put_string(w, "scoped", node->scoped);
    bool named = node->wire_name && node->name;
    if (node->kind != AST_ATTRIBUTE && named && strcmp(node->wire_name, node->name) != 0)
        put_string(w, "wireName", node->wire_name);
    put_string(w, "include", node->include ? node->include->name : NULL);
    if (!w->placeless) {
        put_string(w, "file", at.file);
        put_int(w, "line", at.line);
        put_int(w, "column", at.column);
    }
    put_doc(w, node);
    put_notes(w, node->notes);
    put_body(w, node);
    end(w, '}');
}

static void put_unit(const ast_unit *unit, buf *out, bool placeless)
{
    writer w = { .out = out, .placeless = placeless };
    begin(&w, '{');
    put_int(&w, "version", 1);
    put_string(&w, "file", unit->name);
    key(&w, "includes");
    begin(&w, '[');
    for (const ast_include *include = unit->includes; include; include = include->next) {
        separate(&w);
        json_string(out, include->name);
    }
    end(&w, ']');
    put_list(&w, "definitions", &unit->definitions);
    end(&w, '}');
    buf_append_char(out, '\n');
}

void dump_json(const ast_unit *unit, buf *out)
{
    put_unit(unit, out, false);
}

void dump_meaning(const ast_unit *unit, buf *out)
{
    put_unit(unit, out, true);
}
