/* SPDX-License-Identifier: MIT */
/* The text of the .idl. What the server wrote gets into comments only, and there as plain text. */
#include "introspection/render.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "front/keyword.h"

enum { COLUMNS = 100, HELP_LINES_MAX = 200, WORD_MAX = 1000, SHOWN_MAX = 60 };

typedef struct writer {
    buf *out;
    unsigned line; /* that is being written */
    int depth;
    bool first;    /* nothing stands before it in its block */
} writer;

static void begin_line(writer *w)
{
    buf_printf(w->out, "%*s", w->depth * 4, "");
}

static void end_line(writer *w)
{
    buf_append_char(w->out, '\n');
    w->line++;
}

static void blank_line(writer *w)
{
    if (!w->first)
        end_line(w);
    w->first = false;
}

static void line(writer *w, const char *text)
{
    begin_line(w);
    buf_append_str(w->out, text);
    end_line(w);
}

/* ---- a stranger's words ---- */

/* Whether a character is for the eye, and stays where it is put. */
static bool is_shown(uint32_t c)
{
    return c >= 0x20 && !(c >= 0x7F && c < 0xA0) && !(c >= 0x200E && c <= 0x200F) && !(c >= 0x2028 && c <= 0x202E) &&
           !(c >= 0x2066 && c <= 0x2069);
}

/* Appends a text, at most max bytes of it; the rest becomes spaces. */
static void plain(buf *out, const char *text, size_t len, size_t max)
{
    size_t start = out->len;
    for (size_t at = 0; at < len && out->len - start < max;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text + at, len - at, &c);
        if (n && is_shown(c))
            buf_append(out, text + at, n);
        else
            buf_append_char(out, ' ');
        at += n ? n : 1;
    }
}

/* The bytes of the words that fit a line, at least one of them. */
static size_t words_that_fit(const char *text, size_t len, size_t room)
{
    size_t fit = 0;
    for (size_t at = 0; at < len;) {
        size_t end = at + strspn(text + at, " ");
        end += strcspn(text + end, " \n");
        if (fit && end > room)
            break;
        fit = end < len ? end : len;
        at = fit;
    }
    return fit;
}

/* A backslash at the end of a line would make the next one part of the comment. */
static void end_comment(writer *w)
{
    while (w->out->len && w->out->data && strchr(" \\", w->out->data[w->out->len - 1]))
        buf_truncate(w->out, w->out->len - 1);
    end_line(w);
}

static void help_line(writer *w, const char *text, size_t len)
{
    size_t room = (size_t)(COLUMNS - 4 - w->depth * 4);
    while (len) {
        size_t fit = words_that_fit(text, len, room > 40 && room < COLUMNS ? room : 40);
        begin_line(w);
        buf_append_lit(w->out, "/// ");
        plain(w->out, text, fit, WORD_MAX);
        end_comment(w);
        for (text += fit, len -= fit; len && *text == ' '; text++)
            len--;
    }
}

static void help(writer *w, const char *text)
{
    text += strspn(text, " \t\r\n");
    if (!*text)
        line(w, "// TODO: what it does; the server does not say.");
    for (int i = 0; *text && i < HELP_LINES_MAX; i++) {
        help_line(w, text, strcspn(text, "\n"));
        text += strcspn(text, "\n");
        text += strspn(text, "\r\n");
    }
}

/* ---- types ---- */

typedef struct type_name {
    const char *wire, *idl;
} type_name;

static const type_name type_names[] = {
    { "int", "long" },          { "i4", "long" },        { "i1", "int8" },
    { "i2", "short" },          { "i8", "long long" },   { "ex:i8", "long long" },
    { "integer", "long" },      { "boolean", "boolean" }, { "bool", "boolean" },
    { "string", "string" },     { "double", "double" },  { "float", "double" },
    { "base64", "sequence<octet>" },                     { "dateTime.iso8601", "jrpc::DateTime" },
    { "dateTime", "jrpc::DateTime" },                    { "array", "sequence<any>" },
    { "struct", "map<string, any>" },                    { "any", "any" },
    { "nil", "any" },           { "ex:nil", "any" },     { "value", "any" },
    { "undef", "any" },         { "mixed", "any" },
};

