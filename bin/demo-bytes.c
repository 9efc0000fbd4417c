/* SPDX-License-Identifier: MIT
 *
 * Bytes: at once, streamed, and in ranges. */

#include "demo.h"

#include "demo-number.h"
#include "demo-pace.h"
#include "demo-random.h"
#include "demo-route.h"

#define MAX_BYTES     (100 * 1024)
#define MAX_STREAM    (G_GUINT64_CONSTANT (1) << 40)
#define MAX_CHUNK     (1024 * 1024)
#define DEFAULT_CHUNK (10 * 1024)

static const char octets[] = "application/octet-stream";

static gboolean
read_seed (H3Event *event, guint64 *out_seed)
{
    static const DemoNumber seed = { "seed", 0, -0x1p53, 0x1p53 };
    gint64 number;

    if (!demo_read_integer (event, &seed, &number))
        return FALSE;
    *out_seed = demo_get_query (event, "seed") != NULL ? (guint64) number : demo_random_new_seed ();
    return TRUE;
}

/* How many bytes a piece has; what is larger than we like to hold at once is cut. */
static gboolean
read_chunk_size (H3Event *event, guint64 *out_size)
{
    static const DemoNumber size = { "chunk_size", DEFAULT_CHUNK, 0, 0x1p53 };
    gint64 number;

    if (!demo_read_integer (event, &size, &number))
        return FALSE;
    *out_size = (guint64) CLAMP (number, 1, MAX_CHUNK);
    return TRUE;
}

static void
send_bytes (H3Event *event, gpointer user_data)
{
    guint64 length = demo_get_count (event, MAX_BYTES);
    g_autoptr (GBytes) bytes = NULL;
    guint64 seed;
    char *data;

    if (!read_seed (event, &seed))
        return;
    data = g_malloc (length);
    demo_random_fill (seed, 0, data, length);
    bytes = g_bytes_new_take (data, length);
    h3_event_send_bytes (event, octets, bytes);
}

typedef struct {
    guint64 seed;
    guint64 at, end; /* offsets */
    guint64 chunk;
} RandomStream;

static GBytes *
make_random_chunk (gpointer user_data, GError **error)
{
    RandomStream *stream = user_data;
    gsize length = MIN (stream->chunk, stream->end - stream->at);
    char *data;

    if (length == 0)
        return NULL;
    data = g_malloc (length);
    demo_random_fill (stream->seed, stream->at, data, length);
    stream->at += length;
    return g_bytes_new_take (data, length);
}

static void
stream_bytes (H3Event *event, gpointer user_data)
{
    RandomStream stream = { .end = demo_get_count (event, MAX_STREAM) };

    if (!read_seed (event, &stream.seed) || !read_chunk_size (event, &stream.chunk))
        return;
    h3_response_set_content_type (h3_event_get_response (event), octets);
    h3_event_send_generator (event, -1, make_random_chunk, g_memdup2 (&stream, sizeof stream),
                             g_free);
}

/* The alphabet, over and over. */
static GBytes *
make_letters (guint64 offset, guint64 length, gpointer user_data, GError **error)
{
    char *text;

    length = demo_pace_take (user_data, length);
    text = g_malloc (length);
    for (guint64 i = 0; i < length; i++)
        text[i] = (char) ('a' + (offset + i) % 26);
    return g_bytes_new_take (text, length);
}

static void
refuse_range (H3Event *event)
{
    h3_event_set_status (event, 404);
    h3_event_set_header (event, "Accept-Ranges", "bytes");
    h3_event_send_text (event, "number of bytes must be in the range (0, 102400]");
}

static void
send_range (H3Event *event, gpointer user_data)
{
    static const DemoNumber seconds = { "duration", 0, 0, 3600 };
    guint64 size = demo_get_count (event, MAX_BYTES + 1);
    g_autofree char *etag = g_strdup_printf ("\"range%" G_GUINT64_FORMAT "\"", size);
    guint64 chunk;
    double duration;
    DemoPace *pace;

    if (size == 0 || size > MAX_BYTES) {
        refuse_range (event);
        return;
    }
    if (!read_chunk_size (event, &chunk) || !demo_read_seconds (event, &seconds, &duration))
        return;
    pace = g_new (DemoPace, 1);
    demo_pace_init (pace, event, duration, size, chunk);
    h3_event_set_etag (event, etag);
    h3_event_send_ranged (event, octets, size, make_letters, pace, g_free);
}

void
demo_add_bytes (H3App *app)
{
    demo_add (app, "GET", "/bytes/:n([0-9]+)", send_bytes, NULL,
              "Random bytes, up to 100 KiB; the same for the same ?seed=");
    demo_add (app, "GET", "/stream-bytes/:n([0-9]+)", stream_bytes, NULL,
              "Random bytes, up to 2^40, in chunks of ?chunk_size=");
    demo_add (app, "GET", "/range/:n([0-9]+)", send_range, NULL,
              "Letters that a Range may ask a part of, in ?duration= seconds");
}
