/* SPDX-License-Identifier: MIT
 *
 * How the library itself makes a request: the head's bytes stay where they were received and are
 * pointed into by offsets, so that a head which must outlive its buffer is one copy and one new
 * base pointer. Embedded in an event; its worker only. */

#pragma once

#include <h3/base/arena.h>
#include <h3/http/request.h>

G_BEGIN_DECLS

/* One field line, offsets from the head's first byte (a head has at most 65,535). */
typedef struct {
    guint16 name, name_length;
    guint16 value, value_length;
} HeadField;

/* Fields that the wire itself must know. The last four are those that nearly no GET has: each makes
 * the message more than its head, or other than HTTP. */
typedef enum {
    KNOWN_HOST,
    KNOWN_CONTENT_TYPE,
    KNOWN_CONNECTION,
    KNOWN_CONTENT_LENGTH,
    KNOWN_TRANSFER_ENCODING,
    KNOWN_EXPECT,
    KNOWN_UPGRADE,
    N_KNOWN
} KnownField;

/* What bytes the target has, found while it was read. */
enum { TARGET_HAS_ESCAPE = 1 << 1, TARGET_HAS_QUERY = 1 << 2, TARGET_HAS_DOT = 1 << 3 };

/* The index of a head: what one pass over it found. */
typedef struct {
    HeadField *fields; /* borrowed: whoever made the index */
    guint16 n_fields, max_fields;
    guint16 start;  /* 2 where an empty line came first */
    guint16 length; /* of the whole head, its last CRLF too */
    guint16 method_length;
    guint16 target, target_length;
    guint8 minor;
    guint8 target_flags;
    guint16 doubled;        /* bit n: known field n came more than once */
    guint16 known[N_KNOWN]; /* 1 + the place of the first; 0: none */
} HeadIndex;

struct _H3Request {
    char *base;       /* borrowed: the receive buffer, or the event's arena after request_keep () */
    HeadIndex head;   /* its fields: as base */
    const char *path; /* borrowed: the event's arena */
    guint32 path_length;
    H3View host;   /* offsets resolved: as base */
    guint16 query; /* offset from base; 0: none */
    guint16 query_length;
    guint8 method;
    guint8 keep_alive : 1;
    guint8 has_body : 1;
    guint8 chunked : 1;
    guint8 expects_continue : 1;
    guint8 wants_upgrade : 1;
    guint8 is_kept : 1; /* the head lies in the arena */
    guint64 content_length;
    /* Made when asked for. */
    H3Headers *headers;  /* owned; NULL: not asked for */
    H3Headers *trailers; /* owned; NULL: none */
    GBytes *body;        /* owned; NULL: none, or streamed */
};

/* Whether any of the last four known fields came: they lie in eight bytes. */
static inline gboolean
head_has_rare (const HeadIndex *head)
{
    guint64 four;

    G_STATIC_ASSERT ((N_KNOWN - KNOWN_CONTENT_LENGTH) * sizeof head->known[0] == sizeof four);
    memcpy (&four, &head->known[KNOWN_CONTENT_LENGTH], sizeof four);
    return four != 0;
}

static inline H3View
request_field_name (const H3Request *request, guint i)
{
    const HeadField *field = &request->head.fields[i];

    return h3_view (request->base + field->name, field->name_length);
}

static inline H3View
request_field_value (const H3Request *request, guint i)
{
    const HeadField *field = &request->head.fields[i];

    return h3_view (request->base + field->value, field->value_length);
}

/* The first value of a known field; data is NULL where there is none. */
static inline H3View
request_known (const H3Request *request, KnownField known)
{
    if (request->head.known[known] == 0)
        return (H3View){ NULL, 0 };
    return request_field_value (request, request->head.known[known] - 1u);
}

static inline H3View
request_path (const H3Request *request)
{
    return h3_view (request->path, request->path_length);
}

/* All values of a field as one, `separator` between them: in the head where there is but one, else
 * in the arena. Its data is NULL where there is no such field. */
H3View request_join_field (const H3Request *request, H3View name, const char *separator,
                           H3Arena *arena);

/* A request that could not be read: empty texts, so that whoever logs it needs no special case. */
void request_init_unread (H3Request *request);

/* Copies the head into the arena, where it is not there already. */
void request_keep (H3Request *request, H3Arena *arena);

/* Takes all lines of a field away, once the head has been read: as if they had never come. */
void request_remove_field (H3Request *request, H3View name);

void request_add_trailer (H3Request *request, H3View name, H3View value);
void request_take_body (H3Request *request, GBytes *body);

/* Drops what is owned; the struct may then be filled anew. */
void request_clear (H3Request *request);

G_END_DECLS
