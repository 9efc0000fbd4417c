/* SPDX-License-Identifier: MIT
 *
 * What a byte may be in HTTP, as one table that all strict readers look into. Constant: any
 * thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
    CHARACTER_TOKEN = 1 << 0, /* tchar: names, methods, extensions (RFC 9110 §5.6.2) */
    CHARACTER_TEXT = 1 << 1,  /* HTAB, SP, VCHAR, obs-text: field values (RFC 9110 §5.5) */
    CHARACTER_HEX = 1 << 2,   /* HEXDIG, both cases */
};

extern const guint8 character_classes[256];

static inline gboolean
character_is (char c, guint8 characters)
{
    return (character_classes[(guchar) c] & characters) != 0;
}

/* Whether it is UTF-8 without controls but HTAB, CR and LF: what a name or a value that people
 * wrote may be. */
gboolean character_all_text (const char *text, gsize length);

G_END_DECLS
