/* SPDX-License-Identifier: MIT
 *
 * Sec-WebSocket-Extensions, the input's first line, and an Origin and a Host behind it: the field
 * is well formed where a regex says so, what is agreed on was offered, and is read again as it was
 * written. An origin is the same as a host only where GLib finds the same host and port in both. */

#include "fuzz.h"
#include "h3/wire/ws-handshake.h"

#include <string.h>

#define TOKEN "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
#define BLANK "[ \\t]*"
#define PARAMETER                                                                                  \
    BLANK ";" BLANK TOKEN "(?:" BLANK "=" BLANK "(?:" TOKEN "|\"" BLANK TOKEN BLANK "\"))?"
#define EXTENSION BLANK TOKEN "(?:" PARAMETER ")*" BLANK
#define FIELD     "^" EXTENSION "(?:," EXTENSION ")*$"

static void
judge_field (H3View field, const WsDeflateTerms *most)
{
    static GRegex *regex;
    g_autofree char *copy = fuzz_copy (field.data, field.length);
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    WsDeflateTerms terms, again;
    gboolean is_like;
    gboolean is_read = ws_handshake_choose_deflate (h3_view (copy, field.length), most, &terms);

    if (regex == NULL)
        regex =
            g_regex_new (FIELD, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, NULL);
    is_like = g_regex_match_full (regex, copy, (gssize) field.length, 0, 0, NULL, &error);
    /* Of long fields the expression may tell nothing: it has no room. */
    FUZZ_ASSERT (error != NULL || is_read == is_like, "%.*s", H3_VIEW_ARGS (field));
    if (!is_read || !terms.is_on)
        return;
    FUZZ_ASSERT (terms.server_bits >= 8 && terms.server_bits <= most->server_bits
                     && terms.client_bits >= 8 && terms.client_bits <= most->client_bits,
                 "%u and %u bits", terms.server_bits, terms.client_bits);
    FUZZ_ASSERT (terms.server_keeps_nothing || !most->server_keeps_nothing, "the server's context");
    text = ws_handshake_write_deflate (&terms);
    FUZZ_ASSERT (ws_handshake_choose_deflate (h3_view_of (text), &terms, &again) && again.is_on,
                 "%s is not taken back", text);
    FUZZ_ASSERT (again.server_bits == terms.server_bits && again.client_bits == terms.client_bits
                     && again.server_keeps_nothing == terms.server_keeps_nothing
                     && again.client_keeps_nothing == terms.client_keeps_nothing,
                 "%s is taken back otherwise", text);
}

static int
get_port (GUri *uri)
{
    if (g_uri_get_port (uri) >= 0)
        return g_uri_get_port (uri);
    return g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
}

/* As GLib reads them. */
static void
judge_same (H3View origin, H3View host)
{
    g_autofree char *text = h3_view_dup (origin);
    const char *authority = strstr (text, "://");
    g_autofree char *other = g_strdup_printf (
        "%.*s://%.*s", authority != NULL ? (int) (authority - text) : 0, text, H3_VIEW_ARGS (host));
    g_autoptr (GUri) a = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
    g_autoptr (GUri) b = g_uri_parse (other, G_URI_FLAGS_ENCODED, NULL);

    FUZZ_ASSERT (authority != NULL, "%s has no scheme", text);
    if (a == NULL || b == NULL)
        return;
    FUZZ_ASSERT (g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
                     && get_port (a) == get_port (b) && g_uri_get_userinfo (a) == NULL
                     && g_str_equal (g_uri_get_path (a), ""),
                 "%s is not %s", text, other);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    H3View rest = h3_view ((const char *) data, size);
    FuzzChoice choice = fuzz_choice_of (rest);
    const WsDeflateTerms most = { .is_on = TRUE,
                                  .server_keeps_nothing = (guint8) fuzz_choose (&choice, 2),
                                  .client_keeps_nothing = (guint8) fuzz_choose (&choice, 2),
                                  .server_bits = (guint8) (8 + fuzz_choose (&choice, 8)),
                                  .client_bits = 15 };
    H3View field = H3_VIEW_EMPTY, origin = H3_VIEW_EMPTY, host = H3_VIEW_EMPTY;

    (void) fuzz_take_line (&rest, &field);
    judge_field (field, &most);
    (void) fuzz_take_line (&rest, &origin);
    (void) fuzz_take_line (&rest, &host);
    if (ws_handshake_is_same_origin (origin, host))
        judge_same (origin, host);
    return 0;
}
