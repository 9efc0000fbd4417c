/* SPDX-License-Identifier: MIT
 *
 * The system's source of random bytes fails: secrets are not made, and hashes get a key all the
 * same. */

#include "fault.h"

#include "tests/support/suite.h"

#include "h3/app/inject.h"
#include "h3/base/error.h"
#include "h3/base/random.h"
#include "h3/base/view.h"
#include "h3/batteries/auth.h"
#include "h3/batteries/idempotency.h"
#include "h3/batteries/security-headers.h"
#include "h3/crypto/certificate.h"
#include "h3/crypto/password.h"
#include "h3/crypto/token.h"
#include "h3/http/answer.h"
#include "h3/http/trace-context.h"

#include <errno.h>
#include <string.h>

static guint8 nothing[32];

static gboolean
fill (guint8 *bytes)
{
    memset (bytes, 0, sizeof nothing);
    return random_fill (bytes, sizeof nothing);
}

START_TEST (interrupted_and_short_reads_are_gone_on_with)
{
    guint8 bytes[sizeof nothing];

    fault_arm (FAULT_GETRANDOM, EINTR, 1, 3);
    ck_assert (fill (bytes));
    fault_arm (FAULT_GETRANDOM, FAULT_SHORT, 1, 31);
    ck_assert (fill (bytes));
    ck_assert_uint_eq (fault_disarm (), 31);
    ck_assert_uint_eq (fault_count (FAULT_GETRANDOM), 32);
}
END_TEST

START_TEST (device_takes_the_place_of_the_call)
{
    guint8 bytes[sizeof nothing];

    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    ck_assert (fill (bytes));
    ck_assert (memcmp (bytes, nothing, sizeof bytes) != 0);
    fault_arm_second (FAULT_READ, FAULT_SHORT, 1, 5);
    ck_assert (fill (bytes));
    fault_arm_second (FAULT_READ, EINTR, 10, 1);
    ck_assert (fill (bytes));
    ck_assert_uint_eq (fault_disarm (), 3);
}
END_TEST

START_TEST (no_source_is_told)
{
    guint8 bytes[sizeof nothing];

    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, EMFILE, 1, 1);
    ck_assert (!fill (bytes));
    fault_arm_second (FAULT_READ, EIO, 1, 1);
    ck_assert (!fill (bytes));
    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_READ, FAULT_END, 1, 1);
    ck_assert (!fill (bytes));
    (void) fault_disarm ();
}
END_TEST

START_TEST (nothing_is_sealed_without_a_source)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autoptr (GError) no_key = NULL;
    g_autoptr (GError) no_token = NULL;

    ck_assert (h3_sealer_generate_key (sealer, NULL));
    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    ck_assert_ptr_null (h3_sealer_seal (sealer, "test", "x", 1, H3_SEALER_NEVER, &no_token));
    ck_assert (g_error_matches (no_token, H3_ERROR, H3_ERROR_FAILED));
    ck_assert (!h3_sealer_generate_key (sealer, &no_key));
    ck_assert (g_error_matches (no_key, H3_ERROR, H3_ERROR_FAILED));
    ck_assert_uint_eq (h3_sealer_get_n_keys (sealer), 1);
    (void) fault_disarm ();
}
END_TEST

START_TEST (no_secret_is_made_without_a_source)
{
    static const char *const names[] = { "a.example", NULL };
    const H3PasswordCost cost = { H3_PASSWORD_MIN_LOG_N, 8, 1 };
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_P256, 0, NULL);
    g_autoptr (GError) no_hash = NULL;
    g_autoptr (GError) no_secret = NULL;
    g_autoptr (GError) no_certificate = NULL;

    ck_assert_ptr_nonnull (key);
    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    ck_assert_ptr_null (h3_password_hash ("password", &cost, &no_hash));
    ck_assert (g_error_matches (no_hash, H3_ERROR, H3_ERROR_FAILED));
    ck_assert_ptr_null (h3_key_generate (H3_KEY_SECRET, 0, &no_secret));
    ck_assert (g_error_matches (no_secret, H3_ERROR, H3_ERROR_FAILED));
    ck_assert_ptr_null (h3_certificate_new_self_signed (key, names, 1, &no_certificate));
    ck_assert (g_error_matches (no_certificate, H3_ERROR, H3_ERROR_FAILED));
    (void) fault_disarm ();
}
END_TEST

