/* SPDX-License-Identifier: MIT
 *
 * Where the redirect of a rule leads. Whatever a client asks for, it is a place on the host that
 * the target names, or on this one. Never changed once resolved; any thread. */

#pragma once

#include <h3/route/pattern.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RuleTarget RuleTarget;

/* Returns: (transfer full): NULL with H3_ERROR_INVALID, which names `text`. */
RuleTarget *rule_target_new (const char *text, GError **error);
/* NULL is allowed. */
void rule_target_free (RuleTarget *target);

/* Returns: (transfer none): as it was written. */
const char *rule_target_get_text (const RuleTarget *target);

/* Whether it is on this host. */
gboolean rule_target_is_local (const RuleTarget *target);

/* Whether all parameters of the target are in `pattern`, and of the same kind. FALSE with
 * H3_ERROR_INVALID. */
gboolean rule_target_check (const RuleTarget *target, const Pattern *pattern, GError **error);

/* Returns: (transfer full): the Location, for a path that `pattern` takes with these parameters, as
 * they stand in the canonical path. `query` is that of the request; its data may be NULL. */
char *rule_target_build (const RuleTarget *target, const Pattern *pattern, const H3View *values,
                         H3View query) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RuleTarget, rule_target_free)

G_END_DECLS
