/* SPDX-License-Identifier: MIT */

#include "tests/batteries/auth-asking.h"

#include <h3/format/json.h>
#include <h3/loop/clock.h>

/* (transfer full): a key, and a verifier of its tokens. */
static H3JwtVerifier *
new_verifier (H3Key **out_key)
{
    H3JwtVerifier *verifier = h3_jwt_verifier_new ();

    *out_key = h3_key_generate (H3_KEY_SECRET, 0, NULL);
    ck_assert (h3_jwt_verifier_add_key (verifier, *out_key, H3_SIGNATURE_HS256, NULL));
    return verifier;
}

/* (transfer full): the field with a token of these claims, that ends in a minute. Takes them. */
static char *
bearer_of (H3Key *key, json_t *claims)
{
    g_autofree char *token = NULL;

    json_object_set_new (claims, "exp", json_integer (clock_get_real_seconds () + 60));
    token = h3_jwt_sign (key, H3_SIGNATURE_HS256, claims, NULL, NULL);
    json_decref (claims);
    return g_strconcat ("Bearer ", token, NULL);
}

static void
assert_is (H3App *app, H3Key *key, json_t *claims, const char *as)
{
    g_autofree char *bearer = bearer_of (key, claims);

    assert_comes_in (app, bearer, as);
}

START_TEST (a_token_is_a_principal)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3JwtVerifier) verifier = new_verifier (&key);
    g_autoptr (H3App) app = app_behind (h3_auth_require_jwt ("house", verifier));

    assert_is (app, key, json_pack ("{s:s, s:s}", "sub", "anna", "scope", "read write"),
               "bearer anna read+write");
    assert_is (app, key, json_pack ("{s:s, s:[s, i, s]}", "sub", "anna", "scope", "a", 1, "b"),
               "bearer anna a+b");
    assert_is (app, key, json_pack ("{s:{}}", "scope"), "bearer  ");
    assert_is (app, key, json_object (), "bearer  ");
}
END_TEST

START_TEST (a_token_that_is_refused_says_why)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3JwtVerifier) verifier = new_verifier (&key);
    g_autoptr (H3App) app = app_behind (h3_auth_require_jwt ("house", verifier));
    g_autofree char *bearer = bearer_of (key, json_pack ("{s:s}", "sub", "anna"));

    clock_take_control ();
    assert_comes_in (app, bearer, "bearer anna ");
    assert_stays_out (app, "/", "Bearer abc", 401,
                      "Bearer realm=\"house\", error=\"invalid_token\", "
                      "error_description=\"The token is malformed.\"");
    clock_drive (100 * 1000);
    assert_stays_out (app, "/", bearer, 401,
                      "Bearer realm=\"house\", error=\"invalid_token\", "
                      "error_description=\"The token has expired.\"");
}
END_TEST

static void
tell_claims (H3Event *event, gpointer user_data)
{
    g_autofree char *claims = h3_principal_dup_claims_text (h3_event_get_principal (event));

    h3_event_send_text (event, claims);
}

START_TEST (claims_come_with_the_principal)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3JwtVerifier) verifier = new_verifier (&key);
    g_autofree char *bearer = bearer_of (key, json_pack ("{s:s}", "role", "cook"));
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_auth_require_jwt ("house", verifier));
    h3_app_get (app, "/", tell_claims, NULL);
    answer = ask_as (app, "/", bearer);
    ck_assert (g_str_has_prefix (h3_injected_get_text (answer), "{\"role\":\"cook\",\"exp\":"));
}
END_TEST

/* What is not there is told only to who may come in. */
START_TEST (nobody_learns_which_paths_there_are)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3JwtVerifier) verifier = new_verifier (&key);
    g_autofree char *bearer = bearer_of (key, json_object ());
    g_autoptr (H3App) app = app_behind (h3_auth_require_jwt ("house", verifier));

    assert_stays_out (app, "/none", NULL, 401, "Bearer realm=\"house\"");
    assert_status (ask_as (app, "/none", bearer), 404);
}
END_TEST

/* An app whose "/" needs both scopes, "/any" anybody. */
static H3App *
new_guarded_app (H3JwtVerifier *verifier)
{
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Auth) auth = h3_auth_new ("house");

    h3_auth_add_jwt (auth, verifier);
    h3_auth_set_optional (auth, TRUE);
    h3_app_use (app, "/", h3_auth_to_middleware (auth));
    h3_app_use (app, "/both", h3_auth_require_scope ("read  write"));
    h3_app_use (app, "/any", h3_auth_require_scope (NULL));
    h3_app_get (app, "/both", tell_principal, NULL);
    h3_app_get (app, "/any", tell_principal, NULL);
    h3_app_get (app, "/free", tell_principal, NULL);
    return app;
}

START_TEST (scopes_are_required)
{
    g_autoptr (H3Key) key = NULL;
    g_autoptr (H3JwtVerifier) verifier = new_verifier (&key);
    g_autoptr (H3App) app = new_guarded_app (verifier);
    g_autofree char *both = bearer_of (key, json_pack ("{s:s}", "scope", "write x read"));
    g_autofree char *one = bearer_of (key, json_pack ("{s:s}", "scope", "read"));
    g_autofree char *none = bearer_of (key, json_object ());
    static const char insufficient[] =
        "Bearer realm=\"house\", error=\"insufficient_scope\", "
        "error_description=\"The credentials are not for this.\", scope=\"read  write\"";

    assert_answer (ask_as (app, "/both", both), 200, "bearer  write+x+read");
    assert_stays_out (app, "/both", one, 403, insufficient);
    assert_stays_out (app, "/both", none, 403, insufficient);
    assert_stays_out (app, "/both", NULL, 401, "Bearer realm=\"house\"");
    assert_answer (ask_as (app, "/any", none), 200, "bearer  ");
    assert_stays_out (app, "/any", NULL, 401, "Bearer realm=\"house\"");
    assert_answer (ask (app, "GET", "/free"), 200, "nobody");
}
END_TEST

START_TEST (nobody_is_forbidden_where_nothing_can_be_asked_for)
{
    g_autoptr (H3App) app = app_behind (h3_auth_require_scope ("read"));

    assert_stays_out (app, "/", NULL, 403, NULL);
}
END_TEST

static void
come_by_session (H3Event *event, gpointer user_data)
{
    h3_event_set_principal (event, h3_principal_new ("session", "berta", user_data));
    h3_event_next (event);
}

/* What Bearer would say is not said to those who came otherwise. */
START_TEST (scopes_are_those_of_any_principal)
{
    static const char *const scopes[] = { "read", NULL };
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_middleware_new (come_by_session, (gpointer) scopes, NULL));
    h3_app_use (app, "/read", h3_auth_require_scope ("read"));
    h3_app_use (app, "/write", h3_auth_require_scope ("write"));
    h3_app_get (app, "/read", tell_principal, NULL);
    h3_app_get (app, "/write", tell_principal, NULL);
    assert_answer (ask (app, "GET", "/read"), 200, "session berta read");
    assert_stays_out (app, "/write", NULL, 403, NULL);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "tokens", a_token_is_a_principal, a_token_that_is_refused_says_why,
                    claims_come_with_the_principal, nobody_learns_which_paths_there_are, NULL);
    suite_add_case (suite, "scopes", scopes_are_required,
                    nobody_is_forbidden_where_nothing_can_be_asked_for,
                    scopes_are_those_of_any_principal, NULL);
}

int
main (void)
{
    return suite_run ("batteries/auth-scope", add_tests);
}
