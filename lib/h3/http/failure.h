/* SPDX-License-Identifier: MIT
 *
 * HTTP errors as values, and the problem+json (RFC 9457) that a client gets for them. Any thread,
 * but for what takes an event. Since: 0.1 */

#pragma once

#include <h3/http/event.h>

G_BEGIN_DECLS

/* The code of an error of this domain is a status of 400 to 599; its message is shown to the
 * client as `detail`. Errors of all other domains are answered 500 and show nothing. */
#define H3_HTTP_ERROR (h3_http_error_quark ())
GQuark h3_http_error_quark (void);

/* Returns: (transfer full): an error of that status; `format` may be NULL for no detail. */
GError *h3_http_error_new (guint status, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The status that `error` is answered with. */
guint h3_http_error_get_status (const GError *error);

/* h3_event_fail () with such an error. `detail` is shown to the client; NULL: none. */
void h3_event_fail_status (H3Event *event, guint status, const char *detail);

G_END_DECLS
