/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/crypto/base64.h>
#include <h3/http/challenge.h>
#include <h3/http/credentials.h>

static gboolean
parse (const char *text, H3Credentials *out)
{
    return h3_credentials_parse (h3_view_of (text), out);
}

static void
assert_refused (const char *text)
{
    H3Credentials credentials;

    ck_assert_msg (!parse (text, &credentials), "'%s' is taken", text);
}

START_TEST (a_token_is_what_stands_behind_the_scheme)
{
    H3Credentials credentials;

    ck_assert (parse ("Basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ==", &credentials));
    ck_assert (h3_credentials_is (&credentials, "bAsic"));
    ck_assert (!h3_credentials_is (&credentials, "Basi"));
    ck_assert (h3_view_equal (credentials.token, H3_VIEW ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")));
    ck_assert (parse ("X-Own a-._~+/9==", &credentials));
    ck_assert (h3_view_equal (credentials.token, H3_VIEW ("a-._~+/9==")));
    ck_assert (parse ("Negotiate", &credentials));
    ck_assert_ptr_null (credentials.token.data);
}
END_TEST

START_TEST (what_is_no_credentials_is_refused)
{
    static const char *const refused[] = {
        "",
        " ",
        "=",
        "Basic a b",
        "Basic a, b",
        "Basic\ta",
        "Basic =",
        "Basic a=b=c",
        "Basic a=\"b",
        "Basic a=\"b\\\"",
        "Bas/ic abc",
        "Basic a=,",
        "Basic =b",
        "Basic a=\"b\"c",
        "Basic a=b c=d",
        "Basic a\nb",
        "Bearer \x7f",
        "Basic a=\"\x01\"",
        "Basic a=b, A=c",
        "Basic abc, Bearer def",
        "Bearer a b",
        "Basic a;b",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        assert_refused (refused[i]);
}
END_TEST

START_TEST (parameters_come_one_by_one)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3CredentialsParameter one;
    H3Credentials credentials;
    H3View rest;

    ck_assert (parse ("Digest , a=b ,,c = \"d, \\\"e\\\\\" ,", &credentials));
    rest = credentials.parameters;
    ck_assert (h3_credentials_next (&rest, &one));
    ck_assert (h3_view_equal (one.name, H3_VIEW ("a")) && !one.is_quoted);
    ck_assert (h3_credentials_next (&rest, &one));
    ck_assert (h3_view_equal (one.name, H3_VIEW ("c")) && one.is_quoted);
    ck_assert (h3_view_equal (one.value, H3_VIEW ("d, \\\"e\\\\")));
    ck_assert (!h3_credentials_next (&rest, &one));
    ck_assert_str_eq (h3_credentials_get (&credentials, "A", arena), "b");
    ck_assert_str_eq (h3_credentials_get (&credentials, "c", arena), "d, \"e\\");
    ck_assert_ptr_null (h3_credentials_get (&credentials, "d", arena));
}
END_TEST

/* Digest a0=x, a1=x, … */
static char *
write_parameters (guint n)
{
    GString *text = g_string_new ("Digest ");

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%sa%u=x", i > 0 ? ", " : "", i);
    return g_string_free (text, FALSE);
}

START_TEST (credentials_are_bounded)
{
    g_autofree char *full = write_parameters (H3_CREDENTIALS_MAX_PARAMETERS);
    g_autofree char *over = write_parameters (H3_CREDENTIALS_MAX_PARAMETERS + 1);
    g_autofree char *longest = g_strnfill (H3_CREDENTIALS_MAX_LENGTH - strlen ("B "), 'a');
    g_autofree char *taken = g_strconcat ("B ", longest, NULL);
    g_autofree char *too_long = g_strconcat ("BB ", longest, NULL);
    H3Credentials credentials;

    ck_assert (parse (full, &credentials));
    assert_refused (over);
    ck_assert (parse (taken, &credentials));
    assert_refused (too_long);
}
END_TEST

/* What a client would send for these bytes. */
static gboolean
decode (const char *both, gsize length, char *out, H3View *out_user, H3View *out_password)
{
    char text[H3_BASE64_ROOM (256)];
    gsize n = h3_base64_encode (both, length, H3_BASE64_STANDARD, text);

    return h3_credentials_decode_basic (h3_view (text, n), out, out_user, out_password);
}

START_TEST (basic_is_cut_at_the_first_colon)
{
    H3View user, password;
    char out[256];

    ck_assert (decode ("Aladdin:open:sesame", 19, out, &user, &password));
    ck_assert (h3_view_equal (user, H3_VIEW ("Aladdin")));
    ck_assert (h3_view_equal (password, H3_VIEW ("open:sesame")));
    ck_assert (decode (":", 1, out, &user, &password));
    ck_assert_uint_eq (user.length + password.length, 0);
}
END_TEST

/* RFC 7617 §2.1: the password of the example ends in a pound sign. */
START_TEST (basic_is_utf8_without_controls)
{
    H3View user, password;
    char out[256];

    ck_assert (h3_credentials_decode_basic (H3_VIEW ("dGVzdDoxMjPCow=="), out, &user, &password));
    ck_assert (h3_view_equal (password, H3_VIEW ("123\xc2\xa3")));
    ck_assert (!decode ("test:123\xa3", 9, out, &user, &password));
    ck_assert (!decode ("te\0st:1", 7, out, &user, &password));
    ck_assert (!decode ("test:1\n", 7, out, &user, &password));
    ck_assert (!decode ("test:\x7f", 6, out, &user, &password));
    ck_assert (!decode ("test", 4, out, &user, &password));
    ck_assert (!h3_credentials_decode_basic (H3_VIEW ("dGVzdDoxMjPCow"), out, &user, &password));
    ck_assert (!h3_credentials_decode_basic (H3_VIEW_EMPTY, out, &user, &password));
}
END_TEST

static void
tell_basic (H3Event *event, gpointer user_data)
{
    static const char *const names[] = { "absent", "other", "malformed" };
    const char *user, *password;
    H3CredentialsResult result = h3_event_read_basic (event, &user, &password);
    g_autofree char *text = NULL;

    if (result == H3_CREDENTIALS_READ)
        text = g_strconcat (user, "|", password, NULL);
    h3_event_send_text (event, text != NULL ? text : names[result]);
}

static void
tell_bearer (H3Event *event, gpointer user_data)
{
    static const char *const names[] = { "absent", "other", "malformed" };
    const char *token;
    H3CredentialsResult result = h3_event_read_bearer (event, &token);

    h3_event_send_text (event, result == H3_CREDENTIALS_READ ? token : names[result]);
}

static void
assert_tells (H3App *app, const char *target, const char *field, const char *expected)
{
    assert_answer (ask_field (app, target, "Authorization", field), 200, expected);
}

START_TEST (an_event_tells_what_came)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_get (app, "/basic", tell_basic, NULL);
    h3_app_get (app, "/bearer", tell_bearer, NULL);
    assert_gets (app, "/basic", "absent");
    assert_gets (app, "/bearer?access_token=abc", "absent");
    assert_tells (app, "/basic", "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame");
    assert_tells (app, "/basic", "Bearer abc", "other");
    assert_tells (app, "/basic", "Basic", "malformed");
    assert_tells (app, "/basic", "Basic a=b", "malformed");
    assert_tells (app, "/basic", "Basic !", "malformed");
    assert_tells (app, "/bearer", "BEARER abc.def-_~+/=", "abc.def-_~+/=");
    assert_tells (app, "/bearer", "Bearer a b", "malformed");
    assert_tells (app, "/bearer", "Basic QQ==", "other");
}
END_TEST

START_TEST (two_fields_are_malformed)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_get (app, "/", tell_bearer, NULL);
    assert_answer (ask_raw (app, "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc\r\n"
                                 "AUTHORIZATION: Bearer abc\r\n\r\n"),
                   200, "malformed");
}
END_TEST

