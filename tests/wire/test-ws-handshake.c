/* SPDX-License-Identifier: MIT */

#include "h3/wire/ws-handshake.h"

#include "tests/support/suite.h"

#include <string.h>

/* RFC 6455 §1.3 */
START_TEST (key_is_answered_as_the_standard_has_it)
{
    char accept[WS_ACCEPT_SIZE];

    ck_assert (ws_handshake_answer_key (H3_VIEW ("dGhlIHNhbXBsZSBub25jZQ=="), accept));
    ck_assert_str_eq (accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
END_TEST

static const WsDeflateTerms all = { .is_on = TRUE, .server_bits = 15, .client_bits = 15 };
static const WsDeflateTerms small = { .is_on = TRUE,
                                      .server_keeps_nothing = TRUE,
                                      .client_keeps_nothing = TRUE,
                                      .server_bits = 10,
                                      .client_bits = 11 };

/* What is offered, and what is said to it; "": nothing is agreed on; NULL: malformed. */
static const struct {
    const char *offered;
    const char *agreed;
} offers[] = {
    { "permessage-deflate", "permessage-deflate" },
    { "permessage-deflate; client_max_window_bits", "permessage-deflate" },
    { "permessage-deflate ;client_max_window_bits = 10",
      "permessage-deflate; client_max_window_bits=10" },
    { "permessage-deflate; client_max_window_bits=\"10\"",
      "permessage-deflate; client_max_window_bits=10" },
    { "permessage-deflate; server_max_window_bits=8",
      "permessage-deflate; server_max_window_bits=8" },
    { "permessage-deflate; server_max_window_bits=15",
      "permessage-deflate; server_max_window_bits=15" },
    { "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover" },
    { "foo, permessage-deflate; bar, permessage-deflate; server_max_window_bits=9",
      "permessage-deflate; server_max_window_bits=9" },
    { "x-webkit-deflate-frame", "" },
    { "permessage-deflate; server_max_window_bits", "" },
    { "permessage-deflate; server_max_window_bits=7", "" },
    { "permessage-deflate; server_max_window_bits=16", "" },
    { "permessage-deflate; server_max_window_bits=08", "" },
    { "permessage-deflate; server_max_window_bits=a", "" },
    { "permessage-deflate; client_max_window_bits=7", "" },
    { "permessage-deflate; client_max_window_bits=16", "" },
    { "permessage-deflate; server_no_context_takeover=1", "" },
    { "permessage-deflate; client_no_context_takeover; client_no_context_takeover", "" },
    { "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9", "" },
    { "permessage-deflate; client_max_window_bits; client_max_window_bits", "" },
    { "permessage-deflate; unknown", "" },
    { "", NULL },
    { ",", NULL },
    { "permessage-deflate,", NULL },
    { "permessage-deflate;", NULL },
    { "permessage-deflate; =1", NULL },
    { "permessage-deflate; a=", NULL },
    { "permessage-deflate; a=\"", NULL },
    { "permessage-deflate; a=\"b", NULL },
    { "permessage-deflate; a=\"b c\"", NULL },
    { "permessage-deflate x", NULL },
    { "permessage-deflate; a b", NULL },
    { "permess\xe4ge", NULL },
};

static void
assert_agreed (const char *offered, const WsDeflateTerms *most, const char *expected)
{
    WsDeflateTerms terms;
    g_autofree char *copy = g_memdup2 (offered, MAX (strlen (offered), 1));
    gboolean read = ws_handshake_choose_deflate (h3_view (copy, strlen (offered)), most, &terms);
    g_autofree char *text = NULL;

    ck_assert_msg (read == (expected != NULL), "%s", offered);
    if (!read)
        return;
    text = terms.is_on ? ws_handshake_write_deflate (&terms) : g_strdup ("");
    ck_assert_str_eq (text, expected);
}

START_TEST (first_offer_that_can_be_had_is_agreed_on)
{
    for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
        assert_agreed (offers[i].offered, &all, offers[i].agreed);
}
END_TEST

START_TEST (server_asks_for_less_where_the_client_may_be_asked)
{
    static const WsDeflateTerms none = { 0 };

    assert_agreed ("permessage-deflate", &small, "");
    assert_agreed ("permessage-deflate; client_max_window_bits", &small,
                   "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                   "server_max_window_bits=10; client_max_window_bits=11");
    assert_agreed ("permessage-deflate; client_max_window_bits=8; server_max_window_bits=9", &small,
                   "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                   "server_max_window_bits=9; client_max_window_bits=8");
    assert_agreed ("permessage-deflate; client_max_window_bits", &none, "");
}
END_TEST

static const struct {
    const char *origin, *host;
    gboolean is_same;
} origins[] = {
    { "http://a.example", "a.example", TRUE },
    { "http://A.example", "a.EXAMPLE", TRUE },
    { "http://a.example", "a.example:80", TRUE },
    { "https://a.example", "a.example", TRUE },
    { "https://a.example", "a.example:443", TRUE },
    { "https://a.example:443", "a.example", TRUE },
    { "http://a.example:8080", "a.example:8080", TRUE },
    { "http://[::1]:8080", "[::1]:8080", TRUE },
    { "http://a.example", "a.example:8080", FALSE },
    { "http://a.example:8080", "a.example", FALSE },
    { "https://a.example", "a.example:80", FALSE },
    { "http://b.example", "a.example", FALSE },
    { "http://a.example.evil", "a.example", FALSE },
    { "http://a.example@evil", "a.example", FALSE },
    { "http://a.example/", "a.example", FALSE },
    { "ftp://a.example", "a.example", FALSE },
    { "null", "a.example", FALSE },
    { "", "a.example", FALSE },
    { "http://", "", FALSE },
};

START_TEST (origin_is_the_same_by_scheme_host_and_port)
{
    for (gsize i = 0; i < G_N_ELEMENTS (origins); i++)
        ck_assert_msg (ws_handshake_is_same_origin (h3_view_of (origins[i].origin),
                                                    h3_view_of (origins[i].host))
                           == origins[i].is_same,
                       "%s at %s", origins[i].origin, origins[i].host);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "handshake", key_is_answered_as_the_standard_has_it,
                    origin_is_the_same_by_scheme_host_and_port, NULL);
    suite_add_case (suite, "extensions", first_offer_that_can_be_had_is_agreed_on,
                    server_asks_for_less_where_the_client_may_be_asked, NULL);
}

int
main (void)
{
    return suite_run ("wire/ws-handshake", add_tests);
}
