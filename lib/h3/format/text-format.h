/* SPDX-License-Identifier: MIT
 *
 * What the `format` of a schema may say of a text or a number: dates, addresses, URLs and the like,
 * each read by its RFC. Constant; any thread. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * TextFormat:
 * @name: "date-time"
 * @what: "a date and time of RFC 3339", for messages
 * @fits: (nullable): NULL: it says nothing of texts
 * @minimum: of whole numbers
 * @maximum: of whole numbers
 */
typedef struct {
    const char *name;
    const char *what;
    gboolean (*fits) (H3View text);
    gint64 minimum, maximum;
} TextFormat;

/* (nullable): NULL: there is no such format. */
const TextFormat *text_format_find (const char *name);

G_END_DECLS
