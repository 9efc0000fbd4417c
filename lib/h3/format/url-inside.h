/* SPDX-License-Identifier: MIT
 *
 * URLs whose text must not be told: what is wrong with one, in words that do not show it. */

#pragma once

#include <h3/format/url.h>

G_BEGIN_DECLS

/* (nullable): what is wrong with a URL, static; NULL: nothing that is seen without parsing it. */
const char *url_find_problem (const char *text, H3UrlFlags flags);

G_END_DECLS