START_TEST (a_challenge_is_quoted)
{
    g_autoptr (H3Challenge) challenge = h3_challenge_new ("Digest");

    ck_assert_str_eq (h3_challenge_get_text (challenge), "Digest");
    ck_assert (h3_challenge_add (challenge, "realm", "a \"b\\\" c"));
    ck_assert (h3_challenge_add_token (challenge, "stale", "true"));
    ck_assert (!h3_challenge_add (challenge, "x", "a\r\nb"));
    ck_assert (!h3_challenge_add_token (challenge, "y", "a b"));
    ck_assert (!h3_challenge_add_token (challenge, "y", ""));
    ck_assert_str_eq (h3_challenge_get_text (challenge),
                      "Digest realm=\"a \\\"b\\\\\\\" c\", stale=true");
}
END_TEST

static void
challenge_twice (H3Event *event, gpointer user_data)
{
    g_autoptr (H3Challenge) first = h3_challenge_new ("Negotiate");
    g_autoptr (H3Challenge) second = h3_challenge_new ("Basic");

    h3_event_add_challenge (event, first);
    h3_event_add_challenge (event, second);
    h3_event_fail_status (event, 401, NULL);
}

START_TEST (an_error_keeps_all_challenges)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Injected) answer = NULL;
    g_autofree char *joined = NULL;

    h3_app_get (app, "/", challenge_twice, NULL);
    answer = ask (app, "GET", "/");
    ck_assert_uint_eq (h3_injected_get_status (answer), 401);
    joined = h3_headers_dup_joined (h3_injected_get_headers (answer), "WWW-Authenticate");
    ck_assert_str_eq (joined, "Negotiate, Basic");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "field", a_token_is_what_stands_behind_the_scheme,
                    what_is_no_credentials_is_refused, parameters_come_one_by_one,
                    credentials_are_bounded, NULL);
    suite_add_case (suite, "basic", basic_is_cut_at_the_first_colon, basic_is_utf8_without_controls,
                    NULL);
    suite_add_case (suite, "event", an_event_tells_what_came, two_fields_are_malformed, NULL);
    suite_add_case (suite, "challenge", a_challenge_is_quoted, an_error_keeps_all_challenges, NULL);
}

int
main (void)
{
    return suite_run ("http/credentials", add_tests);
}
