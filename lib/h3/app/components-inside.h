/* SPDX-License-Identifier: MIT
 *
 * What the app asks of its components. `root` is the outermost app; those of all mounted in it
 * count. */

#pragma once

#include <h3/app/components.h>

G_BEGIN_DECLS

/* While it may still be registered at, on one thread: each that has not been is set up. FALSE with
 * H3_ERROR, or an error of the component's. */
gboolean app_components_init (H3App *root, GError **error);

/* FALSE: none is left started. */
gboolean app_components_start (H3App *root, GError **error);
/* Those that are started, the last first. */
void app_components_stop (H3App *root);
void app_component_free (gpointer component);

/* Any thread, once they have been set up. */
guint app_components_count (const H3App *root);
const char *app_components_get_name (const H3App *root, guint index);
gboolean app_components_is_well (const H3App *root, guint index, GError **error);

G_END_DECLS
