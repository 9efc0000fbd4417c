/* SPDX-License-Identifier: MIT */

#include "auth-nonce.h"

#include <h3/base/bounded-map.h>
#include <h3/crypto/base64.h>
#include <h3/base/error.h>
#include <h3/crypto/digest.h>
#include <h3/loop/clock.h>

#include <pthread.h>

#define SECRET_LENGTH 32
#define MAC_LENGTH    16
#define STAMP_LENGTH  16
#define WHOLE_LENGTH  (STAMP_LENGTH + MAC_LENGTH)
/* How far a count may lie behind the highest: requests overtake one another on several connections.
 */
#define WINDOW 64
#define SWEPT  4

/* How far the clocks of servers that share a secret may be apart, in seconds. */
#define SKEW 30

/* What a nonce begins with. The time is of the wall, so that servers of one secret agree. */
typedef struct {
    gint64 second; /* big-endian in the nonce */
    guint8 random[8];
} Stamp;

G_STATIC_ASSERT (sizeof (Stamp) == STAMP_LENGTH);

struct _AuthNonces {
    guint8 secret[SECRET_LENGTH];
    char opaque[2 * MAC_LENGTH + 1];
    gint64 seconds;        /* how long one is good */
    pthread_mutex_t mutex; /* guards what follows */
    BoundedMap *used;      /* owned: stamps to Use */
    gint64 lost_second;    /* up to here nothing is known of nonces that are not there */
};

typedef struct {
    AuthNonces *nonces; /* borrowed: the owner of the map */
    gint64 second;      /* when it was made */
    guint32 highest;
    guint64 seen; /* bit n: highest - n came */
} Use;

/* Called under the mutex, or when all ends. What was used with this nonce is forgotten: it, and
 * those made before it, are stale unless they are still there. */
static void
lose_use (gpointer data)
{
    Use *use = data;

    use->nonces->lost_second = MAX (use->nonces->lost_second, use->second);
    g_free (use);
}

static gboolean
sign (const AuthNonces *nonces, const void *data, gsize length, guint8 *out)
{
    guint8 mac[H3_DIGEST_MAX_LENGTH];

    if (!h3_digest_compute_hmac (H3_DIGEST_SHA256, nonces->secret, sizeof nonces->secret, data,
                                 length, mac, NULL))
        return FALSE;
    memcpy (out, mac, MAC_LENGTH);
    return TRUE;
}

/* The secret that is given is not used as it is: it may have other uses. */
static gboolean
make_secret (AuthNonces *nonces, GBytes *secret, GError **error)
{
    static const char purpose[] = "h3-auth digest nonces";

    if (secret == NULL)
        return h3_digest_fill_random (nonces->secret, sizeof nonces->secret, error);
    return h3_digest_derive_hkdf (H3_DIGEST_SHA256, g_bytes_get_data (secret, NULL),
                                  g_bytes_get_size (secret), NULL, 0, purpose, sizeof purpose - 1,
                                  nonces->secret, sizeof nonces->secret, error);
}

static gboolean
make_opaque (AuthNonces *nonces)
{
    guint8 mac[MAC_LENGTH];
    g_autofree char *hex = NULL;

    if (!sign (nonces, "opaque", 6, mac))
        return FALSE;
    hex = h3_digest_to_hex (mac, sizeof mac);
    (void) g_strlcpy (nonces->opaque, hex, sizeof nonces->opaque);
    return TRUE;
}

AuthNonces *
auth_nonces_new (GBytes *secret, guint milliseconds, guint max_used, GError **error)
{
    AuthNonces *nonces = g_new0 (AuthNonces, 1);

    pthread_mutex_init (&nonces->mutex, NULL);
    nonces->seconds = MAX (milliseconds / 1000, 1);
    /* An entry outlives its nonce: what is swept need not be known any more. */
    nonces->used = bounded_map_new (max_used, (nonces->seconds + 2) * 1000, lose_use);
    nonces->lost_second = G_MININT64;
    if (make_secret (nonces, secret, error) && make_opaque (nonces))
        return nonces;
    if (error != NULL && *error == NULL)
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "the system gives no digest");
    auth_nonces_free (nonces);
    return NULL;
}

