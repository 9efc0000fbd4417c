/* SPDX-License-Identifier: MIT
 *
 * What becomes of a field, by its name, when a message is handed on. Constant: any thread. */

#pragma once

#include <h3/base/view.h>

G_BEGIN_DECLS

typedef enum {
    NAME_ANY,      /* the client's own business: handed on, unless Connection nominates it */
    NAME_CONTENT,  /* for who reads the content: handed on, whatever Connection says of it */
    NAME_PROVIDED, /* told by proxies of what was in front of them: only those trusted may */
    NAME_ANEW,     /* of requests: written anew by whoever hands them on */
    NAME_HOP,      /* of this connection, or its framing */
} NameKind;

NameKind proxy_name_classify (H3View name);

/* Whether the two would be one to a server that hands fields on as CGI does: there all but letters
 * and digits are the same, and letters have no case. */
gboolean proxy_name_equal_in_cgi (H3View a, H3View b);

/* Whether such a server could take the name, which is not spelled so, for one of those above but
 * NAME_ANY. */
gboolean proxy_name_is_disguised (H3View name);

/* Whether `name` is nominated by the values of Connection, all in one list, and may go for it: a
 * peer that names what is for who reads the content is not obeyed (RFC 9110 §7.6.1 forbids it). */
gboolean proxy_name_is_nominated (H3View connection, H3View name);

G_END_DECLS
