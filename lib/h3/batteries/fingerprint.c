/* SPDX-License-Identifier: MIT */

#include "fingerprint.h"

#include <h3/base/random.h>
#include <h3/crypto/digest.h>
#include <h3/http/content.h>
#include <h3/http/event-inside.h>

#include <pthread.h>

#define KEY_LENGTH 32
#define MIN_KEY    16
#define LENGTH     16

/* Clients of IPv6 have a network of their own. */
#define IPV6_BITS 64

static guint8 process_key[KEY_LENGTH];
static gboolean has_process_key;
static pthread_once_t process_key_once = PTHREAD_ONCE_INIT;

static void
draw_process_key (void)
{
    has_process_key = random_fill (process_key, sizeof process_key);
}

/* What of the request goes in, and under which part. */
static const struct {
    H3FingerprintParts part;
    H3View field;
} fields[] = {
    { H3_FINGERPRINT_AGENT, { "User-Agent", 10 } },
    { H3_FINGERPRINT_LANGUAGE, { "Accept-Language", 15 } },
    { H3_FINGERPRINT_ENCODING, { "Accept-Encoding", 15 } },
    { H3_FINGERPRINT_HINTS, { "Sec-CH-UA", 9 } },
    { H3_FINGERPRINT_HINTS, { "Sec-CH-UA-Mobile", 16 } },
    { H3_FINGERPRINT_HINTS, { "Sec-CH-UA-Platform", 18 } },
};

/* Each with its length, so that what ends one cannot begin the next; -1: there is none. */
static void
add (H3Digest *digest, H3View text)
{
    guint64 length = GUINT64_TO_BE (text.data != NULL ? (guint64) text.length : G_MAXUINT64);

    h3_digest_update (digest, &length, sizeof length);
    h3_digest_update (digest, text.data, text.length);
}

static void
add_address (H3Digest *digest, H3Event *event)
{
    H3Address address = h3_event_get_client (event)->client;
    char text[H3_ADDRESS_TEXT_SIZE];

    if (address.family == H3_ADDRESS_IPV6)
        address = h3_address_mask (&address, IPV6_BITS);
    address.scope = 0;
    add (digest, h3_view (text, h3_address_write (&address, text)));
}

static void
add_parts (H3Digest *digest, H3Event *event, H3FingerprintParts parts)
{
    guint32 which = GUINT32_TO_BE ((guint32) parts);

    h3_digest_update (digest, &which, sizeof which);
    if ((parts & H3_FINGERPRINT_ADDRESS) != 0)
        add_address (digest, event);
    for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
        if ((parts & fields[i].part) != 0)
            add (digest, h3_request_get_header_view (&event->request, fields[i].field));
    }
}

const char *
h3_event_get_fingerprint (H3Event *event, H3FingerprintParts parts, GBytes *key, GError **error)
{
    g_autoptr (H3Digest) digest = NULL;
    guint8 bytes[H3_DIGEST_MAX_LENGTH];
    g_autofree char *text = NULL;
    const void *data = process_key;
    gsize length = KEY_LENGTH;

    g_return_val_if_fail (event != NULL, NULL);
    g_return_val_if_fail (parts != 0 && (parts & ~H3_FINGERPRINT_ALL) == 0, NULL);
    g_return_val_if_fail (key == NULL || g_bytes_get_size (key) >= MIN_KEY, NULL);
    if (key != NULL) {
        data = g_bytes_get_data (key, &length);
    } else {
        (void) pthread_once (&process_key_once, draw_process_key);
        if (!has_process_key) {
            g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED,
                                 "the system gives no random bytes for a key");
            return NULL;
        }
    }
    digest = h3_digest_new_hmac (H3_DIGEST_SHA256, data, length, error);
    if (digest == NULL)
        return NULL;
    add_parts (digest, event, parts);
    if (!h3_digest_finish (digest, bytes, error))
        return NULL;
    text = h3_digest_to_hex (bytes, LENGTH);
    return h3_arena_strdup (event->arena, text);
}
