/* SPDX-License-Identifier: MIT */

#include "h3/http/digest-credentials.h"

#include "tests/support/suite.h"

#include <string.h>

#define REALM "realm=\"r\", nonce=\"n\", uri=\"/\", "

static gboolean
read_digest (const char *text, H3DigestCredentials *out, H3Arena *arena)
{
    H3Credentials credentials;

    ck_assert_msg (h3_credentials_parse (h3_view_of (text), &credentials), "'%s' is none", text);
    return h3_digest_credentials_init (out, &credentials, arena);
}

/* RFC 7616 §3.9.1: MD5 and SHA-256 of the same request; the client's own nonce is the same. */
#define EXAMPLE                                                                                    \
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "       \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "                        \
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "                          \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", "

static void
assert_example (const char *text, H3DigestKind kind)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;

    ck_assert (read_digest (text, &digest, arena));
    ck_assert_str_eq (digest.username, "Mufasa");
    ck_assert_uint_eq (digest.count, 1);
    ck_assert (h3_digest_credentials_hash_password (kind, "Mufasa", "http-auth@example.org",
                                                    "Circle of Life", hash, NULL));
    ck_assert (
        h3_digest_credentials_compute (&digest, kind, hash, FALSE, "GET", NULL, response, NULL));
    ck_assert_str_eq (response, digest.response);
}

START_TEST (digest_agrees_with_the_examples_of_rfc_7616)
{
    assert_example (EXAMPLE "algorithm=MD5, response=\"8ca523f5e9506fed4657c9700eebdbec\"",
                    H3_DIGEST_MD5);
    assert_example (EXAMPLE "algorithm=SHA-256, response=\"753927fa0e85d155564e2e272a28d1802ca10da"
                            "f4496794697cf8db5856cb6c1\"",
                    H3_DIGEST_SHA256);
}
END_TEST

/* RFC 2617 §3.5, and the same as RFC 2069 has it, without a qop. */
START_TEST (digest_without_a_qop_is_the_old_one)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;

    ck_assert (
        read_digest ("Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
                     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                     "uri=\"/dir/index.html\", response=\"670fd8c2df070c60b045671b8b24ff02\"",
                     &digest, arena));
    ck_assert_ptr_null (digest.algorithm);
    ck_assert (h3_digest_credentials_hash_password (H3_DIGEST_MD5, "Mufasa", "testrealm@host.com",
                                                    "Circle Of Life", hash, NULL));
    ck_assert_str_eq (hash, "939e7578ed9e3c518a452acee763bce9");
    ck_assert (h3_digest_credentials_compute (&digest, H3_DIGEST_MD5, hash, FALSE, "GET", NULL,
                                              response, NULL));
    ck_assert_str_eq (response, digest.response);
}
END_TEST

/* Python's hashlib computed the expected text from RFC 7616 §3.4.2 and §3.4.3. */
START_TEST (digest_of_a_session_and_of_a_body)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    g_autoptr (GBytes) body = g_bytes_new_static ("hello", 5);
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;

    ck_assert (read_digest ("Digest username=\"anna\", realm=\"r\", nonce=\"n\", uri=\"/x?y=1\", "
                            "qop=auth-int, nc=0000000a, cnonce=\"c\", response=\"00\", "
                            "algorithm=SHA-512-256-sess",
                            &digest, arena));
    ck_assert_uint_eq (digest.count, 10);
    ck_assert (h3_digest_credentials_hash_password (H3_DIGEST_SHA512_256, "anna", "r", "secret",
                                                    hash, NULL));
    ck_assert (h3_digest_credentials_compute (&digest, H3_DIGEST_SHA512_256, hash, TRUE, "POST",
                                              body, response, NULL));
    ck_assert_str_eq (response, "46bb1b61a1d7ef9ccf45bbac22ba8eee85003c197004dc53533852593fb8ee0c");
}
END_TEST

START_TEST (names_come_plain_extended_or_hashed)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char hash[H3_DIGEST_CREDENTIALS_ROOM];
    H3DigestCredentials digest;

    ck_assert (read_digest ("Digest " REALM "response=00, username=\"J\xc3\xa4s\xc3\xb8n\"",
                            &digest, arena));
    ck_assert_str_eq (digest.username, "J\xc3\xa4s\xc3\xb8n");
    ck_assert (read_digest ("Digest " REALM "response=00, username*=UTF-8''J%C3%A4s%C3%B8n%20Doe",
                            &digest, arena));
    ck_assert_str_eq (digest.username, "J\xc3\xa4s\xc3\xb8n Doe");
    ck_assert (!digest.is_hashed);
    /* The name and the realm of RFC 7616 §3.9.2; the digest is that of Python's hashlib. */
    ck_assert (h3_digest_credentials_hash_name (H3_DIGEST_SHA512_256, "J\xc3\xa4s\xc3\xb8n Doe",
                                                "api@example.org", hash, NULL));
    ck_assert_str_eq (hash, "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
    ck_assert (read_digest ("Digest " REALM "response=00, userhash=true, username=\"00ff\"",
                            &digest, arena));
    ck_assert (digest.is_hashed);
}
END_TEST

START_TEST (what_contradicts_itself_is_refused)
{
    static const char *const refused[] = {
        "Digest " REALM "response=00",
        "Digest " REALM "response=00, username=a, username*=UTF-8''a",
        "Digest " REALM "response=00, username*=ISO-8859-1''a",
        "Digest " REALM "response=00, username*=UTF-8'a",
        "Digest " REALM "response=00, username*=UTF-8''%zz",
        "Digest " REALM "response=00, username*=UTF-8''%FF",
        "Digest " REALM "response=00, username*=UTF-8''%0A",
        "Digest " REALM "response=00, username=\"\xff\"",
        "Digest " REALM "response=00, username=a, userhash=maybe",
        "Digest " REALM "response=00, username=xyz, userhash=true",
        "Digest " REALM "response=00, username*=UTF-8''00, userhash=true",
        "Digest " REALM "response=0g, username=a",
        "Digest " REALM "response=\"\", username=a",
        "Digest " REALM "response=00, username=a, qop=auth",
        "Digest " REALM "response=00, username=a, qop=auth, nc=00000001",
        "Digest " REALM "response=00, username=a, qop=auth, nc=1, cnonce=c",
        "Digest " REALM "response=00, username=a, qop=auth, nc=0000000g, cnonce=c",
        "Digest " REALM "response=00, username=a, nc=00000001",
        "Digest " REALM "response=00, username=a, cnonce=c",
        "Digest nonce=n, uri=/, response=00, username=a",
        "Digest realm=r, uri=\"/\", response=00, username=a",
        "Digest realm=r, nonce=n, response=00, username=a",
        "Digest " REALM "username=a",
        "Digest abc",
        "Digest",
    };
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3DigestCredentials digest;
    H3Credentials credentials;

    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
        ck_assert_msg (!h3_credentials_parse (h3_view_of (refused[i]), &credentials)
                           || !h3_digest_credentials_init (&digest, &credentials, arena),
                       "%s", refused[i]);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "response", digest_agrees_with_the_examples_of_rfc_7616,
                    digest_without_a_qop_is_the_old_one, digest_of_a_session_and_of_a_body, NULL);
    suite_add_case (suite, "reading", names_come_plain_extended_or_hashed,
                    what_contradicts_itself_is_refused, NULL);
}

int
main (void)
{
    return suite_run ("http/digest-credentials", add_tests);
}
