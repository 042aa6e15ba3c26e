/* SPDX-License-Identifier: MIT */
/* Visibility and function attributes. */
#ifndef JRPC_EXPORT_H
#define JRPC_EXPORT_H

#if defined(__GNUC__)
#define JRPC_EXPORT __attribute__((visibility("default")))
#define JRPC_MUST_CHECK __attribute__((warn_unused_result))
#define JRPC_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define JRPC_EXPORT
#define JRPC_MUST_CHECK
#define JRPC_PRINTF(fmt, first)
#endif

#endif
