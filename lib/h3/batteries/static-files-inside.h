/* SPDX-License-Identifier: MIT
 *
 * How tests choose the way in which the paths of static files are followed. */

#pragma once

#include <h3/batteries/beneath-root.h>
#include <h3/batteries/static-files.h>

G_BEGIN_DECLS

/* h3_static_files_new () that follows paths so. */
H3StaticFiles *static_files_new (const char *directory, BeneathWay way, GError **error);

G_END_DECLS
