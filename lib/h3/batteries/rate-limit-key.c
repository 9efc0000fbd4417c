/* SPDX-License-Identifier: MIT
 *
 * By what a request is counted. An address stands in the key as it is, for it is short and no
 * secret; all that a client or a program chooses goes through a digest, each part with its length,
 * so that no two can be put together to the same. */

#include "rate-limit-private.h"

#include <h3/batteries/principal.h>
#include <h3/batteries/session-inside.h>
#include <h3/crypto/base64.h>
#include <h3/crypto/digest.h>
#include <h3/http/content.h>

/* Of an IPv6 address: what one customer has. */
#define NETWORK_BYTES 8

enum { DIGEST_LENGTH = 32 };

/* What belongs to a request, besides its address; the digest is there once something does. */
typedef struct {
    H3Digest *digest; /* owned; NULL: nothing yet */
    gboolean has_failed;
    gboolean needs_address;
} KeyParts;

static void
add_part (KeyParts *parts, char kind, H3View value)
{
    guint64 length = GUINT64_TO_LE (value.length);

    if (parts->digest == NULL && !parts->has_failed)
        parts->digest = h3_digest_new (H3_DIGEST_SHA256, NULL);
    if (parts->digest == NULL) {
        parts->has_failed = TRUE;
        return;
    }
    h3_digest_update (parts->digest, &kind, 1);
    h3_digest_update (parts->digest, &length, sizeof length);
    h3_digest_update (parts->digest, value.data, value.length);
}

static void
add_user (KeyParts *parts, H3Event *event)
{
    H3Principal *principal = h3_event_get_principal (event);
    const char *name = principal != NULL ? h3_principal_get_name (principal) : "";

    /* A token may name nobody. */
    if (*name == '\0') {
        parts->needs_address = TRUE;
        return;
    }
    add_part (parts, 'u', h3_view_of (name));
}

/* The same as long as the session has its id. */
static void
add_session (KeyParts *parts, H3Event *event)
{
    H3Session *session = h3_event_get_session (event);
    const guint8 *binding = session != NULL ? session_peek_binding (session) : NULL;

    if (binding == NULL)
        parts->needs_address = TRUE;
    else
        add_part (parts, 's', h3_view ((const char *) binding, SESSION_BINDING_LENGTH));
}

static void
add_header (KeyParts *parts, H3Event *event, const char *name)
{
    const H3Request *request = h3_event_get_request (event);
    H3View value = h3_request_get_header_view (request, h3_view_of (name));

    if (value.data == NULL)
        parts->needs_address = TRUE;
    else
        add_part (parts, 'h', value);
}

/* FALSE: it is not to be counted. */
static gboolean
add_own (KeyParts *parts, H3RateLimit *limit, H3Event *event)
{
    g_autofree char *text = limit->key.function (event, limit->key.user_data);

    if (text == NULL)
        return FALSE;
    add_part (parts, 'f', h3_view_of (text));
    return TRUE;
}

/* Where it goes on. What is kept for one algorithm is nothing to another, as after a change. */
static char *
write_start (const H3RateLimit *limit, char out[RATE_LIMIT_KEY_ROOM])
{
    return out
           + g_snprintf (out, RATE_LIMIT_KEY_ROOM, "limit:%s:%c:", limit->name,
                         "fsb"[limit->algorithm]);
}

static char *
write_address (H3Event *event, char *at)
{
    static const char digits[] = "0123456789abcdef";
    const H3Address *client = &h3_event_get_client (event)->client;
    H3Address address = h3_address_unmap (client);
    guint n = address.family == H3_ADDRESS_IPV4   ? 4
              : address.family == H3_ADDRESS_IPV6 ? NETWORK_BYTES
                                                  : 0;

    *at++ = address.family == H3_ADDRESS_UNIX ? 'x' : 'a';
    for (guint i = 0; i < n; i++) {
        *at++ = digits[address.bytes[i] >> 4];
        *at++ = digits[address.bytes[i] & 15];
    }
    return at;
}

/* Ends the text; FALSE: there is no digest. */
static gboolean
write_digest (KeyParts *parts, char *at)
{
    guint8 digest[DIGEST_LENGTH];
    gboolean done = !parts->has_failed;

    *at = '\0';
    if (parts->digest == NULL)
        return done;
    done = h3_digest_finish (parts->digest, digest, NULL);
    h3_digest_free (parts->digest);
    *at = ':';
    (void) h3_base64_encode (digest, sizeof digest, H3_BASE64_URL, at + 1);
    return done;
}

RateKey
rate_limit_write_key (H3RateLimit *limit, H3Event *event, char out[RATE_LIMIT_KEY_ROOM])
{
    KeyParts parts = { .needs_address = (limit->by & H3_RATE_LIMIT_BY_ADDRESS) != 0 };
    char *at = write_start (limit, out);

    if (limit->key.function != NULL && !add_own (&parts, limit, event))
        return RATE_KEY_NONE;
    if ((limit->by & H3_RATE_LIMIT_BY_USER) != 0)
        add_user (&parts, event);
    if ((limit->by & H3_RATE_LIMIT_BY_SESSION) != 0)
        add_session (&parts, event);
    if (limit->header != NULL)
        add_header (&parts, event, limit->header);
    if ((limit->by & H3_RATE_LIMIT_BY_ROUTE) != 0) {
        const char *label = h3_event_get_route_label (event);

        add_part (&parts, 'r', h3_view_of (label != NULL ? label : ""));
    }
    if (parts.needs_address)
        at = write_address (event, at);
    return write_digest (&parts, at) ? RATE_KEY_FOUND : RATE_KEY_FAILED;
}

gboolean
rate_limit_write_text_key (H3RateLimit *limit, const char *text, char out[RATE_LIMIT_KEY_ROOM])
{
    KeyParts parts = { NULL };

    add_part (&parts, 'k', h3_view_of (text));
    return write_digest (&parts, write_start (limit, out));
}

gboolean
rate_limit_has_address (const GArray *prefixes, const H3Address *address)
{
    for (guint i = 0; i < prefixes->len; i++) {
        if (h3_address_prefix_matches (&g_array_index (prefixes, H3AddressPrefix, i), address))
            return TRUE;
    }
    return FALSE;
}
