/* SPDX-License-Identifier: MIT */
/* What IDL has and XML-RPC cannot carry: read past, with one error each. */
#include "front/parse.h"

typedef struct lost {
    keyword first, second; /* second may be KW_NONE */
    const char *what, *hint;
} lost;

static const lost all[] = {
    { KW_ABSTRACT, KW_INTERFACE, "an abstract interface", "; leave out 'abstract'" },
    { KW_ABSTRACT, KW_VALUETYPE, "a valuetype", "; use a struct" },
    { KW_LOCAL, KW_INTERFACE, "a local interface", "; leave out 'local'" },
    { KW_CUSTOM, KW_VALUETYPE, "a valuetype", "; use a struct" },
    { KW_VALUETYPE, KW_NONE, "a valuetype", "; use a struct" },
    { KW_NATIVE, KW_NONE, "a native type", "" },
    { KW_BITSET, KW_NONE, "a bitset", "; use a struct or a bitmask" },
    { KW_COMPONENT, KW_NONE, "a component", "; use an interface" },
    { KW_CONNECTOR, KW_NONE, "a connector", "" },
    { KW_EVENTTYPE, KW_NONE, "an eventtype", "; use a struct" },
    { KW_HOME, KW_NONE, "a home", "; use an interface" },
    { KW_PORTTYPE, KW_NONE, "a porttype", "; use an interface" },
    { KW_IMPORT, KW_NONE, "import", "; use #include" }
};

static const lost *find(parser *p)
{
    const token *t = parse_peek(p, 0), *next = parse_peek(p, 1);
    if (t->kind != TOKEN_WORD || !t->word->keyword)
        return NULL;
    keyword second = next->kind == TOKEN_WORD ? (keyword)next->word->keyword : KW_NONE;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const lost *l = &all[i];
        if (l->first != (keyword)t->word->keyword || (l->second && l->second != second))
            continue;
        /* The newer keywords may be names: `component run();` is an operation. */
        bool named = next->kind == TOKEN_WORD && parse_peek(p, 2)->kind != '(';
        if (keyword_is_reserved(l->first) || named || (l->first == KW_IMPORT && !parse_at(p, '(')))
            return l;
    }
    return NULL;
}

/* Past the declaration, body and all. */
static void skip(parser *p)
{
    while (!parse_at(p, TOKEN_EOF) && !parse_at(p, '}')) {
        if (parse_at(p, '{')) {
            parse_skip_braces(p);
            parse_accept(p, ';');
            return;
        }
        if (parse_take(p).kind == ';')
            return;
    }
}

static bool is_type_id(parser *p)
{
    bool starts = parse_at_keyword(p, KW_TYPEID) || parse_at_keyword(p, KW_TYPEPREFIX);
    uint16_t next = parse_peek(p, 1)->kind;
    return starts && (next == TOKEN_SCOPE || (next == TOKEN_WORD && parse_peek(p, 2)->kind != '('));
}

bool parse_unsupported(parser *p)
{
    if (is_type_id(p)) { /* repository ids mean nothing here */
        skip(p);
        return true;
    }
    const lost *l = find(p);
    if (!l)
        return false;
    place where = parse_take(p).where;
    if (l->second)
        parse_take(p);
    if (!parse_at_name(p) || l->first == KW_IMPORT) {
        parse_error(p, "unsupported", where, "%s is not supported over XML-RPC%s", l->what, l->hint);
        skip(p);
        return true;
    }
    ident name = parse_ident(p, "a name");
    const symbol *old = name.word ? scope_get(p->scope, name.word) : NULL;
    if (!old || old->use || old->node->kind != AST_UNSUPPORTED) {
        parse_error(p, "unsupported", name.where, "'%s': %s is not supported over XML-RPC%s",
                    name.word ? name.word->text : "?", l->what, l->hint);
        scope_declare(p, p->scope, name, parse_node(p, AST_UNSUPPORTED, name, NULL));
    }
    skip(p);
    return true;
}
