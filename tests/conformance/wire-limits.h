/* SPDX-License-Identifier: MIT
 *
 * Requests as large as a limit and a little more or less, as data: what goes beyond a limit is
 * answered so. Constant. */

#pragma once

#include "h3/http/limits.h"

typedef enum {
    WIRE_LIMIT_TARGET,
    WIRE_LIMIT_FIELD_LINE,
    WIRE_LIMIT_HEAD,
    WIRE_LIMIT_FIELDS,
    WIRE_LIMIT_METHOD,
    WIRE_LIMIT_CHUNK_DIGITS,
    WIRE_LIMIT_CHUNK_EXTENSION,
    WIRE_LIMIT_CHUNK_EXTENSIONS,
    WIRE_LIMIT_TRAILER_BYTES,
    WIRE_LIMIT_TRAILERS,
    WIRE_LIMIT_BODY,
    WIRE_LIMIT_CHUNKED_BODY,
    WIRE_LIMIT_QUERY_FIELDS,
    WIRE_LIMIT_FORM_FIELDS,
    WIRE_LIMIT_JSON_DEPTH,
    WIRE_LIMIT_COOKIES,
    WIRE_LIMIT_COOKIE_BYTES,
    WIRE_LIMIT_RANGES,
    WIRE_LIMIT_SEGMENTS,
    N_WIRE_LIMITS
} WireLimit;

typedef struct {
    const char *name;
    const char *option; /* NULL: a bound that is no option, `fixed` */
    gsize fixed;
    guint status;       /* of what goes beyond; 0: as within */
    guint within;       /* of what does not; 0: 200 */
    gboolean ends;      /* beyond it the connection ends */
    const char *beyond; /* in words */
    /* The body of the answer, where it tells how much was taken: "" is the size, up to the limit;
     * NULL: any. */
    const char *body_within, *body_beyond;
} WireLimitRow;

extern const WireLimitRow wire_limit_rows[N_WIRE_LIMITS];

/* The limit as it is in `limits`. */
gsize wire_limit_get (WireLimit limit, const H3Limits *limits);

/* (transfer full): a request of which what `limit` bounds is `size` large, for the program of
 * conformance-program.h. */
GString *wire_limit_build (WireLimit limit, gsize size);
