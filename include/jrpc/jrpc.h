/* SPDX-License-Identifier: MIT */
/* All of jrpc but <jrpc/xmlrpc.h>, which needs xmlrpc-c's headers. */
#ifndef JRPC_JRPC_H
#define JRPC_JRPC_H

#include <jrpc/account.h>
#include <jrpc/acl.h>
#include <jrpc/batch.h>
#include <jrpc/call.h>
#include <jrpc/chat.h>
#include <jrpc/command.h>
#include <jrpc/declare.h>
#include <jrpc/desc.h>
#include <jrpc/discover.h>
#include <jrpc/error.h>
#include <jrpc/limit.h>
#include <jrpc/observe.h>
#include <jrpc/options.h>
#include <jrpc/roster.h>
#include <jrpc/serve.h>
#include <jrpc/session.h>
#include <jrpc/status.h>
#include <jrpc/types.h>
#include <jrpc/version.h>

#endif
