/* SPDX-License-Identifier: MIT */

#include "challenge.h"

#include <h3/base/character.h>

struct _H3Challenge {
    GString *text;    /* owned */
    gboolean is_bare; /* no parameter yet */
};

static gboolean
is_token (const char *text)
{
    gsize n = 0;

    while (character_is (text[n], CHARACTER_TOKEN))
        n++;
    return n > 0 && text[n] == '\0';
}

H3Challenge *
h3_challenge_new (const char *scheme)
{
    H3Challenge *challenge;

    g_return_val_if_fail (scheme != NULL && is_token (scheme), NULL);
    challenge = g_new (H3Challenge, 1);
    challenge->text = g_string_new (scheme);
    challenge->is_bare = TRUE;
    return challenge;
}

void
h3_challenge_free (H3Challenge *challenge)
{
    if (challenge == NULL)
        return;
    g_string_free (challenge->text, TRUE);
    g_free (challenge);
}

static void
begin_parameter (H3Challenge *challenge, const char *name)
{
    g_string_append (challenge->text, challenge->is_bare ? " " : ", ");
    g_string_append (challenge->text, name);
    g_string_append_c (challenge->text, '=');
    challenge->is_bare = FALSE;
}

gboolean
h3_challenge_add (H3Challenge *challenge, const char *name, const char *value)
{
    g_return_val_if_fail (challenge != NULL && name != NULL && is_token (name), FALSE);
    g_return_val_if_fail (value != NULL, FALSE);
    for (const char *at = value; *at != '\0'; at++)
        if (!character_is (*at, CHARACTER_TEXT) || *at == '\t')
            return FALSE;
    begin_parameter (challenge, name);
    g_string_append_c (challenge->text, '"');
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c (challenge->text, '\\');
        g_string_append_c (challenge->text, *at);
    }
    g_string_append_c (challenge->text, '"');
    return TRUE;
}

gboolean
h3_challenge_add_token (H3Challenge *challenge, const char *name, const char *value)
{
    g_return_val_if_fail (challenge != NULL && name != NULL && is_token (name), FALSE);
    g_return_val_if_fail (value != NULL, FALSE);
    if (!is_token (value))
        return FALSE;
    begin_parameter (challenge, name);
    g_string_append (challenge->text, value);
    return TRUE;
}

const char *
h3_challenge_get_text (const H3Challenge *challenge)
{
    g_return_val_if_fail (challenge != NULL, NULL);
    return challenge->text->str;
}

void
h3_event_add_challenge (H3Event *event, const H3Challenge *challenge)
{
    g_return_if_fail (event != NULL && challenge != NULL);
    (void) h3_response_add_header_always (h3_event_get_response (event), "WWW-Authenticate",
                                          challenge->text->str);
}
