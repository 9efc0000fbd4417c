/* SPDX-License-Identifier: MIT */

#include "h3/crypto/jwt.h"

#include "h3/base/error.h"
#include "h3/crypto/key-text.h"
#include "h3/loop/clock.h"

#include "tests/crypto/jwt-forge.h"

/* The claims of RFC 7515 §A.1 to §A.3, which ended in 2011. */
#define JOE                                                                                        \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"   \
    "VlfQ"
#define JOE_CLAIMS "{\"iss\":\"joe\",\"exp\":1300819380,\"http://example.com/is_root\":true}"
/* The text of RFC 7520 §4, which is no claims. */
#define FRODO                                                                                      \
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb2"   \
    "50byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2" \
    "hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"

typedef struct {
    const char *where;
    H3SignatureKind kind;
    const char *jwk;
    const char *token;
    gboolean has_claims;
} Example;

static const Example examples[] = {
    { "RFC 7515 §A.1", H3_SIGNATURE_HS256,
      "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4"
      "hcgUuTwjAzZr1Z9CAow\"}",
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." JOE
      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      TRUE },
    { "RFC 7515 §A.2", H3_SIGNATURE_RS256,
      "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W2"
      "6mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47"
      "soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMT"
      "BQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDT"
      "W9gb54h4FRWyuXpoQ\"}",
      "eyJhbGciOiJSUzI1NiJ9." JOE
      ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2F"
      "p5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBM"
      "Hlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2"
      "w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
      TRUE },
    { "RFC 7515 §A.3", H3_SIGNATURE_ES256,
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
      "eyJhbGciOiJFUzI1NiJ9." JOE
      ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
      TRUE },
    { "RFC 7515 §A.4", H3_SIGNATURE_ES512,
      "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5"
      "EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\",\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l"
      "2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}",
      "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc"
      "-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnw"
      "NrmxYbSW9ERBXukOXolLzeO_Jn",
      FALSE },
    { "RFC 7520 §4.2", H3_SIGNATURE_PS384,
      "{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"e\":\"AQAB\","
      "\"n\":\"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEi"
      "ZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHY"
      "pPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_"
      "3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\"}",
      "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." FRODO
      ".cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8"
      "TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmB"
      "qrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlq"
      "RHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw",
      FALSE },
    { "RFC 7520 §4.3", H3_SIGNATURE_ES512,
      "{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"crv\":\"P-"
      "521\","
      "\"x\":\"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5"
      "cj0Kt\",\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9"
      "cwlGfP-HqHZR1\"}",
      "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." FRODO
      ".AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQ"
      "y3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2",
      FALSE },
    { "RFC 7520 §4.4", H3_SIGNATURE_HS256,
      "{\"kty\":\"oct\",\"kid\":\"018c0ae5-4d9b-471b-bfd6-eef314bc7037\",\"use\":\"sig\","
      "\"alg\":\"HS256\",\"k\":\"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg\"}",
      "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9." FRODO
      ".s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0",
      FALSE },
    { "RFC 8037 §A.4", H3_SIGNATURE_EDDSA,
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcv"
      "Mg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
      FALSE },
};

/* (transfer full) */
static H3JwtVerifier *
verifier_of (const Example *example)
{
    H3JwtVerifier *verifier = h3_jwt_verifier_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Key) key = h3_key_new_from_jwk_text (example->jwk, &error);

    ck_assert_msg (key != NULL, "%s: %s", example->where, error != NULL ? error->message : "");
    ck_assert (h3_jwt_verifier_add_key (verifier, key, example->kind, NULL));
    return verifier;
}

/* The clock goes where the examples had not ended: leeway enough for that. */
static void
ignore_time (H3JwtVerifier *verifier)
{
    h3_jwt_verifier_set_leeway (verifier, G_MAXUINT);
}

/* What is no claims is found malformed behind its signature, not before. */
START_TEST (published_examples_are_verified)
{
    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++) {
        g_autoptr (H3JwtVerifier) verifier = verifier_of (&examples[i]);

        ignore_time (verifier);
        if (examples[i].has_claims)
            assert_taken (verifier, examples[i].token, JOE_CLAIMS);
        else
            assert_refused (verifier, examples[i].token, H3_JWT_ERROR_MALFORMED);
    }
}
END_TEST

START_TEST (published_examples_that_were_changed_are_not)
{
    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++) {
        g_autoptr (H3JwtVerifier) verifier = verifier_of (&examples[i]);
        g_autofree char *token = g_strdup (examples[i].token);
        char *place = strchr (strchr (token, '.') + 1, '.') + 3;

        ignore_time (verifier);
        *place = *place == 'A' ? 'B' : 'A';
        assert_refused (verifier, token, H3_JWT_ERROR_SIGNATURE);
        *place = examples[i].token[place - token];
        place = strchr (token, '.') + 1;
        *place = *place == 'S' ? 'R' : 'S';
        assert_refused (verifier, token, H3_JWT_ERROR_SIGNATURE);
    }
}
END_TEST

/* RFC 7515 §A.5. */
START_TEST (the_example_without_a_signature_is_refused)
{
    for (gsize i = 0; i < G_N_ELEMENTS (examples); i++) {
        g_autoptr (H3JwtVerifier) verifier = verifier_of (&examples[i]);

        ignore_time (verifier);
        assert_refused (verifier, "eyJhbGciOiJub25lIn0." JOE ".", H3_JWT_ERROR_ALGORITHM);
    }
}
END_TEST

