/* SPDX-License-Identifier: MIT
 *
 * How the library itself fills and reads a response. Embedded in an event, or on the stack of who
 * refuses a request; its worker only. */

#pragma once

#include <h3/base/arena.h>
#include <h3/http/response.h>
#include <h3/http/trailer.h>

G_BEGIN_DECLS

typedef enum {
    BODY_NONE,
    BODY_MEMORY,    /* `memory`: literal, or the event's arena; copied out before that is reset */
    BODY_BYTES,     /* `bytes` */
    BODY_FILE,      /* `file` */
    BODY_PARTS,     /* `parts` of bytes or of a file */
    BODY_GENERATOR, /* `generator`: asked for more whenever there is room */
    BODY_STREAM,    /* written by the handler, piece by piece */
} BodyKind;

/* (transfer full) (nullable): the next piece; NULL: the end, or with `*error` a failure. */
typedef GBytes *(*BodyGenerator) (gpointer user_data, GError **error);

/* What a streamed body goes through: see <h3/http/coded-stream.h>. */
typedef struct _CodedStream CodedStream;

/* A text, and behind it `length` bytes of what is sent in parts. */
typedef struct {
    H3View text; /* borrowed: the event's arena; may be empty */
    guint64 offset;
    guint64 length;
} BodyPart;

struct _H3Response {
    guint16 status;
    guint8 body_kind;
    guint8 is_final : 1; /* the head has left: nothing may change */
    guint8 close : 1;    /* the connection ends after it */
    H3Headers *headers;  /* owned; NULL: none set */
    H3Headers *always;   /* owned; those that errors keep; NULL: none */
    const char *type;    /* borrowed: a literal, or the event's arena; NULL: none, or in headers */
    gsize type_length;   /* set with it */
    gint64 length;       /* of the body; -1: not known */
    union {
        H3View memory; /* borrowed: literal or arena */
        GBytes *bytes; /* owned */
        struct {
            int fd; /* owned */
            gint64 offset;
        } file;
        struct {
            const BodyPart *parts; /* borrowed: the event's arena */
            guint n_parts;
            int fd;        /* owned; -1 where there are bytes */
            GBytes *bytes; /* owned; NULL where there is a file */
        } parts;
        struct {
            BodyGenerator function;
            gpointer user_data;
            GDestroyNotify destroy; /* of user_data */
        } generator;
        struct {
            CodedStream *coded; /* owned; NULL: it goes out as it is written */
        } stream;
    } body;
    Trailers *trailers; /* owned; NULL: none declared. Where there are, so are `headers` */
};

void response_init (H3Response *response);
void response_clear (H3Response *response);

static inline gboolean
response_body_is_owned (const H3Response *response)
{
    return response->body_kind > BODY_MEMORY;
}

/* As new, where nothing of it is owned any more. */
static inline void
response_forget (H3Response *response)
{
    response->status = 200;
    response->body_kind = BODY_NONE;
    response->is_final = response->close = FALSE;
    response->type = NULL;
    response->length = 0;
}

void response_drop_body (H3Response *response);

/* Sets all fields of `headers`, which may be those of other answers too: a reference is taken where
 * nothing was set before. */
void response_share_headers (H3Response *response, H3Headers *headers);
/* The same for those that the answer does not have yet; what Vary names is added to what it has.
 * Content-Type is never among them: an answer may have one beside its fields. */
void response_add_defaults (H3Response *response, H3Headers *headers);

/* Content-Type by a literal that lives as long as the library; gives way to one in headers. */
static inline void
response_set_type_literal (H3Response *response, const char *type)
{
    response->type = type;
    response->type_length = type != NULL ? strlen (type) : 0;
}

/* Bodies that need no reference: `view` is a literal or lies in the event's arena. */
static inline void
response_set_memory (H3Response *response, H3View view)
{
    if (response_body_is_owned (response))
        response_drop_body (response);
    response->body_kind = BODY_MEMORY;
    response->body.memory = view;
    response->length = (gint64) view.length;
}
void response_set_file (H3Response *response, int fd, gint64 offset, gint64 length);
/* `length` is that of all. Takes `fd` over where `bytes` (a reference is taken) is NULL. */
void response_set_parts (H3Response *response, const BodyPart *parts, guint n_parts, gint64 length,
                         GBytes *bytes, int fd);
void response_set_generator (H3Response *response, gint64 length, BodyGenerator function,
                             gpointer user_data, GDestroyNotify destroy);
void response_set_stream (H3Response *response, gint64 length);

/* Whether only the server itself may set the field: it is about framing or the connection. */
gboolean response_is_for_the_wire (const char *name);
/* A trailer field that is named in the head, which must not have left: else FALSE with a warning,
 * or a critical where no trailer may have this name. */
gboolean response_declare_trailer (H3Response *response, const char *name);

/* Drops status, body and fields, but those that errors keep. */
void response_reset_for_error (H3Response *response);

/* Whether the status allows a body (RFC 9110 §6.4.1): not 1xx, 204, 304. */
static inline gboolean
response_status_has_body (guint status)
{
    return status >= 200 && status != 204 && status != 304;
}

G_END_DECLS
