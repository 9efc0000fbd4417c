/* SPDX-License-Identifier: MIT */

#include "tests/batteries/auth-asking.h"

#include <h3/base/error.h>
#include <h3/batteries/passwords-inside.h>
#include <h3/crypto/password.h>

#include <glib/gstdio.h>

/* As cheap as a hash may be. */
static const H3PasswordCost cheap = { H3_PASSWORD_MIN_LOG_N, 1, 1 };

/* (transfer full) */
static char *
hash_of (const char *password)
{
    char *hash = h3_password_hash (password, &cheap, NULL);

    ck_assert_ptr_nonnull (hash);
    return hash;
}

static void
set_user (H3Passwords *passwords, const char *user, const char *password)
{
    static const char *const scopes[] = { "read", "write", NULL };
    g_autofree char *hash = hash_of (password);

    ck_assert (h3_passwords_set_user (passwords, user, hash, scopes, NULL));
}

static void
assert_answered (H3App *app, const char *user, const char *password, guint status)
{
    g_autofree char *field = basic_of (user, password);

    assert_status (ask_as (app, "/", field), status);
}

START_TEST (users_come_in_with_their_passwords)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3App) app = app_behind (h3_auth_require_password ("house", passwords));
    g_autofree char *field = basic_of ("anna", "secret");
    static const char challenge[] = "Basic realm=\"house\", charset=\"UTF-8\"";

    assert_stays_out (app, "/", field, 401, challenge);
    set_user (passwords, "anna", "secret");
    assert_comes_in (app, field, "basic anna read+write");
    assert_answered (app, "anna", "Secret", 401);
    assert_answered (app, "anna", "", 401);
    assert_answered (app, "berta", "secret", 401);
    assert_answered (app, "", "secret", 401);
    assert_stays_out (app, "/", NULL, 401, challenge);
    assert_stays_out (app, "/", "Basic !", 400, challenge);
}
END_TEST

/* What was remembered of a password must not outlive it. */
START_TEST (a_password_that_was_changed_ends_at_once)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3App) app = app_behind (h3_auth_require_password ("house", passwords));

    set_user (passwords, "anna", "secret");
    assert_answered (app, "anna", "secret", 200);
    set_user (passwords, "anna", "other");
    assert_answered (app, "anna", "secret", 401);
    assert_answered (app, "anna", "other", 200);
    ck_assert (h3_passwords_remove_user (passwords, "anna"));
    ck_assert (!h3_passwords_remove_user (passwords, "anna"));
    assert_answered (app, "anna", "other", 401);
}
END_TEST

/* Sets what it was given to the principal that came. */
static void
keep_principal (H3Event *event, gpointer user_data)
{
    H3Principal **kept = user_data;

    h3_principal_unref (*kept);
    *kept = h3_principal_ref (h3_event_get_principal (event));
    h3_event_send_text (event, "kept");
}

/* (transfer full): who comes in. */
static H3Principal *
come_in (H3Auth *auth, guint times)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autofree char *field = basic_of ("anna", "secret");
    g_autoptr (H3Principal) first = NULL;
    H3Principal *kept = NULL;

    h3_app_use (app, "/", h3_auth_to_middleware (auth));
    h3_app_get (app, "/", keep_principal, &kept);
    for (guint i = 0; i < times; i++) {
        assert_status (ask_as (app, "/", field), 200);
        if (first == NULL)
            first = h3_principal_ref (kept);
    }
    if (kept == first)
        return kept;
    h3_principal_unref (kept);
    return NULL;
}

/* Who was remembered is the same again; who was verified anew is another. */
START_TEST (a_password_that_was_right_is_remembered)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3Auth) remembering = h3_auth_new ("house");
    g_autoptr (H3Auth) forgetful = h3_auth_new ("house");
    g_autoptr (H3Principal) again = NULL;
    g_autoptr (H3Principal) anew = NULL;

    set_user (passwords, "anna", "secret");
    h3_auth_add_passwords (remembering, passwords);
    h3_auth_set_memory (forgetful, 0, 0);
    h3_auth_add_passwords (forgetful, passwords);
    again = come_in (remembering, 3);
    anew = come_in (forgetful, 2);
    ck_assert_ptr_nonnull (again);
    ck_assert_ptr_null (anew);
}
END_TEST

