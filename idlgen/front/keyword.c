/* SPDX-License-Identifier: MIT */
/* Keywords. */
#include "front/keyword.h"

#include <strings.h>

#include "base/mem.h"

static const char *const texts[] = {
    [KW_NONE] = "",
#define KEYWORD_TEXT(name, text) [KW_##name] = text,
    KEYWORD_RESERVED_MAP(KEYWORD_TEXT)
    KEYWORD_CONTEXTUAL_MAP(KEYWORD_TEXT)
#undef KEYWORD_TEXT
};

keyword keyword_find(const char *lower)
{
    for (size_t i = 1; i < COUNT_OF(texts); i++) {
        if ((texts[i][0] | 0x20) == lower[0] && strcasecmp(texts[i], lower) == 0)
            return (keyword)i;
    }
    return KW_NONE;
}

const char *keyword_text(keyword k)
{
    return texts[k];
}
