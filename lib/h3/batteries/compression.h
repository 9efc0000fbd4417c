/* SPDX-License-Identifier: MIT
 *
 * Answers in the coding that the client likes best (RFC 9110 §12.5.3): br, zstd or gzip. Made
 * before the start, frozen then, read by all workers. docs/compression.md has what is coded and
 * what is not. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>

G_BEGIN_DECLS

/**
 * H3CompressionOptions:
 * @codings: which, with blanks between; of those that a client likes equally the first is taken
 * @least_size: bodies that are known to be shorter, in bytes, go out as they are
 * @brotli_level: 0 (quick) to 11 (small, and slow)
 * @zstd_level: 1 to 19
 * @gzip_level: 1 to 9
 *
 * Which answers are coded, and how. To be filled by h3_compression_options_init() first.
 *
 * Since: 0.1
 */
typedef struct {
    const char *codings; /* borrowed: the caller, for the call */
    gsize least_size;
    int brotli_level;
    int zstd_level;
    int gzip_level;
} H3CompressionOptions;

/**
 * h3_compression_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets "br zstd gzip", 1,024 bytes, levels 4, 3 and 6.
 *
 * Since: 0.1
 */
void h3_compression_options_init (H3CompressionOptions *options);

/**
 * h3_compression_new:
 *
 * Makes what codes answers, with the options' defaults. It looks at answers when their heads leave:
 * middleware behind it sees them as they were made, and so do handlers.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_compression_new (void);

/**
 * h3_compression_new_full:
 * @options: which codings, from which size on, how well
 * @error: return location for an %H3_ERROR_INVALID that names the option
 *
 * Makes what codes answers as @options say, else as h3_compression_new().
 *
 * Returns: (transfer full): middleware for h3_app_use(); %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_compression_new_full (const H3CompressionOptions *options, GError **error);

/**
 * h3_event_force_coding:
 * @event: an exchange whose answer has not left
 * @coding: "br", "deflate", "gzip" or "zstd"
 *
 * Sends the answer in @coding, of whatever type and size it is and whatever the client accepts; not
 * where it has a Content-Encoding by then, must not be transformed, is a part (206), or has no
 * body. Needs no middleware. The event's worker.
 *
 * Returns: %FALSE for a coding that is not known: nothing happens
 *
 * Since: 0.1
 */
gboolean h3_event_force_coding (H3Event *event, const char *coding);

G_END_DECLS
