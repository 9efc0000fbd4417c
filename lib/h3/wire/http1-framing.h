/* SPDX-License-Identifier: MIT
 *
 * What the readers of requests and of answers ask of the fields that frame a message: RFC 9112 §6
 * read strictly, and http-parser's opinion of the same fields (it is named in no other file than
 * this module's). Holds nothing; any thread. */

#pragma once

#include <h3/base/bytes.h>
#include <h3/http/request-inside.h>

G_BEGIN_DECLS

/* What http-parser says of a start line and its framing fields. */
enum { VERDICT_VALID = 1, VERDICT_KEEP_ALIVE = 2, VERDICT_UPGRADE = 4, VERDICT_CHUNKED = 8 };

typedef struct {
    guint flags;
    guint64 content_length;
} FramingVerdict;

typedef enum {
    FRAMED_REQUEST,
    FRAMED_RESPONSE,
    FRAMED_BODILESS, /* an answer that no body follows, whatever its fields say */
} FramedMessage;

/* What Connection says in nearly all heads, so that http-parser need be asked but once. */
typedef enum {
    CONNECTION_ABSENT,
    CONNECTION_KEEP_ALIVE,
    CONNECTION_CLOSE,
    N_USUAL
} UsualConnection;

/* The first value of a known field of the head at `base`; its data is NULL where there is none. */
static inline H3View
framing_get_known (const char *base, const HeadIndex *head, KnownField known)
{
    const HeadField *field;

    if (head->known[known] == 0)
        return (H3View){ NULL, 0 };
    field = &head->fields[head->known[known] - 1u];
    return h3_view (base + field->value, field->value_length);
}

/* Whether Connection is absent, or says no more than one usual thing, and nothing else `is_rare`.
 */
static inline gboolean
framing_find_usual (const char *base, const HeadIndex *head, gboolean is_rare,
                    UsualConnection *out_usual)
{
    H3View connection = framing_get_known (base, head, KNOWN_CONNECTION);

    if (is_rare || head->doubled & (1u << KNOWN_CONNECTION))
        return FALSE;
    if (connection.data == NULL)
        *out_usual = CONNECTION_ABSENT;
    else if (connection.length == 10 && bytes_are_word (connection.data, "keep-alive", 10))
        *out_usual = CONNECTION_KEEP_ALIVE;
    else if (connection.length == 5 && bytes_are_word (connection.data, "close", 5))
        *out_usual = CONNECTION_CLOSE;
    else
        return FALSE;
    return TRUE;
}

/* Presents `text`, a start line, to http-parser, with the framing fields of the head behind it. */
FramingVerdict http1_framing_judge (GString *text, const char *base, const HeadIndex *head,
                                    FramedMessage message);

/* Content-Length, which must be there: one field of plain digits, no leading zero, below 2^63
 * (stricter than RFC 9112 §6.2). */
gboolean http1_framing_read_length (const char *base, const HeadIndex *head, guint64 *out_length);

/* Whether a Connection field lists `option`, in any case. */
gboolean http1_framing_has_option (const char *base, const HeadIndex *head, H3View option);

G_END_DECLS
