/* SPDX-License-Identifier: MIT */
/* Names and texts in Python. */
#include "emit/python_names.h"

#include <string.h>

#include "base/mem.h"
#include "emit/names.h"
#include "emit/text.h"

/* Keywords, and the types that generated annotations name. */
static const char *const words[] = {
    "False", "None",  "True",   "and",    "as",     "assert", "async",    "await",  "break",  "class",    "continue",
    "def",   "del",   "elif",   "else",   "except", "finally", "for",     "from",   "global", "if",       "import",
    "in",    "is",    "lambda", "nonlocal", "not",  "or",     "pass",     "raise",  "return", "try",      "while",
    "with",  "yield", "bool",   "bytes",  "dict",   "float",  "int",      "list",   "object", "str",      "tuple",
    NULL
};

static const char *const member_words[] = { NULL };
static const char *const exception_words[] = { "add_note",  "args",        "CODE",      "describe", "fault_code",
                                               "fault_text", "has_members", "IDL_NAME", "rpc_method", "rpc_peer",
                                               "TYPE",      "with_text",   "with_traceback", NULL };
static const char *const enum_words[] = { "mro",      "name",      "value",   "names",    "values", "bit_length",
                                          "conjugate", "denominator", "imag", "numerator", "real",  "from_bytes",
                                          "to_bytes", "as_integer_ratio", "bit_count", NULL };
static const char *const out_words[] = { "count", "index", "result", NULL };
static const char *const param_words[] = { "call", "self", "timeout", NULL };
static const char *const method_words[] = { "METHODS", "register", NULL };

/* Modules of Python's library that a short name of an IDL file may well have, and ours. */
static const char *const modules[] = {
    "abc",       "array",    "ast",       "asyncio",  "base64",   "bisect",  "builtins",  "calendar",  "cmd",
    "code",      "codecs",   "collections", "copy",   "csv",      "curses",  "dataclasses", "datetime", "decimal",
    "dis",       "email",    "enum",      "errno",    "functools", "gc",     "glob",      "grp",       "hashlib",
    "heapq",     "hmac",     "html",      "http",     "imaplib",  "importlib", "inspect", "io",        "itertools",
    "json",      "keyword",  "locale",    "logging",  "mailbox",  "math",    "mmap",      "numbers",   "operator",
    "os",        "parser",   "pathlib",   "pickle",   "platform", "profile", "pwd",       "queue",     "random",
    "re",        "sched",    "secrets",   "select",   "selectors", "shelve", "signal",    "site",      "slixmpp",
    "socket",    "ssl",      "stat",      "statistics", "string", "struct",  "subprocess", "symbol",   "sys",
    "syslog",    "tempfile", "test",      "threading", "time",    "timeit",  "token",     "trace",     "types",
    "typing",    "unittest", "uuid",      "warnings", "weakref",  "xml",     "jrpc_messages", "jrpc_scalars",
    "jrpc_slixmpp", "jrpc_types", "jrpc_xml", NULL
};

static bool is_in(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

const char *python_global(gen *g, const ast_node *node)
{
    const char *name = names_global(g, node);

    return is_in(words, name) ? gen_join(g, name, "_", "") : name;
}

static bool is_sibling(const ast_list *list, const char *name)
{
    for (size_t i = 0; list && i < list->len; i++)
        if (strcmp(list->at[i]->name, name) == 0)
            return true;
    return false;
}

const char *python_local(gen *g, const char *name, python_place where, const ast_list *siblings)
{
    static const char *const *const lists[] = {
        [PYTHON_MEMBER] = member_words, [PYTHON_EXCEPTION_MEMBER] = exception_words, [PYTHON_ENUMERATOR] = enum_words,
        [PYTHON_OUT] = out_words,       [PYTHON_PARAM] = param_words,                [PYTHON_METHOD] = method_words,
    };

    if (!is_in(words, name) && !is_in(lists[where], name) && !map_get_str(&g->globals, name))
        return name;
    do {
        name = gen_join(g, name, "_", "");
    } while (!g->failed && is_sibling(siblings, name));
    return name;
}

const char *python_module_of(gen *g, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t len = strlen(base);
    AUTO(buf_done) buf name = BUF_INIT;

    if (len > 4 && strcmp(base + len - 4, ".idl") == 0)
        len -= 4;
    if (len == 0 || (*base >= '0' && *base <= '9'))
        buf_append_char(&name, '_');
    for (size_t i = 0; i < len; i++) {
        char c = base[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        buf_append_char(&name, plain ? c : '_');
    }
    const char *module = gen_take(g, &name);
    return is_in(words, module) || is_in(modules, module) ? gen_join(g, module, "_", "") : module;
}

void python_string(buf *out, const char *text)
{
    buf_append_char(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n')
            buf_append_lit(out, "\\n");
        else if (c < 0x20 || c == 0x7F)
            buf_printf(out, "\\x%02x", c);
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_append_char(out, (char)c);
    }
    buf_append_char(out, '"');
}

const char *python_string_of(gen *g, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;

    python_string(&out, text);
    return gen_take(g, &out);
}

/* One line of a docstring: nothing in it ends the string or is an escape. */
static void doc_line(buf *out, const char *text)
{
    size_t len = 1;

    for (; *text; text += len) {
        if (!text_plain_char(text, &len))
            buf_append_char(out, ' ');
        else if (*text == '\\' || (*text == '"' && (text[1] == '"' || !text[1])))
            buf_printf(out, "\\%c", *text);
        else
            buf_append(out, text, len);
    }
}

void python_doc(buf *out, const char *indent, const ast_node *node, const char *more)
{
    const char *deprecated = node->notes->deprecated ? node->notes->deprecated_text : NULL;
    size_t lines = node->doc_len + (more ? 1 : 0) + (node->notes->deprecated ? 1 : 0), n = 0;

    if (lines == 0)
        return;
    buf_printf(out, "%s\"\"\"", indent);
    for (size_t i = 0; i < node->doc_len; i++) {
        buf_append_str(out, n++ && *node->doc[i] ? indent : "");
        doc_line(out, node->doc[i]);
        buf_append_str(out, lines > 1 ? "\n" : "");
    }
    if (node->notes->deprecated) {
        buf_printf(out, "%sDeprecated%s", n++ ? indent : "", deprecated ? ": " : ".");
        doc_line(out, deprecated ? deprecated : "");
        buf_append_str(out, lines > 1 ? "\n" : "");
    }
    if (more)
        buf_printf(out, "%s%s%s", n ? indent : "", more, lines > 1 ? "\n" : "");
    buf_printf(out, "%s\"\"\"\n", lines > 1 ? indent : "");
}
