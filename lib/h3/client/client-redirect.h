/* SPDX-License-Identifier: MIT
 *
 * Where an answer sends the client on to, and what of the request goes there (RFC 9110 §15.4, as
 * browsers follow it). Functions of their arguments; any thread. */

#pragma once

#include <h3/base/error.h>
#include <h3/http/headers.h>

G_BEGIN_DECLS

typedef struct {
    GUri *url;           /* owned: the next; without userinfo */
    const char *method;  /* borrowed: the one before, or static */
    gboolean keeps_body; /* else there is none, nor a field that tells of one */
    /* Scheme, host or port is another: nothing goes there that was meant for the one before. */
    gboolean leaves_origin;
} ClientRedirect;

/* Whether an answer of this status is a redirect, if it has a Location. */
gboolean client_redirect_is_status (guint status);

/* Where the answer to `method` at `from` leads: 301 and 302 make POST a GET, 303 all but HEAD; 307
 * and 308 keep method and body. A fragment stays, unless Location has one. `has_body`: whether the
 * request has one. FALSE with H3_CLIENT_ERROR_INVALID_URL (which does not show the URL) where
 * Location is none that is followed; so is one that takes a body out of TLS, where those on the
 * way could read it. */
gboolean client_redirect_read (guint status, const char *location, const char *method, GUri *from,
                               gboolean has_body, ClientRedirect *out_redirect, GError **error);

/* Takes out of the fields of a request what must not go there. */
void client_redirect_filter (const ClientRedirect *redirect, H3Headers *headers);

G_END_DECLS
