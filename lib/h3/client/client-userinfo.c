/* SPDX-License-Identifier: MIT */

#include "client-userinfo.h"

#include <h3/base/character.h>
#include <h3/format/percent.h>
#include <h3/crypto/base64.h>

/* (transfer full) (nullable): decoded; NULL where it is not a text of one line. */
static char *
dup_part (const char *part)
{
    g_autofree char *text = h3_percent_unescape (part);

    if (text == NULL || strpbrk (text, "\t\r\n") != NULL
        || !character_all_text (text, strlen (text)))
        return NULL;
    return g_steal_pointer (&text);
}

char *
client_userinfo_dup_basic (GUri *url, gboolean *out_is_wrong)
{
    const char *password = g_uri_get_password (url);
    g_autofree char *user_text = NULL, *password_text = NULL, *both = NULL, *encoded = NULL;

    *out_is_wrong = FALSE;
    if (g_uri_get_user (url) == NULL)
        return NULL;
    user_text = dup_part (g_uri_get_user (url));
    password_text = dup_part (password != NULL ? password : "");
    if (user_text == NULL || password_text == NULL || strchr (user_text, ':') != NULL) {
        *out_is_wrong = TRUE;
        return NULL;
    }
    both = g_strconcat (user_text, ":", password_text, NULL);
    encoded = g_malloc (H3_BASE64_ROOM (strlen (both)));
    (void) h3_base64_encode (both, strlen (both), H3_BASE64_STANDARD, encoded);
    return g_strconcat ("Basic ", encoded, NULL);
}
