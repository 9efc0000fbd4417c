/* SPDX-License-Identifier: MIT
 *
 * A digest of what requests of one client have in common, to tell clients apart that have no name
 * yet: for limits and for noticing that a session has moved. It is weak: whoever knows what a
 * client sends can send the same, clients behind one address with one browser are one, and a
 * browser's update makes another. It proves nothing, and stands for no login. Since: 0.1 */

#pragma once

#include <h3/base/error.h>
#include <h3/http/event.h>

G_BEGIN_DECLS

/**
 * H3FingerprintParts:
 * @H3_FINGERPRINT_ADDRESS: the client's address, through trusted proxies; the first 64 bits of IPv6
 * @H3_FINGERPRINT_AGENT: User-Agent
 * @H3_FINGERPRINT_LANGUAGE: Accept-Language
 * @H3_FINGERPRINT_ENCODING: Accept-Encoding
 * @H3_FINGERPRINT_HINTS: Sec-CH-UA, Sec-CH-UA-Mobile, Sec-CH-UA-Platform
 * @H3_FINGERPRINT_ALL: all of them
 *
 * What goes into a fingerprint. (Accept is of the kind of request, not of the client.)
 *
 * Since: 0.1
 */
typedef enum {
    H3_FINGERPRINT_ADDRESS = 1 << 0,
    H3_FINGERPRINT_AGENT = 1 << 1,
    H3_FINGERPRINT_LANGUAGE = 1 << 2,
    H3_FINGERPRINT_ENCODING = 1 << 3,
    H3_FINGERPRINT_HINTS = 1 << 4,
    H3_FINGERPRINT_ALL = (1 << 5) - 1,
} H3FingerprintParts;

/**
 * h3_event_get_fingerprint:
 * @event: an exchange, on its worker
 * @parts: at least one
 * @key: (nullable): 16 bytes or more that nobody else knows; %NULL: one that this process has drawn
 *   for itself, so that what it gives is of use until it ends
 * @error: %H3_ERROR_FAILED where there are no random bytes for a key
 *
 * Gets a digest of what requests of one client have in common: HMAC-SHA-256 of the parts, its first
 * 128 bits as 32 hex digits. Without the key nobody can try which client it is, and the same parts
 * and key always give the same.
 *
 * Returns: (transfer none): the fingerprint, until the event ends; %NULL with @error
 *
 * Since: 0.1
 */
const char *h3_event_get_fingerprint (H3Event *event, H3FingerprintParts parts, GBytes *key,
                                      GError **error);

G_END_DECLS
