/* SPDX-License-Identifier: MIT
 *
 * Trailer fields (RFC 9110 §6.5): which may be one, and those of an answer. The latter belong to
 * their response; whoever holds its event, one thread at a time. */

#pragma once

#include <h3/base/view.h>
#include <h3/http/headers.h>

G_BEGIN_DECLS

/* The program may fill them in while the head of the answer is already with the worker: so they lie
 * apart from it. */
typedef struct {
    H3Headers *declared; /* owned: the names, with empty values */
    H3Headers *fields;   /* owned: what is sent behind the body */
} Trailers;

/* Whether a field of this name may be a trailer: not one of framing, routing, authentication and
 * control, nor one that says how the content is to be read. */
gboolean trailer_is_allowed (H3View name);

/* (transfer full) */
Trailers *trailers_new (void);
void trailers_free (Trailers *trailers);

/* FALSE, with a critical and nothing changed, where no trailer may have this name. */
gboolean trailers_declare (Trailers *trailers, const char *name);
/* Replaces the value. FALSE, with a critical, where the name was not declared, or the value must
 * not be sent. */
gboolean trailers_set (Trailers *trailers, const char *name, const char *value);

G_END_DECLS
