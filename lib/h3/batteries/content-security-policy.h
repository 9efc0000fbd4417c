/* SPDX-License-Identifier: MIT
 *
 * A Content-Security-Policy as it is sent, and with a nonce in it. Never changed; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ContentSecurityPolicy ContentSecurityPolicy;

/* Returns: (transfer full): NULL with H3_ERROR_INVALID for what browsers would leave out: a
 * directive that comes twice, or one that is malformed. */
ContentSecurityPolicy *content_security_policy_new (const char *text, GError **error);
/* NULL is allowed. */
void content_security_policy_free (ContentSecurityPolicy *policy);

/* Returns: (transfer none) (nullable): the sources of a directive, with one blank between them;
 * NULL: there is no such directive. */
const char *content_security_policy_find (const ContentSecurityPolicy *policy,
                                          const char *directive);

/* Returns: (transfer full): the policy, which also allows elements with `nonce` where it says which
 * scripts and styles may run, by itself or by default-src. Where it allows all that are inline, it
 * stays: a nonce would take that back. */
char *content_security_policy_dup_with_nonce (const ContentSecurityPolicy *policy,
                                              const char *nonce);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ContentSecurityPolicy, content_security_policy_free)

G_END_DECLS
