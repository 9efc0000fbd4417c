/* SPDX-License-Identifier: MIT
 *
 * An answer while a fetch makes it: one thread's until it is given out. */

#pragma once

#include <h3/client/client-exchange.h>
#include <h3/client/client-response.h>
#include <h3/wire/http1-response-reader.h>

G_BEGIN_DECLS

/* (transfer full): status, reason and fields of a head; no body yet. `url` is copied. */
H3ClientResponse *client_response_new (const Http1Response *head, const char *url, guint redirects);

/* Of what is decoded: the fields that told how it came. */
void client_response_forget_coding (H3ClientResponse *response);

/* `body` (transfer full) has a NUL behind it that it does not count. */
void client_response_take_body (H3ClientResponse *response, GBytes *body);
/* (transfer full) */
void client_response_take_stream (H3ClientResponse *response, GInputStream *stream);
/* Copies; (nullable). */
void client_response_set_trailers (H3ClientResponse *response, const H3Headers *trailers);

/* `began`: when the fetch did, in microseconds of clock_get_precise (). */
void client_response_set_timing (H3ClientResponse *response, const ClientTiming *timing,
                                 gint64 began);

G_END_DECLS
