/* SPDX-License-Identifier: MIT */
/*
 * Access: may this caller call this method? All that lets calls in asks here (IQs, calls from elsewhere), and so does all
 * that names methods to callers (introspection, lists of commands). Any thread.
 */
#ifndef SERVE_ACCESS_H
#define SERVE_ACCESS_H

#include "link/jid.h"
#include "serve/server.h"

/* The caller's address, prepared. NULL, or what is no address, gives one that no rule lets in. jid_done() afterwards. */
void access_read_caller(const char *caller, jid *ret_who);

/* May he call anything at all? Logs a refusal. */
bool access_admits(server *s, const jid *who, const reply_address *request);
/* May he call this method? Logs a refusal, with the audit option all. method may be NULL: there is none of that name, which is not for everybody to know. */
bool access_allows(server *s, const jid *who, const char *name, const registry_method *method,
                   const reply_address *request);
/* May he know of this method? True for one that there is and that he may call. */
bool access_shows(server *s, const jid *who, const char *name);

#endif
