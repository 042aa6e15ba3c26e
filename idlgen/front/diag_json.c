/* SPDX-License-Identifier: MIT */
/* Diagnostics as one JSON document. */
#include "front/diag_list.h"

#include "base/buf.h"
#include "front/json.h"
#include "front/source.h"

static void print_place(buf *out, place where)
{
    place_position at = place_find(where);
    place end = where;
    end.offset += where.length;
    buf_append_lit(out, "\"file\": ");
    json_string(out, at.file);
    buf_printf(out, ", \"line\": %u, \"column\": %u, ", at.line, at.column);
    at = where.source ? place_find(end) : at;
    buf_printf(out, "\"endLine\": %u, \"endColumn\": %u, \"message\": ", at.line, at.column);
}

static void print_includes(buf *out, place where)
{
    const char *comma = "";
    buf_append_lit(out, ", \"includedFrom\": [");
    for (place from = where.source ? where.source->included_from : where; from.source;
         from = from.source->included_from) {
        place_position at = place_find(from);
        buf_printf(out, "%s{\"file\": ", comma);
        json_string(out, at.file);
        buf_printf(out, ", \"line\": %u}", at.line);
        comma = ", ";
    }
    buf_append_lit(out, "]");
}

static const diag_entry *print_notes(buf *out, const diag_entry *entry)
{
    const char *comma = "";
    buf_append_lit(out, ", \"notes\": [");
    for (; entry && !entry->rule; entry = entry->next) {
        buf_printf(out, "%s{", comma);
        print_place(out, entry->where);
        json_string(out, entry->message);
        buf_append_lit(out, "}");
        comma = ", ";
    }
    buf_append_lit(out, "]");
    return entry;
}

void diag_print_json(buf *out, const diag *d, const diag_style *style)
{
    static const char *const names[] = {
        [DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"
    };
    const char *comma = "";
    buf_append_lit(out, "{\"version\": 1, \"diagnostics\": [");
    for (const diag_entry *entry = d->first; entry;) {
        bool raised = entry->severity == DIAG_WARNING && style->werror;
        buf_printf(out, "%s\n  {\"severity\": \"%s\", \"rule\": ", comma,
                   raised ? "error" : names[entry->severity]);
        json_string(out, entry->rule ? entry->rule : "");
        buf_append_lit(out, ", ");
        print_place(out, entry->where);
        json_string(out, entry->message);
        if (entry->breaks)
            buf_printf(out, ", \"breaks\": %s", entry->breaks);
        print_includes(out, entry->where);
        entry = print_notes(out, entry->next);
        buf_append_lit(out, "}");
        comma = ",";
    }
    buf_printf(out, "\n], \"errors\": %zu, \"warnings\": %zu}\n", d->errors, d->warnings);
}
