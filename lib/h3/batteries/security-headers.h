/* SPDX-License-Identifier: MIT
 *
 * Fields that have browsers be careful with answers. Made before the start, frozen then, read by
 * all workers. docs/security-headers.md says what each is against. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3SecurityHeadersOptions:
 * @content_security_policy: (nullable): Content-Security-Policy: where what belongs to a page may
 *   come from
 * @content_security_policy_report_only: (nullable): one that is only reported on
 * @frame_options: (nullable): X-Frame-Options: "DENY" or "SAMEORIGIN"; what frame-ancestors of the
 *   policy says has to be the same
 * @referrer_policy: (nullable): Referrer-Policy
 * @permissions_policy: (nullable): Permissions-Policy
 * @opener_policy: (nullable): Cross-Origin-Opener-Policy
 * @embedder_policy: (nullable): Cross-Origin-Embedder-Policy
 * @resource_policy: (nullable): Cross-Origin-Resource-Policy
 * @no_sniff: X-Content-Type-Options: nosniff
 * @hsts_max_age: Strict-Transport-Security (RFC 6797), over TLS alone: how long browsers come by no
 *   other way, in seconds; 0: the field is left out
 * @hsts_subdomains: … to all hosts below, too
 * @hsts_preload: … from the first time on, once it is in the browsers' list: at least one year, and
 *   with the hosts below
 *
 * Which fields answers have. To be filled by h3_security_headers_options_init() first. %NULL leaves
 * a field out.
 *
 * Since: 0.1
 */
typedef struct {
    const char *content_security_policy; /* borrowed, as all texts: the caller, for the call */
    const char *content_security_policy_report_only;
    const char *frame_options;
    const char *referrer_policy;
    const char *permissions_policy;
    const char *opener_policy;
    const char *embedder_policy;
    const char *resource_policy;
    gboolean no_sniff;
    guint hsts_max_age;
    gboolean hsts_subdomains;
    gboolean hsts_preload;
} H3SecurityHeadersOptions;

/**
 * h3_security_headers_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets a policy of "default-src 'self'" without frames and plug-ins; DENY; "same-origin" for the
 * referrer, the opener and resources; no permission to use devices; nosniff; one year.
 *
 * Since: 0.1
 */
void h3_security_headers_options_init (H3SecurityHeadersOptions *options);

/**
 * h3_security_headers_new:
 *
 * Sets the fields of all answers, errors too. One that the answer has already stays as it is: so a
 * handler has the last word. To be used before other middleware.
 *
 * Returns: (transfer full): middleware for h3_app_use(), with the options' defaults
 *
 * Since: 0.1
 */
H3Middleware *h3_security_headers_new (void);

/**
 * h3_security_headers_new_full:
 * @options: which fields
 * @error: return location for an %H3_ERROR_INVALID that names the option
 *
 * Does what h3_security_headers_new() does, as @options say.
 *
 * Returns: (transfer full): middleware for h3_app_use(); %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_security_headers_new_full (const H3SecurityHeadersOptions *options,
                                            GError **error);

/**
 * h3_security_headers_get_nonce:
 * @event: an exchange behind the middleware, whose answer has not left
 *
 * Gets 128 random bits for this answer alone, as 22 letters, digits, `-` and `_`. Once they were
 * asked for, the policy also allows `<script nonce="…">` and `<style nonce="…">` that have them,
 * and the answer is not to be stored, unless its Cache-Control was set. Who holds the event.
 *
 * Returns: (transfer none) (nullable): the nonce, until the event ends; %NULL where the system
 *   gives no random bits: the event has been failed, and nothing is left to do
 *
 * Since: 0.1
 */
const char *h3_security_headers_get_nonce (H3Event *event);

G_END_DECLS
