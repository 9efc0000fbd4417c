/* SPDX-License-Identifier: MIT
 *
 * The inner face of schemas. */

#pragma once

#include "schema.h"

G_BEGIN_DECLS

/* h3_schema_validate () for what a peer has sent: texts with controls but HTAB, CR and LF are
 * refused wherever some schema looks at them. */
gboolean schema_validate_request (const H3Schema *schema, const json_t *document,
                                  guint max_problems, GPtrArray **out_problems);

G_END_DECLS
