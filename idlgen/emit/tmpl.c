/* SPDX-License-Identifier: MIT */
/* Templates: text that looks like the output, with @named@ holes. */
#include "emit/tmpl.h"

#include <assert.h>

void tmpl_emit(buf *out, const char *text, const tmpl_hole *holes)
{
    for (const char *at; (at = strchr(text, '@'));) {
        const char *name = at + 1, *end = strchr(name, '@');
        const tmpl_hole *hole = holes;

        assert(end);
        while (hole->name && (strncmp(hole->name, name, (size_t)(end - name)) || hole->name[end - name]))
            hole++;
        assert(hole->name);
        buf_append(out, text, (size_t)(at - text));
        buf_append_str(out, hole->text);
        text = end + 1;
    }
    buf_append_str(out, text);
}
