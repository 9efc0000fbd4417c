/* SPDX-License-Identifier: MIT
 *
 * What sealing and signing cost, in ns of processor time, the best of seven rounds: tokens, as a
 * session in a cookie has one a request, a cipher, and signatures of each kind. */

#include "h3/crypto/cipher.h"
#include "h3/crypto/key.h"
#include "h3/crypto/token.h"

#include <time.h>

#define N_ROUNDS 7
#define TEXT     "what a session has in it: a user, a moment, some words"

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
show (const char *what, void (*run) (guint n, gpointer data), guint n, gpointer data)
{
    double best = G_MAXDOUBLE;

    for (guint round = 0; round < N_ROUNDS; round++) {
        gint64 start = now_in_ns ();

        run (n, data);
        best = MIN (best, (double) (now_in_ns () - start) / n);
    }
    g_print ("%-48s %9.0f ns\n", what, best);
}

static void
run_seal (guint n, gpointer data)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *token =
            h3_sealer_seal (data, "bench", TEXT, sizeof TEXT, H3_SEALER_NEVER, NULL);

        if (token == NULL)
            g_error ("no token was sealed");
    }
}

static void
run_open (guint n, gpointer data)
{
    g_autofree char *token =
        h3_sealer_seal (data, "bench", TEXT, sizeof TEXT, H3_SEALER_NEVER, NULL);

    for (guint i = 0; i < n; i++) {
        g_autoptr (GBytes) opened = h3_sealer_open (data, "bench", token, NULL);

        if (opened == NULL)
            g_error ("no token was opened");
    }
}

static void
run_cipher (guint n, gpointer data)
{
    static const guint8 nonce[H3_CIPHER_NONCE_LENGTH];
    guint8 sealed[sizeof TEXT + H3_CIPHER_TAG_LENGTH];

    for (guint i = 0; i < n; i++)
        if (!h3_cipher_seal (data, nonce, NULL, 0, TEXT, sizeof TEXT, sealed, NULL))
            g_error ("nothing was sealed");
}

typedef struct {
    H3Key *key;
    H3SignatureKind kind;
} Signing;

static void
run_sign (guint n, gpointer data)
{
    const Signing *signing = data;

    for (guint i = 0; i < n; i++) {
        g_autoptr (GBytes) signature =
            h3_key_sign (signing->key, signing->kind, TEXT, sizeof TEXT, NULL);

        if (signature == NULL)
            g_error ("nothing was signed");
    }
}

static void
run_verify (guint n, gpointer data)
{
    const Signing *signing = data;
    g_autoptr (GBytes) signature =
        h3_key_sign (signing->key, signing->kind, TEXT, sizeof TEXT, NULL);

    for (guint i = 0; i < n; i++)
        if (!h3_key_verify (signing->key, signing->kind, TEXT, sizeof TEXT,
                            g_bytes_get_data (signature, NULL), g_bytes_get_size (signature)))
            g_error ("nothing was verified");
}

static void
show_signing (H3KeyKind kind, guint bits, H3SignatureKind way, guint n)
{
    g_autoptr (H3Key) key = h3_key_generate (kind, bits, NULL);
    g_autofree char *signs = g_strdup_printf ("%s: sign", h3_signature_get_name (way));
    g_autofree char *verifies = g_strdup_printf ("%s: verify", h3_signature_get_name (way));

    show (signs, run_sign, n, &(Signing){ key, way });
    show (verifies, run_verify, n, &(Signing){ key, way });
}

int
main (void)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    g_autoptr (H3Cipher) cipher =
        h3_cipher_new (H3_CIPHER_AES_256_GCM, "0123456789abcdef0123456789abcdef", 32, NULL);

    if (!h3_sealer_generate_key (sealer, NULL))
        g_error ("there are no random bytes");
    show ("token of 55 bytes: seal", run_seal, 20000, sealer);
    show ("token of 55 bytes: open", run_open, 20000, sealer);
    show ("AES-256-GCM, 55 bytes: seal", run_cipher, 50000, cipher);
    show_signing (H3_KEY_SECRET, 0, H3_SIGNATURE_HS256, 20000);
    show_signing (H3_KEY_P256, 0, H3_SIGNATURE_ES256, 1000);
    show_signing (H3_KEY_ED25519, 0, H3_SIGNATURE_EDDSA, 500);
    show_signing (H3_KEY_RSA, 2048, H3_SIGNATURE_RS256, 50);
    show_signing (H3_KEY_RSA, 2048, H3_SIGNATURE_PS256, 50);
    return 0;
}
