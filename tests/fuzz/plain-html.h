/* SPDX-License-Identifier: MIT
 *
 * A page as a browser divides it, and what in it may run: a plain reading that shares nothing with
 * the library. Any thread. */

#pragma once

#include "h3/base/view.h"

/* (transfer full): all of a page but its text, the text of titles and the values of attributes
 * between quotes: tags, names of attributes, comments, scripts. Two pages with the same skeleton
 * differ in texts only. `has_json` leaves out what scripts have. `out_n_running` (out): how many
 * URLs of a scheme that runs scripts there are. */
GString *plain_html_skeleton (H3View page, gboolean has_json, guint *out_n_running);
