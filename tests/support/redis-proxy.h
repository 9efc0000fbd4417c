/* SPDX-License-Identifier: MIT
 *
 * What stands between a store and its Redis server, on 127.0.0.1 and a port of its own, and lets a
 * test cut, hold up and falsify what passes. It has a thread of its own; the functions are the main
 * thread's. */

#pragma once

#include <glib.h>
#include <pthread.h>

typedef enum {
    PROXY_PASSES,    /* all, both ways */
    PROXY_TRICKLES,  /* the same, byte by byte */
    PROXY_HOLDS,     /* what the server says stays here until it passes again */
    PROXY_CUTS_HALF, /* half of what the server says next, then the end; later ones pass */
    PROXY_LIES,      /* the next answer is none that a Redis server gives; later ones pass */
} ProxyMode;

typedef struct {
    char *socket; /* owned: the server's */
    int listener; /* owned */
    guint16 port;
    pthread_t thread;
    int wake[2]; /* owned: a pipe */
    pthread_mutex_t lock;
    ProxyMode mode;      /* under the lock */
    gboolean is_cutting; /* the same: all connections end */
    gboolean is_ending;  /* the same */
} RedisProxy;

void redis_proxy_start (RedisProxy *proxy, const char *socket);
/* (transfer full): redis://127.0.0.1:port/, and what is to stand behind it. */
char *redis_proxy_dup_url (const RedisProxy *proxy, const char *host, const char *rest);
void redis_proxy_set_mode (RedisProxy *proxy, ProxyMode mode);
/* Ends all connections. */
void redis_proxy_cut (RedisProxy *proxy);
void redis_proxy_stop (RedisProxy *proxy);
