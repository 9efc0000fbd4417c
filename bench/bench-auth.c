/* SPDX-License-Identifier: MIT
 *
 * What it costs to know who asks, in ns of processor time, the best of seven rounds: credentials
 * read, a password that is remembered, nonces, tokens by algorithm. */

#include "h3/batteries/auth-memory.h"
#include "h3/batteries/auth-nonce.h"
#include "h3/crypto/jwt.h"
#include "h3/http/digest-credentials.h"

#include <time.h>

#define N_ROUNDS 7

static const char basic[] = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
static const char digest[] =
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, algorithm=SHA-256, "
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"75\"";

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
show (const char *what, guint n, void (*run) (guint n, gpointer data), gpointer data)
{
    double best = G_MAXDOUBLE;

    for (guint round = 0; round < N_ROUNDS; round++) {
        gint64 start = now_in_ns ();

        run (n, data);
        best = MIN (best, (double) (now_in_ns () - start) / n);
    }
    g_print ("%-48s %9.1f ns\n", what, best);
}

static void
run_basic (guint n, gpointer data)
{
    for (guint i = 0; i < n; i++) {
        H3Credentials credentials;
        H3View user, password;
        char out[64];

        if (!h3_credentials_parse (h3_view_of (basic), &credentials)
            || !h3_credentials_decode_basic (credentials.token, out, &user, &password))
            g_error ("credentials were refused");
    }
}

static void
run_memory (guint n, gpointer data)
{
    g_autoptr (AuthMemory) memory = auth_memory_new (1024, 60000);
    g_autoptr (H3Principal) principal = h3_principal_new ("basic", "Aladdin", NULL);
    AuthMemoryKey key;

    for (guint i = 0; i <= n; i++) {
        g_autoptr (H3Principal) found = NULL;

        if (!auth_memory_make_key (memory, "Basic", h3_view_of (basic), &key))
            g_error ("there is no digest");
        found = auth_memory_get (memory, &key, 0);
        if ((found == NULL) != (i == 0))
            g_error ("it is not remembered");
        auth_memory_put (memory, &key, 0, principal);
    }
}

static void
run_digest (guint n, gpointer data)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    char hash[H3_DIGEST_CREDENTIALS_ROOM], response[H3_DIGEST_CREDENTIALS_ROOM];

    (void) h3_digest_credentials_hash_password (H3_DIGEST_SHA256, "Mufasa", "a", "b", hash, NULL);
    for (guint i = 0; i < n; i++) {
        H3DigestCredentials read;
        H3Credentials credentials;

        if (!h3_credentials_parse (h3_view_of (digest), &credentials)
            || !h3_digest_credentials_init (&read, &credentials, arena)
            || !h3_digest_credentials_compute (&read, H3_DIGEST_SHA256, hash, FALSE, "GET", NULL,
                                               response, NULL))
            g_error ("credentials were refused");
        h3_arena_reset (arena);
    }
}

static void
run_nonce (guint n, gpointer data)
{
    g_autoptr (AuthNonces) nonces = auth_nonces_new (NULL, 300000, 10000, NULL);
    g_autofree char *nonce = nonces != NULL ? auth_nonces_make (nonces, NULL) : NULL;

    for (guint i = 1; nonce != NULL && i <= n; i++)
        if (auth_nonces_use (nonces, nonce, i) != NONCE_FRESH)
            g_error ("a count was refused");
}

typedef struct {
    H3JwtVerifier *verifier; /* ref */
    char *token;             /* owned */
} Token;

static void
run_token (guint n, gpointer data)
{
    const Token *token = data;

    for (guint i = 0; i < n; i++) {
        g_autofree char *claims = h3_jwt_verifier_verify_text (token->verifier, token->token, NULL);

        if (claims == NULL)
            g_error ("a token was refused");
    }
}

static void
show_token (H3KeyKind kind, H3SignatureKind signature)
{
    g_autoptr (H3Key) key = h3_key_generate (kind, kind == H3_KEY_RSA ? 2048 : 0, NULL);
    g_autoptr (H3JwtVerifier) verifier = h3_jwt_verifier_new ();
    g_autofree char *what = g_strdup_printf ("token of %s", h3_signature_get_name (signature));
    g_autofree char *text = NULL;
    Token token;

    if (key == NULL || !h3_jwt_verifier_add_key (verifier, key, signature, NULL))
        g_error ("there is no key");
    text = h3_jwt_sign_text (key, signature,
                             "{\"sub\":\"anna\",\"scope\":\"read write\",\"exp\":9999999999}", NULL,
                             NULL);
    token = (Token){ verifier, text };
    show (what, 2000, run_token, &token);
}

int
main (void)
{
    show ("Basic: read", 100000, run_basic, NULL);
    show ("Basic: remembered", 100000, run_memory, NULL);
    show ("Digest: read, and what it must be", 20000, run_digest, NULL);
    show ("Digest: nonce", 100000, run_nonce, NULL);
    show_token (H3_KEY_SECRET, H3_SIGNATURE_HS256);
    show_token (H3_KEY_RSA, H3_SIGNATURE_RS256);
    show_token (H3_KEY_RSA, H3_SIGNATURE_PS256);
    show_token (H3_KEY_P256, H3_SIGNATURE_ES256);
    show_token (H3_KEY_P384, H3_SIGNATURE_ES384);
    show_token (H3_KEY_P521, H3_SIGNATURE_ES512);
    show_token (H3_KEY_ED25519, H3_SIGNATURE_EDDSA);
    return 0;
}