START_TEST (a_user_who_is_not_there_costs_as_much)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autofree char *none = NULL;
    g_autofree char *others = NULL;
    g_autofree char *own = NULL;
    g_auto (GStrv) no_scopes = NULL;
    g_auto (GStrv) other_scopes = NULL;
    g_auto (GStrv) scopes = NULL;

    ck_assert (!passwords_look_up (passwords, "berta", &none, &no_scopes));
    ck_assert_ptr_null (none);
    set_user (passwords, "anna", "secret");
    ck_assert (!passwords_look_up (passwords, "berta", &others, &other_scopes));
    ck_assert (passwords_look_up (passwords, "anna", &own, &scopes));
    ck_assert_str_eq (others, own);
    ck_assert (!h3_password_needs_rehash (others, &cheap));
}
END_TEST

START_TEST (what_cannot_be_a_user_is_told)
{
    static const char *const names[] = { "a:b", "a\nb", "\xff", "a\x7f" };
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autofree char *hash = hash_of ("secret");

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert (!h3_passwords_set_user (passwords, names[i], hash, NULL, &error));
        ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_INVALID));
    }
    ck_assert (!h3_passwords_set_user (passwords, "anna", "secret", NULL, NULL));
    ck_assert_uint_eq (h3_passwords_get_size (passwords), 0);
    ck_assert (h3_passwords_set_user (passwords, "J\xc3\xb8rn Doe", hash, NULL, NULL));
    ck_assert (h3_passwords_has_user (passwords, "J\xc3\xb8rn Doe"));
}
END_TEST

/* Loads a file of this text; `expected` (nullable) is what the error has in it. */
static void
assert_loads (H3Passwords *passwords, const char *text, const char *expected)
{
    g_autofree char *path = NULL;
    g_autoptr (GError) error = NULL;
    gboolean is_loaded;
    int fd = g_file_open_tmp ("passwords-XXXXXX", &path, NULL);

    ck_assert_int_ge (fd, 0);
    ck_assert (g_close (fd, NULL) && g_file_set_contents (path, text, -1, NULL));
    is_loaded = h3_passwords_load (passwords, path, &error);
    ck_assert_int_eq (g_unlink (path), 0);
    ck_assert_msg (is_loaded == (expected == NULL), "%s: %s", text,
                   error != NULL ? error->message : "no error");
    if (expected != NULL)
        ck_assert_msg (strstr (error->message, expected) != NULL, "%s", error->message);
}

START_TEST (a_file_replaces_all_users)
{
    g_autoptr (H3Passwords) passwords = h3_passwords_new ();
    g_autoptr (H3App) app = app_behind (h3_auth_require_password ("house", passwords));
    g_autofree char *hash = hash_of ("secret");
    g_autofree char *text =
        g_strdup_printf ("# users\n\nanna:%s\r\nberta:%s:read  write\n", hash, hash);
    g_autofree char *twice = g_strdup_printf ("anna:%s\nanna:%s\n", hash, hash);
    G_GNUC_UNUSED g_autofree char *berta = basic_of ("berta", "secret");

    set_user (passwords, "carla", "secret");
    assert_loads (passwords, text, NULL);
    ck_assert_uint_eq (h3_passwords_get_size (passwords), 2);
    assert_answered (app, "anna", "secret", 200);
    assert_answered (app, "carla", "secret", 401);
    assert_loads (passwords, twice, "line 2: that user was there before");
    assert_loads (passwords, "anna\n", "line 1: it is name:hash");
    assert_loads (passwords, "#\nanna:secret\n", "line 2: the password of a user is one of");
    ck_assert (!h3_passwords_load (passwords, "/nowhere/at/all", NULL));
    ck_assert_uint_eq (h3_passwords_get_size (passwords), 2);
    assert_answered (app, "berta", "secret", 200);
    assert_loads (passwords, "", NULL);
    assert_answered (app, "berta", "secret", 401);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "coming in", users_come_in_with_their_passwords,
                    a_password_that_was_changed_ends_at_once,
                    a_password_that_was_right_is_remembered, NULL);
    suite_add_case (suite, "table", a_user_who_is_not_there_costs_as_much,
                    what_cannot_be_a_user_is_told, a_file_replaces_all_users, NULL);
}

int
main (void)
{
    return suite_run ("batteries/passwords", add_tests);
}