/* Each test is a process of its own: here the key is drawn, and stays. */
START_TEST (hashes_have_a_key_without_a_source)
{
    guint32 hash, same;

    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    hash = h3_view_hash (H3_VIEW ("some text"));
    ck_assert_uint_gt (fault_disarm (), 0);
    same = h3_view_hash (H3_VIEW ("some text"));
    ck_assert_uint_eq (hash, same);
    ck_assert_uint_ne (hash, 0);
}
END_TEST

static void
show_nonce (H3Event *event, gpointer user_data)
{
    const char *nonce;

    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    nonce = h3_security_headers_get_nonce (event);
    (void) fault_disarm ();
    ck_assert_ptr_null (nonce);
}

START_TEST (no_nonce_no_answer)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_security_headers_new ());
    h3_app_get (app, "/", show_nonce, NULL);
    answer = h3_app_inject (app, "GET", "/", NULL, NULL, NULL);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (h3_injected_get_status (answer), 500);
    ck_assert_ptr_null (
        strstr (h3_injected_get_header (answer, "Content-Security-Policy"), "nonce"));
}
END_TEST

static void
show_trace (H3Event *event, gpointer user_data)
{
    g_autofree char *parent = NULL;

    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    parent = h3_event_dup_traceparent (event);
    ck_assert_uint_gt (fault_disarm (), 0);
    h3_event_send_text (event, parent);
}

/* Ids are no secrets. */
START_TEST (requests_are_told_apart_without_a_source)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Injected) one = NULL, two = NULL;

    h3_app_get (app, "/", show_trace, NULL);
    one = h3_app_inject (app, "GET", "/", NULL, NULL, NULL);
    two = h3_app_inject (app, "GET", "/", NULL, NULL, NULL);
    ck_assert_uint_eq (h3_injected_get_status (one), 200);
    ck_assert_uint_eq (strlen (h3_injected_get_text (one)), 55);
    ck_assert_str_ne (h3_injected_get_text (one), h3_injected_get_text (two));
}
END_TEST

static guint n_runs;

static void
run_once (H3Event *event, gpointer user_data)
{
    n_runs++;
    h3_event_send_empty (event, 204);
}

static void
lose_source (H3Event *event, gpointer user_data)
{
    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    h3_event_next (event);
    (void) fault_disarm ();
}

/* A claim that could be another's would let two requests run. */
START_TEST (no_claim_no_request)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Idempotency) idempotency = h3_idempotency_new ();
    g_autoptr (H3Headers) headers = h3_headers_new ();
    g_autoptr (H3Injected) answer = NULL;

    h3_app_use (app, "/", h3_middleware_new (lose_source, NULL, NULL));
    h3_app_use (app, "/", h3_idempotency_to_middleware (idempotency));
    h3_app_post (app, "/", run_once, NULL);
    h3_headers_set (headers, "Idempotency-Key", "a");
    answer = h3_app_inject (app, "POST", "/", headers, NULL, NULL);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (h3_injected_get_status (answer), 500);
    ck_assert_uint_eq (n_runs, 0);
}
END_TEST

static gboolean
know_nobody (const char *user, H3DigestKind kind, const char *realm, char *out, gpointer user_data)
{
    return FALSE;
}

/* A challenge whose nonce could be guessed would be worse than none. */
START_TEST (no_nonce_no_challenge)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    g_autoptr (H3Auth) auth = h3_auth_new ("house");
    g_autoptr (H3Injected) before = NULL;
    g_autoptr (H3Injected) answer = NULL;

    ck_assert (h3_auth_add_digest (auth, NULL, know_nobody, NULL, NULL, NULL));
    h3_app_use (app, "/", h3_auth_to_middleware (auth));
    before = h3_app_inject (app, "GET", "/", NULL, NULL, NULL);
    ck_assert_uint_eq (h3_injected_get_status (before), 401);
    fault_arm (FAULT_GETRANDOM, ENOSYS, 1, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
    answer = h3_app_inject (app, "GET", "/", NULL, NULL, NULL);
    ck_assert_uint_gt (fault_disarm (), 0);
    ck_assert_uint_eq (h3_injected_get_status (answer), 500);
    ck_assert_ptr_null (h3_injected_get_header (answer, "WWW-Authenticate"));
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "random", interrupted_and_short_reads_are_gone_on_with,
                    device_takes_the_place_of_the_call, no_source_is_told,
                    nothing_is_sealed_without_a_source, no_secret_is_made_without_a_source,
                    hashes_have_a_key_without_a_source, requests_are_told_apart_without_a_source,
                    no_nonce_no_answer, no_nonce_no_challenge, no_claim_no_request, NULL);
}

int
main (void)
{
    return suite_run ("fault/random", add_cases);
}
