/* SPDX-License-Identifier: MIT */

#include "coded-answer.h"

#include <h3/base/error.h>
#include <h3/http/coded-stream.h>

#include <errno.h>
#include <unistd.h>

/* What goes into a coder between two turns of others: some milliseconds at the usual levels. */
#define SLICE 32768
/* What a piece counts of it at least: a byte takes as long to be asked for as many. */
#define PIECE_COST 1024

/* A body that is read a slice at a time: from memory, a file, or a generator. */
typedef struct {
    H3Event *event;         /* borrowed: it outlives its response */
    Coder *coder;           /* owned */
    H3View rest;            /* borrowed: `bytes`, `buffer`, a literal or the arena */
    GBytes *bytes;          /* owned; NULL: none */
    char *buffer;           /* owned; NULL: no file */
    int fd;                 /* owned; -1: no file */
    gint64 offset;          /* in the file */
    gint64 left;            /* of the file, or of what the generator promised (-1: nothing) */
    BodyGenerator function; /* NULL: no generator */
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    gsize taken;            /* since others had a turn */
    gboolean has_ended;     /* all of it was read */
    gboolean is_done;       /* … and coded */
} CodedBody;

static void
free_body (gpointer data)
{
    CodedBody *body = data;

    if (body->destroy != NULL)
        body->destroy (body->user_data);
    if (body->fd >= 0)
        (void) close (body->fd);
    g_clear_pointer (&body->bytes, g_bytes_unref);
    coder_free (body->coder);
    g_free (body->buffer);
    g_free (body);
}

static gboolean
read_file (CodedBody *body, GError **error)
{
    gssize length;

    if (body->left == 0) {
        body->has_ended = TRUE;
        return TRUE;
    }
    do
        length =
            pread (body->fd, body->buffer, (gsize) MIN (body->left, SLICE), (off_t) body->offset);
    while (length < 0 && errno == EINTR);
    if (length <= 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a file cannot be read to its end: %s",
                     length < 0 ? g_strerror (errno) : "it has become shorter");
        return FALSE;
    }
    body->rest = h3_view (body->buffer, (gsize) length);
    body->offset += length;
    body->left -= length;
    return TRUE;
}

/* What a connection would tell of a generator's length nobody else can tell now. */
static gboolean
count_piece (CodedBody *body, gsize length, GError **error)
{
    gboolean is_end = length == 0;

    if (body->left < 0)
        return TRUE;
    if (is_end ? body->left > 0 : length > (guint64) body->left) {
        g_warning ("an answer gives %s bytes than it promised: the connection is cut",
                   is_end ? "fewer" : "more");
        g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "another length than promised");
        return FALSE;
    }
    body->left -= (gint64) length;
    return TRUE;
}

/* An empty piece leaves the rest empty: the producer waits. */
static gboolean
ask_generator (CodedBody *body, GError **error)
{
    GError *problem = NULL;
    gsize length;

    g_clear_pointer (&body->bytes, g_bytes_unref);
    body->bytes = body->function (body->user_data, &problem);
    if (problem != NULL) {
        g_propagate_error (error, problem);
        return FALSE;
    }
    if (body->bytes == NULL) {
        body->has_ended = TRUE;
        return count_piece (body, 0, error);
    }
    body->rest.data = g_bytes_get_data (body->bytes, &length);
    body->rest.length = length;
    return length == 0 || count_piece (body, length, error);
}

static gboolean
read_more (CodedBody *body, GError **error)
{
    if (body->function != NULL)
        return ask_generator (body, error);
    if (body->fd >= 0)
        return read_file (body, error);
    body->has_ended = TRUE;
    return TRUE;
}

static void
resume_posted (gpointer data)
{
    H3Event *event = data;

    if (event->carrier != NULL && event->phase == EVENT_SENDING)
        event->carrier->functions->resume_generator (event->carrier, event);
    h3_event_unref (event);
}

/* Nothing now, and to be asked again when others had their turn. */
static GBytes *
rest (CodedBody *body)
{
    body->taken = 0;
    loop_post (body->event->loop, resume_posted, h3_event_ref (body->event),
               (GDestroyNotify) h3_event_unref);
    return g_bytes_new (NULL, 0);
}