/* One key of each kind, and what it signs. */
static const struct {
    H3KeyKind key;
    H3SignatureKind first, last;
} signers[] = {
    { H3_KEY_SECRET, H3_SIGNATURE_HS256, H3_SIGNATURE_HS512 },
    { H3_KEY_RSA, H3_SIGNATURE_RS256, H3_SIGNATURE_PS512 },
    { H3_KEY_P256, H3_SIGNATURE_ES256, H3_SIGNATURE_ES256 },
    { H3_KEY_P384, H3_SIGNATURE_ES384, H3_SIGNATURE_ES384 },
    { H3_KEY_P521, H3_SIGNATURE_ES512, H3_SIGNATURE_ES512 },
    { H3_KEY_ED25519, H3_SIGNATURE_EDDSA, H3_SIGNATURE_EDDSA },
};

static void
assert_round (H3Key *key, H3Key *public, H3SignatureKind kind)
{
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *claims = g_strdup_printf ("{\"sub\":\"anna\",\"exp\":%" G_GINT64_FORMAT "}",
                                               clock_get_real_seconds () + 60);
    g_autofree char *token = h3_jwt_sign_text (key, kind, claims, NULL, &error);

    ck_assert_msg (token != NULL, "%s", error != NULL ? error->message : "no error");
    ck_assert (h3_jwt_verifier_add_key (verifier, public, kind, NULL));
    ck_assert_uint_eq (h3_jwt_verifier_count_keys (verifier), 1);
    assert_taken (verifier, token, claims);
}

START_TEST (what_is_signed_is_verified_by_every_algorithm)
{
    for (gsize i = 0; i < G_N_ELEMENTS (signers); i++) {
        g_autoptr (H3Key) key = h3_key_generate (
            signers[i].key, signers[i].key == H3_KEY_RSA ? H3_KEY_MIN_RSA_BITS : 0, NULL);
        g_autoptr (H3Key) public =
            signers[i].key == H3_KEY_SECRET ? h3_key_ref (key) : h3_key_dup_public (key);

        for (int kind = (int) signers[i].first; kind <= (int) signers[i].last; kind++)
            assert_round (key, public, (H3SignatureKind) kind);
    }
}
END_TEST

START_TEST (a_signed_token_names_its_key_and_its_type)
{
    g_autoptr (H3Key) plain = secret_of ("a");
    g_autoptr (H3Key) named = h3_key_dup_named (plain, "2026-11");
    g_autofree char *first = h3_jwt_sign_text (plain, H3_SIGNATURE_HS256, "{}", NULL, NULL);
    g_autofree char *second = h3_jwt_sign_text (named, H3_SIGNATURE_HS384, "{}", "at+jwt", NULL);
    g_autofree char *header = NULL;
    g_autoptr (GBytes) bytes = NULL;

    ck_assert (g_str_has_prefix (first, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30."));
    *strchr (second, '.') = '\0';
    bytes = h3_base64_unescape (second, H3_BASE64_URL);
    header = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    ck_assert_str_eq (header, "{\"alg\":\"HS384\",\"typ\":\"at+jwt\",\"kid\":\"2026-11\"}");
}
END_TEST

START_TEST (what_cannot_be_signed_is_told)
{
    g_autoptr (H3Key) key = h3_key_generate (H3_KEY_P256, 0, NULL);
    g_autoptr (H3Key) public = h3_key_dup_public (key);
    g_autofree char *blanks = g_strnfill (H3_JWT_MAX_LENGTH, 'a');
    g_autofree char *large = g_strdup_printf ("{\"a\":\"%s\"}", blanks);
    static const struct {
        const char *claims;
        gboolean is_public;
        H3SignatureKind kind;
        int code;
    } cases[] = {
        { "{}", TRUE, H3_SIGNATURE_ES256, H3_ERROR_INVALID },
        { "{}", FALSE, H3_SIGNATURE_ES384, H3_ERROR_INVALID },
        { "{}", FALSE, H3_SIGNATURE_HS256, H3_ERROR_INVALID },
        { "[]", FALSE, H3_SIGNATURE_ES256, H3_ERROR_INVALID },
        { "{", FALSE, H3_SIGNATURE_ES256, H3_ERROR_SYNTAX },
        { NULL, FALSE, H3_SIGNATURE_ES256, H3_ERROR_LIMIT },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;

        ck_assert_ptr_null (h3_jwt_sign_text (cases[i].is_public ? public : key, cases[i].kind,
                                              cases[i].claims != NULL ? cases[i].claims : large,
                                              NULL, &error));
        ck_assert_msg (g_error_matches (error, H3_ERROR, cases[i].code), "%zu: %s", i,
                       error != NULL ? error->message : "no error");
    }
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "published", published_examples_are_verified,
                    published_examples_that_were_changed_are_not,
                    the_example_without_a_signature_is_refused, NULL);
    suite_add_case (suite, "signing", what_is_signed_is_verified_by_every_algorithm,
                    a_signed_token_names_its_key_and_its_type, what_cannot_be_signed_is_told, NULL);
}

int
main (void)
{
    return suite_run ("crypto/jwt", add_tests);
}
