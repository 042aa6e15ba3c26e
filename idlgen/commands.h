/* SPDX-License-Identifier: MIT */
/* Subcommands: `idlgen NAME ...`. Each gets the whole command line and gives the exit status. */
#ifndef IDLGEN_COMMANDS_H
#define IDLGEN_COMMANDS_H

int command_fmt(int argc, char **argv);
int command_breaking(int argc, char **argv);
int command_from_introspection(int argc, char **argv);
int command_lint(int argc, char **argv);

#endif
