/* SPDX-License-Identifier: MIT
 *
 * Parameters as they stand behind a media type or a disposition (RFC 9110 §5.6.6), read strictly
 * and one at a time. Views into the text; any thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef struct {
    H3View name;
    H3View value;       /* without its quotes, escapes and all */
    gboolean is_quoted; /* so that escapes are escapes */
} Parameter;

typedef enum { PARAMETER_END, PARAMETER_READ, PARAMETER_BAD } ParameterResult;

/* Takes the next `; name=value` off the front of `*rest`. Blanks may stand around the semicolon and
 * nowhere else; the value is a token or a quoted string. A semicolon that nothing follows is
 * passed over. */
ParameterResult parameter_next (H3View *rest, Parameter *out_parameter);

G_END_DECLS
