/* SPDX-License-Identifier: MIT
 *
 * The canonical path, found the plain way: a list of segments. Slow, and right by looking at it;
 * shares nothing with the library. */

#pragma once

#include "h3/base/view.h"

/* (transfer full): NULL where the path is refused. */
GString *plain_path_canonicalize (H3View raw);
