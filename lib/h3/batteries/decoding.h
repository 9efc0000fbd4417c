/* SPDX-License-Identifier: MIT
 *
 * Bodies of requests that come coded (RFC 9110 §8.4): handlers read what was coded. Made before the
 * start, frozen then, read by all workers. docs/compression.md has the bounds. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3DecodingOptions:
 * @codings: which are taken, with blanks between
 * @max_ratio: how many times as long as it came a body may be, beyond its first 64 KiB; 0: any
 *
 * Which coded bodies are taken. To be filled by h3_decoding_options_init() first.
 *
 * Since: 0.1
 */
typedef struct {
    const char *codings; /* borrowed: the caller, for the call */
    guint max_ratio;
} H3DecodingOptions;

/**
 * h3_decoding_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets "gzip deflate br zstd", 200.
 *
 * Since: 0.1
 */
void h3_decoding_options_init (H3DecodingOptions *options);

/**
 * h3_decoding_new:
 *
 * Makes what decodes bodies of requests, with the options' defaults. To be used before all that
 * reads bodies. It answers 400 to a body that is not in its coding, 413 to one that comes to more
 * than the route takes, 415 with Accept-Encoding to codings that it does not know.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_decoding_new (void);

/**
 * h3_decoding_new_full:
 * @options: which codings, how bounded
 * @error: return location for an %H3_ERROR_INVALID that names the coding
 *
 * Makes what decodes bodies as @options say, else as h3_decoding_new().
 *
 * Returns: (transfer full): middleware for h3_app_use(); %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_decoding_new_full (const H3DecodingOptions *options, GError **error);

G_END_DECLS
