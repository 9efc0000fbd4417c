/* SPDX-License-Identifier: MIT
 *
 * A real Redis server for one test, on a Unix socket in a folder of its own, which keeps nothing.
 * Main thread. */

#pragma once

#include "subprocess.h"

typedef struct {
    char *folder; /* owned */
    char *socket; /* owned: its path */
    char *url;    /* owned: redis+unix:… */
    Subprocess process;
} RedisServer;

/* Finds a path, and starts the server. `options` is (nullable): more of its options, with blanks
 * between them. FALSE, after saying so on the terminal: there is no such program, or the library
 * was built without what it needs. */
gboolean redis_server_start (RedisServer *server, const char *options);
/* Ends it as if its machine were lost; it may be begun again, empty. */
void redis_server_kill (RedisServer *server);
void redis_server_begin (RedisServer *server, const char *options);
/* Ends it, where it runs, and removes its folder. */
void redis_server_clear (RedisServer *server);

/* Lets it stand still, until it goes on; when this returns it does. */
void redis_server_freeze (RedisServer *server);
void redis_server_thaw (RedisServer *server);

/* (transfer full): tells it a line, and reads a line that it answers. */
char *redis_server_tell (RedisServer *server, const char *line);
