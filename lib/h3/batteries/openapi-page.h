/* SPDX-License-Identifier: MIT
 *
 * A document of OpenAPI as a page for people: HTML and a style sheet, which fetch nothing from
 * elsewhere and run no script. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

extern const char openapi_page_style[];

/* (transfer full): the page of `document`, as h3_openapi_describe () makes it; it links to
 * `document_url`, and to its style in `folder`, which stands beside it. */
char *openapi_page_write (const json_t *document, const char *document_url, const char *folder);

G_END_DECLS
