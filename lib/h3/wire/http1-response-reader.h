/* SPDX-License-Identifier: MIT
 *
 * A linted head of an answer becomes facts: its status, how its body ends (RFC 9112 §6.3), whether
 * the connection may be used again. As strict as the reader of requests: what two clients could
 * cut differently is refused. One a loop; its thread only. */

#pragma once

#include <h3/http/method.h>
#include <h3/http/request-inside.h>
#include <h3/wire/http1-writer.h>

G_BEGIN_DECLS

typedef struct _Http1ResponseReader Http1ResponseReader;

/* What was read. The views look into the head. */
typedef struct {
    const char *base;      /* borrowed: where the head lies */
    HeadIndex head;        /* its fields: whoever linted it */
    H3View reason;         /* borrowed: base; may be empty */
    guint64 length;        /* what Content-Length says, where has_length */
    guint16 status;        /* 100 to 599 */
    guint8 minor;          /* HTTP/1.x */
    guint8 keep_alive : 1; /* the connection may be used again once the body has ended */
    guint8 is_upgrade : 1; /* 101: what follows the head is the other protocol's */
    guint8 has_length : 1; /* also where no body follows: after HEAD, and of a 304 */
    Http1Framing framing;  /* LENGTH: `length` bytes, which may be 0. CLOSE: until the end */
} Http1Response;

Http1ResponseReader *http1_response_reader_new (void);
void http1_response_reader_free (Http1ResponseReader *reader);

/* Fills `out` from the head at `base` that `index` describes (http1_lint_init_response ()).
 * `method` is that of the request: no body follows HEAD, and a tunnel follows CONNECT where it was
 * granted (framing NONE). `upgrade` is the protocol that the request asked for, empty where it
 * asked for none: a 101 to another is refused.
 * NULL, or what is wrong, in words for people (static): nothing behind this head may be parsed. */
const char *http1_response_read (Http1ResponseReader *reader, const char *base,
                                 const HeadIndex *index, H3Method method, H3View upgrade,
                                 Http1Response *out);

/* Of field line `i` below response->head.n_fields. */
static inline H3View
http1_response_get_name (const Http1Response *response, guint i)
{
    const HeadField *field = &response->head.fields[i];

    return h3_view (response->base + field->name, field->name_length);
}

static inline H3View
http1_response_get_value (const Http1Response *response, guint i)
{
    const HeadField *field = &response->head.fields[i];

    return h3_view (response->base + field->value, field->value_length);
}

/* The first value of `name`, in any case; its data is NULL where there is none. */
H3View http1_response_lookup (const Http1Response *response, H3View name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Http1ResponseReader, http1_response_reader_free)

G_END_DECLS
