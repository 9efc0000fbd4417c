/* SPDX-License-Identifier: MIT
 *
 * The caching directives of an answer (RFC 9111 §5.2.2, RFC 5861, RFC 8246), held to making sense.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *text;         /* owned: as a field has it */
    gboolean may_keep;  /* something may keep the answer: not for errors */
    gboolean is_shared; /* caches that serve several clients may */
} RuleCache;

/* FALSE, with `*out` untouched, and H3_ERROR_INVALID: a directive that is not known, comes twice,
 * has no number of seconds where it needs one, or contradicts another. */
gboolean rule_cache_read (const char *directives, RuleCache *out, GError **error);
void rule_cache_clear (RuleCache *cache);

G_END_DECLS
