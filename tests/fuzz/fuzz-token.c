/* SPDX-License-Identifier: MIT
 *
 * A purpose, a line, and data: what is sealed opens as it was, for this purpose and with every
 * character in its place; and all of the input as a token, which it is not. */

#include "fuzz.h"
#include "h3/base/error.h"
#include "h3/crypto/token.h"

static H3Sealer *
get_sealer (void)
{
    static H3Sealer *sealer; /* for all inputs */

    if (sealer == NULL) {
        g_autoptr (GBytes) secret = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);

        sealer = h3_sealer_new ();
        FUZZ_ASSERT (h3_sealer_add_key (sealer, secret, NULL), "the secret");
    }
    return sealer;
}

static void
assert_refused (const char *purpose, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) opened = h3_sealer_open (get_sealer (), purpose, text, &error);

    FUZZ_ASSERT (opened == NULL, "opens for \"%s\": %s", purpose, text);
    FUZZ_ASSERT (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID), "%s", error->message);
}

/* Another character there, of those that tokens have or of all. */
static void
assert_every_character_counts (const char *purpose, char *token, FuzzChoice *choice)
{
    gsize length = strlen (token);
    guint at = fuzz_choose (choice, (guint) length);
    char was = token[at];
    char other = (char) (1 + fuzz_choose (choice, 255));

    if (other != was) {
        token[at] = other;
        assert_refused (purpose, token);
        token[at] = was;
    }
    at = fuzz_choose (choice, (guint) length);
    was = token[at];
    token[at] = '\0';
    assert_refused (purpose, token);
    token[at] = was;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size);
    FuzzChoice choice = fuzz_choice_of (rest);
    g_autofree char *text = h3_view_dup (rest);
    g_autofree char *purpose = NULL;
    g_autofree char *longer = NULL;
    g_autofree char *token = NULL;
    g_autoptr (GBytes) opened = NULL;
    H3View line = { NULL, 0 };

    assert_refused ("any", text);
    if (!fuzz_take_line (&rest, &line) || memchr (line.data, '\0', line.length) != NULL
        || line.length == 0)
        return 0;
    purpose = h3_view_dup (line);
    longer = g_strconcat (purpose, "x", NULL);
    token = h3_sealer_seal (get_sealer (), purpose, rest.data, rest.length, H3_SEALER_NEVER, NULL);
    FUZZ_ASSERT (token != NULL, "nothing was sealed");
    opened = h3_sealer_open (get_sealer (), purpose, token, NULL);
    FUZZ_ASSERT (opened != NULL && g_bytes_get_size (opened) == rest.length
                     && (rest.length == 0
                         || memcmp (g_bytes_get_data (opened, NULL), rest.data, rest.length) == 0),
                 "another than was sealed");
    assert_refused (longer, token);
    assert_every_character_counts (purpose, token, &choice);
    return 0;
}