/* NULL: no name of a type that we know. */
static const char *known_type(const char *wire)
{
    for (size_t i = 0; wire && i < COUNT_OF(type_names); i++) {
        if (strcasecmp(wire, type_names[i].wire) == 0)
            return type_names[i].idl;
    }
    return NULL;
}

static const char *param_type(const char *wire)
{
    const char *known = known_type(wire);
    return known ? known : "any";
}

/* Servers call all their integers int, and send larger ones than that. */
static const char *result_type(const char *wire)
{
    const char *known = param_type(wire);
    if (wire && (strcasecmp(wire, "nil") == 0 || strcasecmp(wire, "void") == 0 || strcasecmp(wire, "ex:nil") == 0))
        return "void";
    return strcmp(known, "long") == 0 ? "long long" : known;
}

static void note_type(writer *w, const char *of, size_t number, const char *wire)
{
    if (known_type(wire) || (wire && strcasecmp(wire, "void") == 0))
        return;
    begin_line(w);
    buf_append_lit(w->out, "// The type of ");
    if (number)
        buf_printf(w->out, "%s%zu", of, number);
    else
        buf_append_str(w->out, of);
    if (wire) {
        buf_append_lit(w->out, " is called '");
        plain(w->out, wire, strlen(wire), SHOWN_MAX);
        buf_append_lit(w->out, "' by the server.");
    } else {
        buf_append_lit(w->out, " is not said.");
    }
    end_comment(w);
}

static void note_types(writer *w, const signature *s)
{
    note_type(w, "the result", 0, s->result);
    for (size_t i = 0; i < s->param_count; i++)
        note_type(w, "arg", i + 1, s->params[i]);
}

/* ---- methods ---- */

