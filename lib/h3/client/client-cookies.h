/* SPDX-License-Identifier: MIT
 *
 * The cookies of a client, which all its fetches share. Any thread: it has a mutex, and calls
 * nobody while it holds that. */

#pragma once

#include <h3/http/headers.h>

G_BEGIN_DECLS

typedef struct _ClientCookies ClientCookies;

ClientCookies *client_cookies_new (void);
/* NULL is allowed. */
void client_cookies_free (ClientCookies *cookies);

/* What the fields of an answer from `url` set. */
void client_cookies_take (ClientCookies *cookies, GUri *url, const H3Headers *headers);
/* (transfer full) (nullable): the Cookie field for `url`; NULL: none. */
char *client_cookies_dup (ClientCookies *cookies, GUri *url);

G_END_DECLS
