/* SPDX-License-Identifier: MIT
 *
 * The scripts that a Redis server runs for a store, and the names it knows them by. Any thread. */

#pragma once

#include <h3/store/redis-command.h>

G_BEGIN_DECLS

#define REDIS_SCRIPT_NAME_LENGTH 40

/* The text of a script. */
H3View redis_script_get_text (RedisScript script);
/* Its name: the SHA-1 of its text, in hexadecimal digits. */
H3View redis_script_get_name (RedisScript script);

G_END_DECLS
