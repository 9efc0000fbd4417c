/* SPDX-License-Identifier: MIT
 *
 * A form in parts read the plain way: the whole text at once, by regular expressions. Slow, and
 * right by looking at it; shares nothing with the reader but its limits. */

#pragma once

#include "h3/format/multipart.h"

/* (transfer full) (nullable): the boundary that a Content-Type names. */
char *plain_form_dup_boundary (H3View content_type);

/* (transfer full) (nullable): "name/filename type=content;" for each part; NULL: it is refused. */
GString *plain_form_read (const char *boundary, const H3MultipartLimits *limits, H3View body);
