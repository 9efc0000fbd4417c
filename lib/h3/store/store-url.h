/* SPDX-License-Identifier: MIT
 *
 * Where a store is, as a text: "memory:", "redis://…", "redis+unix:…". docs/stores.md has the
 * grammar. Owned by whoever read it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { STORE_URL_MEMORY, STORE_URL_REDIS } StoreUrlKind;

typedef struct {
    StoreUrlKind kind;
    /* Of a memory store. */
    guint max_entries;
    gsize max_bytes;
    /* Of a Redis server; the texts are owned. */
    char *host; /* (nullable): a name or an address; NULL: */
    char *path; /* a Unix socket */
    guint16 port;
    char *user, *password; /* (nullable) */
    guint database;
    char *prefix;      /* of all keys; may be empty */
    guint timeout;     /* milliseconds a question may take */
    guint max_waiting; /* questions of one loop that wait for their answer */
} StoreUrl;

/* NULL with H3_ERROR_SYNTAX or H3_ERROR_INVALID, whose message has no part of the text but the
 * names of its options: there may be a password in it. */
StoreUrl *store_url_parse (const char *text, GError **error);
/* The password is wiped. NULL is allowed. */
void store_url_free (StoreUrl *url);

/* Returns: (transfer full): the text without user and password, for people. */
char *store_url_dup_label (const StoreUrl *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreUrl, store_url_free)

G_END_DECLS
