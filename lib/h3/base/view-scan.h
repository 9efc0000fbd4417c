/* SPDX-License-Identifier: MIT
 *
 * What fields are read with: pieces taken off the front of a view. Any thread. */

#pragma once

#include <h3/base/character.h>
#include <h3/base/view.h>

G_BEGIN_DECLS

/* So many bytes, which are there. */
static inline void
view_skip (H3View *rest, gsize length)
{
    rest->data += length;
    rest->length -= length;
}

/* RFC 9110 §5.6.3. */
static inline void
view_skip_blanks (H3View *rest)
{
    while (rest->length > 0 && (*rest->data == ' ' || *rest->data == '\t'))
        view_skip (rest, 1);
}

/* FALSE, and nothing is taken: it begins with another. */
static inline gboolean
view_take (H3View *rest, char character)
{
    if (rest->length == 0 || *rest->data != character)
        return FALSE;
    view_skip (rest, 1);
    return TRUE;
}

/* RFC 9110 §5.6.2; empty where it begins with none. */
static inline H3View
view_take_token (H3View *rest)
{
    H3View token = { rest->data, 0 };

    while (token.length < rest->length && character_is (rest->data[token.length], CHARACTER_TOKEN))
        token.length++;
    view_skip (rest, token.length);
    return token;
}

G_END_DECLS