/* Keywords are escaped, whatever their case. */
static void identifier(writer *w, const char *name)
{
    char lower[16] = "";
    for (size_t i = 0; name[i] && i < sizeof lower - 1; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    if (strlen(name) < sizeof lower && keyword_find(lower) != KW_NONE)
        buf_append_char(w->out, '_');
    buf_append_str(w->out, name);
}

/* Whether the method would have another name on the wire than the server has given it. */
static bool needs_wire_name(const branch *b, const placed *p)
{
    size_t len = strlen(b->path);
    const char *rest = p->method->name + len;
    if (strncmp(p->method->name, b->path, len) != 0)
        return true;
    return strcmp(len == 0 ? rest : *rest == '.' ? rest + 1 : "", p->name) != 0;
}

static void method(writer *w, const branch *b, placed *p)
{
    const signature *s = p->way;
    blank_line(w);
    help(w, p->method->help);
    if (s)
        note_types(w, s);
    else
        line(w, "// TODO: its types; the server does not say.");
    begin_line(w);
    if (needs_wire_name(b, p))
        buf_printf(w->out, "@wire_name(\"%s\") ", p->method->name);
    if (p->c_number)
        buf_printf(w->out, "@c_name(\"%s_%u\") ", p->name, p->c_number);
    p->line = w->line;
    buf_printf(w->out, "%s ", s ? result_type(s->result) : "any");
    identifier(w, p->name);
    buf_append_char(w->out, '(');
    for (size_t i = 0; s && i < s->param_count; i++)
        buf_printf(w->out, "%sin %s arg%zu", i ? ", " : "", param_type(s->params[i]), i + 1);
    buf_append_lit(w->out, ");");
    end_line(w);
}

/* wire: what its methods would be called by without annotation. */
static void interface(writer *w, branch *b, const char *wire)
{
    blank_line(w);
    if (b->way)
        line(w, "/// Other ways to call them, with other numbers of parameters: for callers. (A warning says that they share names.)");
    begin_line(w);
    if (strcmp(wire, b->path) != 0)
        buf_printf(w->out, "@wire_name(\"%s\") ", b->path);
    if (b->c_number)
        buf_printf(w->out, "@c_name(\"%s_%u\") ", b->c_interface, b->c_number);
    b->line = w->line;
    buf_append_lit(w->out, "interface ");
    identifier(w, b->interface);
    buf_append_lit(w->out, " {");
    end_line(w);
    w->depth++;
    w->first = true;
    for (size_t i = 0; i < b->method_count; i++)
        method(w, b, b->methods[i]);
    w->depth--;
    w->first = false;
    line(w, "};");
}

static void branches(writer *w, branch *b, const char *wire);

static void interfaces_of(writer *w, branch *b, const char *prefix)
{
    for (branch *each = b; each; each = each->others) {
        AUTO(buf_done) buf wire = BUF_INIT;
        if (!each->method_count)
            continue;
        buf_printf(&wire, "%s%s%s", prefix, *prefix ? "." : "", each->interface);
        w->out->failed |= buf_failed(&wire);
        interface(w, each, wire.data ? wire.data : "");
    }
}

static void module(writer *w, branch *b, const char *prefix)
{
    AUTO(buf_done) buf wire = BUF_INIT;
    buf_printf(&wire, "%s%s%s", prefix, *prefix ? "." : "", b->module);
    w->out->failed |= buf_failed(&wire);
    blank_line(w);
    begin_line(w);
    buf_append_lit(w->out, "module ");
    identifier(w, b->module);
    buf_append_lit(w->out, " {");
    end_line(w);
    w->depth++;
    w->first = true;
    branches(w, b, wire.data ? wire.data : "");
    w->depth--;
    w->first = false;
    line(w, "};");
}

static void branches(writer *w, branch *b, const char *wire)
{
    for (size_t i = 0; i < b->branch_count; i++) {
        interfaces_of(w, b->branches[i], wire);
        if (b->branches[i]->module)
            module(w, b->branches[i], wire);
    }
}

/* ---- the file ---- */

static bool uses_dates(const layout *l)
{
    for (const branch *b = l->all; b; b = b->next) {
        for (size_t i = 0; i < b->method_count; i++) {
            const signature *s = b->methods[i]->way;
            bool found = s && strcmp(result_type(s->result), "jrpc::DateTime") == 0;
            for (size_t k = 0; s && k < s->param_count; k++)
                found |= strcmp(param_type(s->params[k]), "jrpc::DateTime") == 0;
            if (found)
                return true;
        }
    }
    return false;
}

static void unnamable(writer *w, const layout *l)
{
    for (size_t i = 0; i < l->unnamable_count; i++) {
        blank_line(w);
        begin_line(w);
        buf_append_lit(w->out, "// This one has a name that IDL cannot give: '");
        plain(w->out, l->unnamable[i]->name, strlen(l->unnamable[i]->name), SHOWN_MAX);
        buf_append_lit(w->out, "'. jrpc_call_value() calls it.");
        end_comment(w);
    }
}

void render_idl(const layout *l, buf *out)
{
    writer w = { .out = out, .line = 1 };
    line(&w, "// What a server said of its methods, by idlgen from-introspection. Its integers are all called int: results are");
    line(&w, "// read as long long here, parameters are long. What it calls struct and array holds anything.");
    if (uses_dates(l)) {
        end_line(&w);
        line(&w, "#include <jrpc.idl>");
    }
    interfaces_of(&w, l->root, "");
    branches(&w, l->root, "");
    unnamable(&w, l);
    if (l->builtin) {
        blank_line(&w);
        line(&w, "// Its system.listMethods and the like are in <jrpc.idl>: the interface jrpc::System.");
    }
}
