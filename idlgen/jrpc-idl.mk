# Rules that make C from .idl files: for @jrpc_idl_rules@ (jrpc-idl.m4), or included by a makefile.
#
#   name.h  name-types.c                 what every program needs
#   name-client.c                        programs that call
#   name-server.c                        programs that serve
#   name-module.c (with name-server.c)   modules of rpc-server
#
# Name the headers in BUILT_SOURCES; all outputs, and *.d beside them, in CLEANFILES. JRPC_IDLGEN is the
# compiler, JRPC_IDLFLAGS are more options for it.
#
# SPDX-License-Identifier: MIT

JRPC_IDLGEN ?= idlgen

# A run makes one file, so that `make -j` cannot start two for the same one. idlgen leaves an output alone that
# would not change; touch tells make that it is up to date. What .idl files include is in the .d files.
jrpc_idl_run = $(MKDIR_P) $(@D) && $(JRPC_IDLGEN) $(JRPC_IDLFLAGS) -MD -MP -MF $@.d -MT $@ -o $@
jrpc_idl_say = $(AM_V_GEN)

MKDIR_P ?= mkdir -p

%.h: %.idl
	$(jrpc_idl_say)$(jrpc_idl_run) --header $< && touch $@
%-types.c: %.idl
	$(jrpc_idl_say)$(jrpc_idl_run) --types $< && touch $@
%-client.c: %.idl
	$(jrpc_idl_say)$(jrpc_idl_run) --client $< && touch $@
%-server.c: %.idl
	$(jrpc_idl_say)$(jrpc_idl_run) --server $< && touch $@
%-module.c: %.idl
	$(jrpc_idl_say)$(jrpc_idl_run) --module $< && touch $@

-include $(wildcard *.h.d *-types.c.d *-client.c.d *-server.c.d *-module.c.d)
-include $(wildcard */*.h.d */*-types.c.d */*-client.c.d */*-server.c.d */*-module.c.d)