/* At most a slice of what has been read; all of it, and the end, where that is known. */
static void
code_slice (CodedBody *body, CoderAim aim, GByteArray *output)
{
    H3View slice = h3_view (body->rest.data, MIN (body->rest.length, SLICE - body->taken));
    CoderResult result;

    body->rest.data += slice.length;
    body->rest.length -= slice.length;
    body->taken += MAX (slice.length, PIECE_COST);
    result = coder_append (body->coder, slice, aim, output);
    g_assert (result == CODER_READY);
    body->is_done = aim == CODER_FINISH;
}

/* One piece: as much as a slice gives. */
static GBytes *
make_piece (gpointer user_data, GError **error)
{
    CodedBody *body = user_data;
    g_autoptr (GByteArray) output = NULL;

    if (body->is_done)
        return NULL;
    if (body->taken >= SLICE)
        return rest (body);
    output = g_byte_array_new ();
    while (output->len == 0 && !body->is_done) {
        CoderAim aim = CODER_FEED;

        if (body->rest.length == 0 && !body->has_ended) {
            if (!read_more (body, error))
                return NULL;
            /* A producer that waits has nothing more: what it gave must be seen. */
            aim = body->rest.length > 0 ? CODER_FEED : CODER_FLUSH;
        }
        code_slice (body, body->has_ended ? CODER_FINISH : aim, output);
        if (output->len == 0 && aim == CODER_FLUSH)
            break;
        if (output->len == 0 && body->taken >= SLICE)
            return rest (body);
    }
    return g_byte_array_free_to_bytes (g_steal_pointer (&output));
}

static CodedBody *
make_body (H3Event *event, Coder *coder)
{
    CodedBody *body = g_new0 (CodedBody, 1);

    body->event = event;
    body->coder = coder;
    body->fd = -1;
    body->left = -1;
    return body;
}

/* What the response owns goes over. */
static void
take_source (CodedBody *body, H3Response *response)
{
    gsize length;

    switch (response->body_kind) {
    case BODY_MEMORY:
        body->rest = response->body.memory;
        break;
    case BODY_BYTES:
        body->bytes = g_bytes_ref (response->body.bytes);
        body->rest.data = g_bytes_get_data (body->bytes, &length);
        body->rest.length = length;
        break;
    case BODY_FILE:
        body->fd = response->body.file.fd;
        response->body.file.fd = -1;
        body->offset = response->body.file.offset;
        body->left = response->length;
        body->buffer = g_malloc (SLICE);
        break;
    default:
        body->function = response->body.generator.function;
        body->user_data = response->body.generator.user_data;
        body->destroy = response->body.generator.destroy;
        body->left = response->length;
        response->body_kind = BODY_NONE;
        break;
    }
}

static void
code_at_once (H3Response *response, Coder *coder)
{
    g_autoptr (GByteArray) output = g_byte_array_new ();
    g_autoptr (GBytes) bytes = NULL;
    H3View text = response->body_kind == BODY_MEMORY
                      ? response->body.memory
                      : h3_view (g_bytes_get_data (response->body.bytes, NULL),
                                 g_bytes_get_size (response->body.bytes));
    CoderResult result = coder_append (coder, text, CODER_FINISH, output);

    g_assert (result == CODER_READY);
    bytes = g_byte_array_free_to_bytes (g_steal_pointer (&output));
    h3_response_set_body_bytes (response, bytes);
    coder_free (coder);
}

static gboolean
is_whole (const H3Response *response)
{
    return response->body_kind == BODY_MEMORY || response->body_kind == BODY_BYTES;
}

/* A body that is not going to be sent: HEAD is told what GET would be, without its length. */
static void
forget_body (H3Response *response, Coder *coder)
{
    if (response->body_kind != BODY_STREAM)
        response_drop_body (response);
    response->length = -1;
    coder_free (coder);
}

gboolean
event_code_answer (H3Event *event, Coder *coder)
{
    H3Response *response = &event->response;
    CodedBody *body;

    if (response->body_kind == BODY_NONE || response->body_kind == BODY_PARTS) {
        coder_free (coder);
        return FALSE;
    }
    if (is_whole (response) && response->length <= CODED_AT_ONCE) {
        code_at_once (response, coder);
    } else if (event->request.method == H3_METHOD_HEAD) {
        forget_body (response, coder);
    } else if (response->body_kind == BODY_STREAM) {
        response->body.stream.coded = coded_stream_new (coder, response->length);
        response->length = -1;
    } else {
        body = make_body (event, coder);
        take_source (body, response);
        response_set_generator (response, -1, make_piece, body, free_body);
    }
    return TRUE;
}
