/* SPDX-License-Identifier: MIT
 *
 * Authorization. The input is its value: it is read as regexes read it, Basic as GLib decodes it. A
 * challenge that is written of what was read is read again the same. */

#include "fuzz.h"
#include "h3/http/challenge.h"
#include "h3/http/digest-credentials.h"

#define TOKEN "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
#define QUOTED                                                                                     \
    "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*\""
#define PARAMETER TOKEN "[ \\t]*=[ \\t]*(?:" TOKEN "|" QUOTED ")"
#define LIST      "[ \\t,]*(?:" PARAMETER "[ \\t]*(?:,[ \\t,]*" PARAMETER "[ \\t]*)*(?:,[ \\t,]*)?)?"

#define MATCH_FLAGS (G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY)

static gboolean
matches (const char *pattern, H3View text)
{
    g_autoptr (GRegex) regex = g_regex_new (pattern, MATCH_FLAGS, 0, NULL);

    return g_regex_match_full (regex, text.data, (gssize) text.length, 0, 0, NULL, NULL);
}

/* (transfer full): "name=value" of each parameter, names in lower case. */
static GPtrArray *
split_plainly (H3View list)
{
    g_autoptr (GRegex) regex =
        g_regex_new ("(" TOKEN ")[ \\t]*=[ \\t]*(" TOKEN "|" QUOTED ")", MATCH_FLAGS, 0, NULL);
    GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GMatchInfo) info = NULL;

    g_regex_match_full (regex, list.data, (gssize) list.length, 0, 0, &info, NULL);
    for (; g_match_info_matches (info); g_match_info_next (info, NULL)) {
        g_autofree char *name = g_match_info_fetch (info, 1);
        g_autofree char *value = g_match_info_fetch (info, 2);
        g_autofree char *lower = g_ascii_strdown (name, -1);

        g_ptr_array_add (all, g_strconcat (lower, "=", value, NULL));
    }
    return all;
}

static gboolean
has_twice (const GPtrArray *all)
{
    for (guint i = 0; i < all->len; i++) {
        const char *one = g_ptr_array_index (all, i);
        gsize length = strcspn (one, "=") + 1;

        for (guint k = 0; k < i; k++)
            if (strncmp (one, g_ptr_array_index (all, k), length) == 0)
                return TRUE;
    }
    return FALSE;
}

/* What the library must say of it. */
static gboolean
is_taken_plainly (H3View text)
{
    g_autoptr (GPtrArray) all = NULL;
    H3View rest = h3_view_trim (text);
    gssize blank;

    if (text.length > H3_CREDENTIALS_MAX_LENGTH)
        return FALSE;
    if (matches ("^" TOKEN "( +[A-Za-z0-9._~+/-]+=*)?$", rest))
        return TRUE;
    if (!matches ("^" TOKEN " " LIST "$", rest))
        return FALSE;
    blank = h3_view_find (rest, ' ');
    all = split_plainly (h3_view (rest.data + blank, rest.length - (gsize) blank));
    return all->len <= H3_CREDENTIALS_MAX_PARAMETERS && !has_twice (all);
}

static void
compare_basic (H3View token)
{
    g_autofree char *text = h3_view_dup (token);
    g_autofree char *out = g_malloc (token.length + 2);
    g_autofree guchar *plain = NULL;
    H3View user, password;
    gsize length = 0;

    if (!h3_credentials_decode_basic (token, out, &user, &password))
        return;
    plain = g_base64_decode (text, &length);
    FUZZ_ASSERT (length == user.length + 1 + password.length
                     && memcmp (plain, user.data, user.length) == 0 && plain[user.length] == ':'
                     && memcmp (plain + user.length + 1, password.data, password.length) == 0,
                 "'%s' is '%.*s' and '%.*s'", text, H3_VIEW_ARGS (user), H3_VIEW_ARGS (password));
    FUZZ_ASSERT (h3_view_find (user, ':') < 0, "a colon in '%.*s'", H3_VIEW_ARGS (user));
    FUZZ_ASSERT (g_utf8_validate_len ((const char *) plain, length, NULL), "'%s' is no text", text);
}

/* A challenge of the same parameters, which has the grammar of credentials. */
static void
write_again (const H3Credentials *credentials, H3Arena *arena)
{
    g_autofree char *scheme = h3_view_dup (credentials->scheme);
    g_autoptr (H3Challenge) challenge = h3_challenge_new (scheme);
    H3View rest = credentials->parameters;
    H3CredentialsParameter one;
    H3Credentials again;

    while (h3_credentials_next (&rest, &one)) {
        g_autofree char *name = h3_view_dup (one.name);
        const char *value = h3_credentials_get (credentials, name, arena);

        FUZZ_ASSERT (value != NULL, "no %s", name);
        if (strchr (value, '\t') == NULL)
            FUZZ_ASSERT (h3_challenge_add (challenge, name, value), "%s=%s", name, value);
    }
    if (strlen (h3_challenge_get_text (challenge)) > H3_CREDENTIALS_MAX_LENGTH)
        return;
    FUZZ_ASSERT (h3_credentials_parse (h3_view_of (h3_challenge_get_text (challenge)), &again),
                 "'%s'", h3_challenge_get_text (challenge));
    rest = again.parameters;
    while (h3_credentials_next (&rest, &one)) {
        g_autofree char *name = h3_view_dup (one.name);

        FUZZ_ASSERT (g_str_equal (h3_credentials_get (&again, name, arena),
                                  h3_credentials_get (credentials, name, arena)),
                     "%s in '%s'", name, h3_challenge_get_text (challenge));
    }
}

static void
read_digest (const H3Credentials *credentials, H3Arena *arena)
{
    char out[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;

    if (!h3_digest_credentials_init (&digest, credentials, arena))
        return;
    FUZZ_ASSERT (g_utf8_validate (digest.username, -1, NULL), "the name is no text");
    FUZZ_ASSERT ((digest.qop == NULL) == (digest.nc == NULL)
                     && (digest.qop == NULL) == (digest.cnonce == NULL),
                 "a count without a qop");
    FUZZ_ASSERT (h3_digest_credentials_compute (&digest, H3_DIGEST_MD5, "00", digest.qop != NULL,
                                                "GET", NULL, out, NULL)
                     && strlen (out) == 32,
                 "no digest");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3View text = h3_view (copy, size);
    H3Credentials credentials;
    gboolean is_taken = h3_credentials_parse (text, &credentials);

    FUZZ_ASSERT (is_taken == is_taken_plainly (text), "taken: %d", is_taken);
    if (!is_taken)
        return 0;
    if (credentials.token.data != NULL)
        compare_basic (credentials.token);
    write_again (&credentials, arena);
    read_digest (&credentials, arena);
    return 0;
}
