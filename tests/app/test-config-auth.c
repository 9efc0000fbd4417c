/* SPDX-License-Identifier: MIT
 *
 * Who comes in as [auth] of a configuration says, and whom the log names. */

#include "config-tree.h"

#include <h3/h3.h>

#include <string.h>

/* As long as HS512 asks for. */
#define SECRET "sixty-four characters, for there is one algorithm that takes no less"

/* The user is told of an exchange that has one, and of no other. */
static void
expect_users_logged (const char *text)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    guint n_signed = 0;

    for (guint i = 0; lines[i][0] != '\0'; i++) {
        gboolean is_signed = strstr (lines[i], " - ada [") != NULL;

        ck_assert_msg (is_signed || strstr (lines[i], " - - [") != NULL, "%s", lines[i]);
        ck_assert (!is_signed || strstr (lines[i], "\"GET /a.txt HTTP/1.1\" 200") != NULL);
        n_signed += is_signed;
    }
    ck_assert_uint_eq (n_signed, 1);
}

START_TEST (who_has_no_password_stays_out)
{
    g_autofree char *hash = NULL;
    g_autofree char *path = NULL;
    g_autofree char *log = NULL;
    g_autofree char *line = NULL;
    const H3PasswordCost cost = { 10, 8, 1 };
    H3Config *config;

    start ();
    hash = h3_password_hash ("secret", &cost, NULL);
    line = g_strdup_printf ("ada:%s\n", hash);
    file_tree_write (&tree, "users", line);
    path = file_tree_path (&tree, "x.log");
    config = read_good (FILES "[auth House]\npath = /a.txt\npasswords = users\n"
                              "[access-log]\nformat = common\nfile = x.log\n",
                        NULL);
    {
        H3App *app = h3_config_get_app (config);
        g_autoptr (H3Injected) nobody = ask (app, "GET", "/a.txt");
        g_autoptr (H3Injected) ada =
            ask_field (app, "/a.txt", "Authorization", "Basic YWRhOnNlY3JldA==");

        ck_assert_uint_eq (h3_injected_get_status (nobody), 401);
        ck_assert_ptr_nonnull (
            strstr (h3_injected_get_header (nobody, "WWW-Authenticate"), "realm=\"House\""));
        ck_assert_uint_eq (h3_injected_get_status (ada), 200);
        ck_assert_uint_eq (ask_status (app, "GET", "/"), 200);
    }
    h3_config_unref (config);
    ck_assert (g_file_get_contents (path, &log, NULL, NULL));
    expect_users_logged (log);
    file_tree_clear (&tree);
}
END_TEST

/* (transfer full): a token of the secret that the file of keys has. */
static char *
sign (const char *claims, H3SignatureKind algorithm)
{
    g_autoptr (GBytes) secret = g_bytes_new_static (SECRET, strlen (SECRET));
    g_autoptr (H3Key) key = h3_key_new_secret (secret, NULL);
    char *token = h3_jwt_sign_text (key, algorithm, claims, NULL, NULL);

    ck_assert_ptr_nonnull (token);
    return token;
}

static guint
ask_signed (H3App *app, const char *claims, H3SignatureKind algorithm)
{
    g_autofree char *token = sign (claims, algorithm);
    g_autofree char *credentials = g_strconcat ("Bearer ", token, NULL);
    g_autoptr (H3Injected) answer = ask_field (app, "/a.txt", "Authorization", credentials);

    return h3_injected_get_status (answer);
}

static guint
ask_with_token (H3App *app, const char *claims)
{
    return ask_signed (app, claims, H3_SIGNATURE_HS256);
}

/* (transfer full) */
static char *
dup_key_set (void)
{
    g_autoptr (GBytes) secret = g_bytes_new_static (SECRET, strlen (SECRET));
    g_autofree char *encoded = h3_base64_escape (secret, H3_BASE64_URL);

    return g_strdup_printf ("{\"keys\":[{\"kty\":\"oct\",\"k\":\"%s\"}]}", encoded);
}

/* (transfer full): tokens of the key set come in, as these keys say. */
static H3Config *
begin_with_tokens (const char *keys)
{
    g_autofree char *set = dup_key_set ();
    g_autofree char *text =
        g_strconcat (FILES "[auth House]\npath = /a.txt\ntokens = keys.json\n", keys, NULL);

    start ();
    file_tree_write (&tree, "keys.json", set);
    return read_good (text, NULL);
}

START_TEST (who_has_a_token_comes_in)
{
    H3Config *config = begin_with_tokens ("algorithms = HS256\nissuer = us\n"
                                          "audience = web; shop\nscopes = read\n");
    H3App *app = h3_config_get_app (config);

    ck_assert_uint_eq (ask_status (app, "GET", "/a.txt"), 401);
    ck_assert_uint_eq (ask_with_token (app, "{\"exp\":4102444800,\"iss\":\"us\",\"aud\":\"shop\","
                                            "\"scope\":\"read write\"}"),
                       200);
    ck_assert_uint_eq (ask_with_token (app, "{\"exp\":4102444800,\"iss\":\"us\","
                                            "\"aud\":\"shop\",\"scope\":\"write\"}"),
                       403);
    ck_assert_uint_eq (ask_with_token (app, "{\"exp\":4102444800,\"iss\":\"us\","
                                            "\"aud\":\"other\",\"scope\":\"read\"}"),
                       401);
    ck_assert_uint_eq (ask_with_token (app, "{\"exp\":4102444800,\"iss\":\"them\","
                                            "\"aud\":\"web\",\"scope\":\"read\"}"),
                       401);
    ck_assert_uint_eq (ask_with_token (app, "{\"exp\":1,\"iss\":\"us\",\"aud\":\"web\","
                                            "\"scope\":\"read\"}"),
                       401);
    finish (config);
}
END_TEST

/* The key itself says of no algorithm that it is the only one. */
START_TEST (tokens_are_signed_by_the_algorithms_that_are_named)
{
    static const char claims[] = "{\"exp\":4102444800}";
    H3Config *config = begin_with_tokens ("algorithms = HS256; HS512\n");
    H3App *app = h3_config_get_app (config);

    ck_assert_uint_eq (ask_signed (app, claims, H3_SIGNATURE_HS256), 200);
    ck_assert_uint_eq (ask_signed (app, claims, H3_SIGNATURE_HS512), 200);
    ck_assert_uint_eq (ask_signed (app, claims, H3_SIGNATURE_HS384), 401);
    finish (config);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "auth", who_has_no_password_stays_out, who_has_a_token_comes_in,
                    tokens_are_signed_by_the_algorithms_that_are_named, NULL);
}

int
main (void)
{
    return suite_run ("app/config-auth", add);
}
