/* SPDX-License-Identifier: MIT
 *
 * How far the text of a template settles where a URL leads. Any thread. */

#pragma once

#include "template-context.h"

G_BEGIN_DECLS

/* The byte `c` of a URL between quotes. */
void html_url_step (HtmlContext *context, char c);

/* As html_context_insert (), of a URL between quotes. */
const char *html_url_insert (HtmlContext *context, HtmlEscape *out_escape);

/* Whether URLs of this scheme run no scripts. */
gboolean html_url_is_safe_scheme (const char *scheme, gsize length);

G_END_DECLS