void
auth_nonces_free (AuthNonces *nonces)
{
    if (nonces == NULL)
        return;
    bounded_map_free (nonces->used);
    pthread_mutex_destroy (&nonces->mutex);
    h3_digest_wipe (nonces->secret, sizeof nonces->secret);
    g_free (nonces);
}

const char *
auth_nonces_get_opaque (const AuthNonces *nonces)
{
    return nonces->opaque;
}

char *
auth_nonces_make (AuthNonces *nonces, GError **error)
{
    guint8 whole[WHOLE_LENGTH];
    Stamp stamp = { clock_get_real_seconds (), { 0 } };
    char *text;

    if (!h3_digest_fill_random (stamp.random, sizeof stamp.random, error))
        return NULL;
    stamp.second = GINT64_TO_BE (stamp.second);
    memcpy (whole, &stamp, sizeof stamp);
    if (!sign (nonces, whole, STAMP_LENGTH, whole + STAMP_LENGTH)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "the system gives no digest");
        return NULL;
    }
    text = g_malloc (H3_BASE64_ROOM (sizeof whole));
    (void) h3_base64_encode (whole, sizeof whole, H3_BASE64_URL, text);
    return text;
}

static gboolean
read_stamp (const AuthNonces *nonces, const char *nonce, Stamp *out_stamp)
{
    H3View text = h3_view_of (nonce);
    guint8 whole[H3_BASE64_ROOM (WHOLE_LENGTH)];
    guint8 mac[MAC_LENGTH];
    gsize length;

    if (text.length >= H3_BASE64_ROOM (WHOLE_LENGTH)
        || !h3_base64_decode (text, H3_BASE64_URL, whole, &length) || length != WHOLE_LENGTH
        || !sign (nonces, whole, STAMP_LENGTH, mac)
        || !h3_digest_equal (mac, whole + STAMP_LENGTH, MAC_LENGTH))
        return FALSE;
    memcpy (out_stamp, whole, sizeof *out_stamp);
    out_stamp->second = GINT64_FROM_BE (out_stamp->second);
    return TRUE;
}

/* FALSE where the request came before, or so late that nobody can tell. */
static gboolean
count (Use *use, guint32 number)
{
    guint32 ahead, behind;

    if (number > use->highest) {
        ahead = number - use->highest;
        use->seen = ahead < WINDOW ? use->seen << ahead | 1 : 1;
        use->highest = number;
        return TRUE;
    }
    behind = use->highest - number;
    if (behind >= WINDOW || (use->seen & G_GUINT64_CONSTANT (1) << behind) != 0)
        return FALSE;
    use->seen |= G_GUINT64_CONSTANT (1) << behind;
    return TRUE;
}

/* Under the mutex. */
static gboolean
count_use (AuthNonces *nonces, const Stamp *stamp, guint32 number)
{
    H3View key = h3_view ((const char *) stamp, sizeof *stamp);
    gint64 now = clock_get_now ();
    Use *use = bounded_map_get (nonces->used, key, now);

    if (use != NULL)
        return count (use, number);
    if (stamp->second <= nonces->lost_second)
        return FALSE;
    use = g_new0 (Use, 1);
    *use = (Use){ nonces, stamp->second, number, 1 };
    bounded_map_put (nonces->used, key, use, now);
    (void) bounded_map_sweep (nonces->used, now, SWEPT);
    return TRUE;
}

NonceResult
auth_nonces_use (AuthNonces *nonces, const char *nonce, guint32 number)
{
    gboolean is_fresh;
    Stamp stamp;
    gint64 age;

    if (!read_stamp (nonces, nonce, &stamp))
        return NONCE_ALIEN;
    age = clock_get_real_seconds () - stamp.second;
    if (age < -SKEW || age >= nonces->seconds || number == 0)
        return NONCE_STALE;
    pthread_mutex_lock (&nonces->mutex);
    is_fresh = count_use (nonces, &stamp, number);
    pthread_mutex_unlock (&nonces->mutex);
    return is_fresh ? NONCE_FRESH : NONCE_STALE;
}
