/* SPDX-License-Identifier: MIT */
/* Constants: expressions, exact, and their conversion to a type. */
#ifndef FRONT_CONSTANT_H
#define FRONT_CONSTANT_H

#include "front/parse.h"

__extension__ typedef __int128 wide;

typedef enum value_kind {
    VALUE_BAD = 0, /* reported */
    VALUE_INTEGER,
    VALUE_REAL,
    VALUE_BOOLEAN,
    VALUE_CHAR,
    VALUE_STRING,
    VALUE_ENUM
} value_kind;

typedef struct value {
    value_kind kind;
    bool is_wide;    /* L'x', L"x" */
    bool is_byte;    /* a character by its number, \377: up to 0xFF it is a char */
    bool is_whole;   /* a whole number in an expression of real ones, VALUE_REAL already */
    bool is_literal; /* no more than one number was written */
    wide integer;
    double real;
    const char *text;
    const ast_node *enumerator;
    place where; /* all of the expression */
} value;

/* An expression for a constant of this type (NULL: a whole number). Syntax and arithmetic are reported. */
value constant_parse(parser *p, const ast_type *type);
/* Into the type, with its range; false after a report. */
bool constant_convert(parser *p, const value *v, const ast_type *type, ast_value *ret_value);
/* Can XML carry it as a value of this type? False after a report. A constant, which stays in C, may be any. */
bool constant_can_travel(parser *p, const ast_type *type, const ast_value *v, place where);
/* Parse and convert. */
bool constant_read(parser *p, const ast_type *type, ast_value *ret_value);
/* A positive number: a bound (in <>, where >> is no shift) or dimension; 0 after a report. */
uint32_t constant_bound(parser *p, const char *what, bool in_angles);
/* The limits of an integer kind. */
void constant_limits(ast_type_kind kind, wide *ret_min, wide *ret_max);
/* Escapes of a literal; NULL after a report. Adjacent strings are joined by the caller. */
const char *literal_text(parser *p, const token *t, size_t *ret_len);
bool literal_number(parser *p, const token *t, bool as_real, value *ret_value);
bool literal_char(parser *p, const token *t, value *ret_value);
const char *constant_show(parser *p, wide number);

#endif
