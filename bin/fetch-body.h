/* SPDX-License-Identifier: MIT
 *
 * The body that `h3d fetch` sends. */

#pragma once

#include "fetch-options.h"

/* Gives the request its body, which is read from a file or the standard input as it is sent. FALSE
 * with FETCH_ERROR. */
gboolean fetch_body_set (H3ClientRequest *request, const FetchOptions *options, GError **error);
