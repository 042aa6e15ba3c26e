/* SPDX-License-Identifier: MIT */
/* Parser: tokens to checked nodes, in one pass. Each file parses one kind of definition. */
#ifndef FRONT_PARSE_H
#define FRONT_PARSE_H

#include "front/annot.h"
#include "front/ast.h"
#include "front/keyword.h"
#include "front/pp.h"
#include "front/scope.h"

enum { PARSER_AHEAD = 4 };

typedef struct parser {
    env *env;
    pp *pp;
    ast_unit *unit;
    token ring[PARSER_AHEAD];
    uint32_t ring_at, ring_len;
    const token *replay; /* read instead of the stream: an annotation's argument */
    size_t replay_len;
    bool end_reported; /* a syntax error at the end of the file was reported */
    place last;     /* of the token read last */
    place after_bad; /* of the latest token taken that stands behind something left out */
    scope *root, *scope;
    ast_list *list; /* where definitions go */
    uint32_t nesting;
    bool in_angles; /* >> closes, and is no shift */
    uint32_t stamp; /* counts searches */
    table annotations; /* names of @annotation definitions, by word */
    ast_list forwards; /* all forward declarations */
    table faults; /* explicit and implied codes of a file: exceptions by file and code */
    struct pending_type *pending; /* types that name something declared but not yet defined */
    size_t suggested; /* names looked for by scope_suggest() */
    size_t searched;  /* bases looked into, in all */
    bool renamed;     /* some member or the like has a @wire_name */
    size_t inherited; /* operations that interfaces have from others, in all */
} parser;

typedef struct pending_type {
    ast_type *type;
    ast_node *forward;
    struct pending_type *next;
} pending_type;

/* ---- parse.c: tokens, recovery ---- */
const token *parse_peek(parser *p, uint32_t ahead);
token parse_take(parser *p);
bool parse_at(parser *p, uint16_t kind);
bool parse_at_keyword(parser *p, keyword k);
/* Takes the token when it is there. */
bool parse_accept(parser *p, uint16_t kind);
bool parse_accept_keyword(parser *p, keyword k);
/* Takes it or reports `expected what`; true when it was there. */
bool parse_expect(parser *p, uint16_t kind, const char *what);
/* The ';' after a declaration; reports its absence once and goes on where the next one seems to start. */
void parse_semicolon(parser *p, const char *after);
/* Skips to the end of a broken declaration: past its ';', or before the '}' around it. */
void parse_recover(parser *p);
/* From a '{' past its '}', or nothing. */
void parse_skip_braces(parser *p);
/* ---- body.c ---- */
/*
 * The '{' of what has that name and kind; without it a report (no name: that was it), and true all the same if
 * a body seems to begin. False: what was there is skipped, and the name's absence makes no further errors.
 */
bool parse_open(parser *p, ident name, ast_kind kind);
/* Nothing more is said of a name whose definition was lost. */
void parse_lose(parser *p, ident name);
/* Does a definition begin here that its indentation puts outside of owner? Then owner's '}' is missing. */
bool parse_is_outside(parser *p, const ast_node *owner);
/* The '}' of a body; a note shows where it was opened. False: it was missing, and a ';' is not asked for. */
bool parse_close(parser *p, place open);

/* ---- parse.c again: levels, names ---- */
/* Enters one more level; false (reported) when that is too deep. parse_leave() then must not be called. */
bool parse_enter(parser *p);
void parse_leave(parser *p);
/* A name for something new; name.word NULL after a report. */
ident parse_ident(parser *p, const char *what);
/* The same behind a type; silent when the type was broken and nothing that could be a name follows. */
ident parse_declarator(parser *p, const ast_type *type, const char *what);
/* Is the next token one that can be taken as a name? */
bool parse_at_name(parser *p);
void parse_error(parser *p, const char *rule, place where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void parse_note(parser *p, place where, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Just after the token read last. */
place parse_after(const parser *p);
/* What a token looks like in a message: 'text'. */
const char *parse_show(parser *p, const token *t);
/* The comments that belong to the declaration that starts here, and its annotations. */
void parse_intro(parser *p, annots *ret_intro);
/* A ///< comment behind a declaration. */
void parse_trailing(parser *p, ast_node *node);
ast_node *parse_node(parser *p, ast_kind kind, ident name, const annots *intro);
void ast_list_add(env *e, ast_list *list, ast_node *node);
/* Declares a definition and puts it into the list; the intro's annotations are applied. */
ast_node *parse_define(parser *p, ast_kind kind, ident name, const annots *intro);

/* ---- by kind ---- */
/* Definitions until '}' or the end of the file. */
void parse_definitions(parser *p, bool in_module);
/* One definition that modules and interfaces may hold; false when none starts here. */
bool parse_type_definition(parser *p, annots *intro);
void parse_module(parser *p, const annots *intro);
void parse_interface(parser *p, const annots *intro);
ast_node *parse_struct(parser *p, const annots *intro, bool inner);
void parse_exception(parser *p, const annots *intro);
ast_node *parse_union(parser *p, const annots *intro, bool inner);
ast_node *parse_enum(parser *p, const annots *intro);
ast_node *parse_bitmask(parser *p, const annots *intro);
void parse_typedef(parser *p, const annots *intro);
void parse_const(parser *p, const annots *intro);
/* What IDL has and XML-RPC has not; false when none starts here. */
bool parse_unsupported(parser *p);
/* The exceptions in parentheses behind raises, getraises, setraises. */
void parse_raises(parser *p, ast_list *raises);
/* What is left of a parameter list or the like after a mistake: up to ',' or ')' or where a declaration ends.
 */
void parse_skip_item(parser *p);
/* How deep values of a type nest: 1 for what holds no other. */
uint32_t type_depth(const ast_type *type);
/* Counts a member's type into its owner's depth; reports types that no call could carry. */
void type_deepen(parser *p, ast_node *owner, const ast_type *type);
/* Registers a forward declaration, or finds the one that a definition completes. */
void parse_forward(parser *p, ast_kind of, ident name, const annots *intro);
/* Declares what may have been declared forward before; NULL-safe for a missing name. */
ast_node *parse_define_forwarded(parser *p, ast_kind kind, ident name, const annots *intro);
/* Members until '}'. */
void parse_members(parser *p, ast_node *owner, ast_list *members);
/* The [n][m] behind a name; the type with them around it. */
ast_type *parse_dimensions(parser *p, ast_type *type, ident name);

/* ---- types ---- */
enum { TYPE_VOID = 1, TYPE_INNER = 2, TYPE_ELEMENT = 4 };
/* flags: void is allowed; a struct, union or enum may be defined in place; incomplete types are allowed. */
ast_type *parse_type(parser *p, unsigned flags);
ast_type *type_new(parser *p, ast_type_kind kind, place where);
ast_type *type_of_node(parser *p, ast_node *node, place where);
bool type_is_error(const ast_type *type);
/* After @unique and @wire, or dimensions. */
void type_rename(parser *p, ast_type *type);

/* ---- names ---- */
/* Is it a scoped name that comes? */
bool parse_at_scoped(parser *p);
/* A::B::C or ::A, found; NULL after a report. what is wanted, for the message: "type". */
ast_node *parse_scoped(parser *p, const char *what, place *ret_where);

#endif
