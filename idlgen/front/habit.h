/* SPDX-License-Identifier: MIT */
/* Habits of other languages: what is meant by a word that IDL does not have. */
#ifndef FRONT_HABIT_H
#define FRONT_HABIT_H

#include "front/keyword.h"

/* "use long or int32", for a type that IDL does not know by this name; NULL when there is nothing to say. */
const char *habit_of_type(const char *name);
/* The same for std::name and the like; otherwise when there is none. */
const char *habit_of_qualified(const char *name, const char *otherwise);
/* The same for a word at the start of a definition. */
const char *habit_of_definition(const char *name);
/* For a word after an interface's name or an operation's parameters. */
const char *habit_of_clause(const char *name);

#endif
