/* SPDX-License-Identifier: MIT
 *
 * An app's own OpenAPI document, and a page that shows it. Before the start. Since: 0.1 */

#pragma once

#include <h3/app/app.h>
#include <h3/batteries/openapi.h>

G_BEGIN_DECLS

/**
 * h3_app_describe:
 * @app: an app that has not started
 * @route: (nullable): a route of @app; %NULL, for one that could not be, is left alone
 * @operation: (transfer none): what it is for; referenced
 *
 * Documents @route, and has its handler run only where the request is as the schemas of @operation
 * say, as behind h3_validation_new(): the document cannot say one thing and the server do another.
 *
 * Since: 0.1
 */
void h3_app_describe (H3App *app, H3Route *route, H3Operation *operation);

/**
 * h3_app_add_openapi:
 * @app: an app that has not started, mounted or not
 * @path: where the document is served: `/openapi.json`
 * @page: (nullable): where a page shows it, as in `/api`; %NULL: nowhere
 * @openapi: (transfer none): what the document says of the whole; referenced
 *
 * Serves a document that describes @app, and a page that shows it. The document is that of all
 * routes that are served, of the outermost app and those mounted in it. It is made at the first
 * request for it. These routes are not in it.
 *
 * Since: 0.1
 */
void h3_app_add_openapi (H3App *app, const char *path, const char *page, H3OpenApi *openapi);

G_END_DECLS
