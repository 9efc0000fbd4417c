/* SPDX-License-Identifier: MIT */

#include "h3/crypto/jwt.h"

#include "h3/loop/clock.h"

#include "tests/crypto/jwt-forge.h"

typedef struct {
    H3Key *key;              /* ref */
    H3JwtVerifier *verifier; /* ref */
    gint64 now;
} Fixture;

/* The clock stands still, so that a second is a second. */
static Fixture
begin (void)
{
    Fixture fixture = { secret_of ("a"), h3_jwt_verifier_new (), 0 };

    clock_take_control ();
    fixture.now = clock_get_real_seconds ();
    ck_assert (h3_jwt_verifier_add_key (fixture.verifier, fixture.key, H3_SIGNATURE_HS256, NULL));
    h3_jwt_verifier_set_leeway (fixture.verifier, 10);
    return fixture;
}

static void
end (Fixture *fixture)
{
    h3_key_unref (fixture->key);
    h3_jwt_verifier_unref (fixture->verifier);
}

#define TAKEN (-1)

/* `expected`: TAKEN, or the code. */
static void
assert_claims (const Fixture *fixture, const char *claims, int expected)
{
    g_autofree char *token =
        h3_jwt_sign_text (fixture->key, H3_SIGNATURE_HS256, claims, NULL, NULL);

    if (expected == TAKEN)
        assert_taken (fixture->verifier, token, claims);
    else
        assert_refused (fixture->verifier, token, (H3JwtError) expected);
}

static void
assert_time (const Fixture *fixture, const char *name, gint64 offset, int expected)
{
    g_autofree char *claims =
        g_strdup_printf ("{\"%s\":%" G_GINT64_FORMAT "}", name, fixture->now + offset);

    assert_claims (fixture, claims, expected);
}

START_TEST (a_token_ends_at_its_expiry_and_the_leeway)
{
    Fixture fixture = begin ();

    assert_time (&fixture, "exp", 1, TAKEN);
    assert_time (&fixture, "exp", -9, TAKEN);
    assert_time (&fixture, "exp", -10, H3_JWT_ERROR_EXPIRED);
    assert_claims (&fixture, "{}", H3_JWT_ERROR_CLAIM);
    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    assert_claims (&fixture, "{}", TAKEN);
    assert_time (&fixture, "exp", -10, H3_JWT_ERROR_EXPIRED);
    end (&fixture);
}
END_TEST

START_TEST (a_token_begins_at_its_times_less_the_leeway)
{
    static const char *const names[] = { "nbf", "iat" };
    Fixture fixture = begin ();

    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        assert_time (&fixture, names[i], -100, TAKEN);
        assert_time (&fixture, names[i], 10, TAKEN);
        assert_time (&fixture, names[i], 11, H3_JWT_ERROR_EARLY);
    }
    end (&fixture);
}
END_TEST

START_TEST (a_token_expires_while_the_clock_runs)
{
    Fixture fixture = begin ();
    g_autofree char *claims = g_strdup_printf ("{\"exp\":%" G_GINT64_FORMAT "}", fixture.now + 60);
    g_autofree char *token = h3_jwt_sign_text (fixture.key, H3_SIGNATURE_HS256, claims, NULL, NULL);

    assert_taken (fixture.verifier, token, claims);
    clock_drive (69 * 1000);
    assert_taken (fixture.verifier, token, claims);
    clock_drive (1000);
    assert_refused (fixture.verifier, token, H3_JWT_ERROR_EXPIRED);
    end (&fixture);
}
END_TEST

START_TEST (an_age_can_be_asked_for)
{
    Fixture fixture = begin ();

    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    h3_jwt_verifier_set_max_age (fixture.verifier, 100);
    assert_time (&fixture, "iat", -110, TAKEN);
    assert_time (&fixture, "iat", -111, H3_JWT_ERROR_EXPIRED);
    assert_claims (&fixture, "{}", H3_JWT_ERROR_CLAIM);
    end (&fixture);
}
END_TEST

START_TEST (times_are_numbers_of_seconds)
{
    static const char *const bad[] = { "\"9999999999\"", "null", "true", "[]", "1e300", "-1e17" };
    static const char *const names[] = { "exp", "nbf", "iat" };
    Fixture fixture = begin ();
    g_autofree char *fraction = g_strdup_printf ("{\"exp\":%" G_GINT64_FORMAT ".5}", fixture.now);

    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        for (gsize k = 0; k < G_N_ELEMENTS (names); k++) {
            g_autofree char *claims = g_strdup_printf ("{\"%s\":%s}", names[k], bad[i]);

            assert_claims (&fixture, claims, H3_JWT_ERROR_CLAIM);
        }
    h3_jwt_verifier_set_leeway (fixture.verifier, 0);
    assert_claims (&fixture, fraction, TAKEN);
    clock_drive (1000);
    assert_claims (&fixture, fraction, H3_JWT_ERROR_EXPIRED);
    end (&fixture);
}
END_TEST

START_TEST (issuer_and_subject_are_checked_where_they_are_asked_for)
{
    Fixture fixture = begin ();

    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    assert_claims (&fixture, "{\"iss\":\"x\",\"sub\":\"y\"}", TAKEN);
    assert_claims (&fixture, "{\"iss\":1}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"sub\":[\"a\"]}", H3_JWT_ERROR_CLAIM);
    h3_jwt_verifier_set_issuer (fixture.verifier, "https://issuer.example");
    h3_jwt_verifier_set_subject (fixture.verifier, "anna");
    assert_claims (&fixture, "{\"iss\":\"https://issuer.example\",\"sub\":\"anna\"}", TAKEN);
    assert_claims (&fixture, "{\"iss\":\"https://issuer.example/\",\"sub\":\"anna\"}",
                   H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"iss\":\"https://issuer.example\",\"sub\":\"Anna\"}",
                   H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"sub\":\"anna\"}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"iss\":\"https://issuer.example\"}", H3_JWT_ERROR_CLAIM);
    end (&fixture);
}
END_TEST

START_TEST (a_token_is_for_whom_it_names)
{
    Fixture fixture = begin ();

    h3_jwt_verifier_set_needs_expiry (fixture.verifier, FALSE);
    assert_claims (&fixture, "{}", TAKEN);
    assert_claims (&fixture, "{\"aud\":\"a\"}", H3_JWT_ERROR_CLAIM);
    h3_jwt_verifier_add_audience (fixture.verifier, "a");
    h3_jwt_verifier_add_audience (fixture.verifier, "b");
    assert_claims (&fixture, "{}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"aud\":\"b\"}", TAKEN);
    assert_claims (&fixture, "{\"aud\":[\"x\",\"a\"]}", TAKEN);
    assert_claims (&fixture, "{\"aud\":[\"x\",1]}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"aud\":[]}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"aud\":\"ab\"}", H3_JWT_ERROR_CLAIM);
    assert_claims (&fixture, "{\"aud\":{\"a\":1}}", H3_JWT_ERROR_CLAIM);
    end (&fixture);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "times", a_token_ends_at_its_expiry_and_the_leeway,
                    a_token_begins_at_its_times_less_the_leeway,
                    a_token_expires_while_the_clock_runs, an_age_can_be_asked_for,
                    times_are_numbers_of_seconds, NULL);
    suite_add_case (suite, "names", issuer_and_subject_are_checked_where_they_are_asked_for,
                    a_token_is_for_whom_it_names, NULL);
}

int
main (void)
{
    return suite_run ("crypto/jwt-claims", add_tests);
}
