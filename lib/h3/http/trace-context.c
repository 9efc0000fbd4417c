/* SPDX-License-Identifier: MIT */

#include "trace-context-inside.h"

#include <h3/base/random.h>
#include <h3/http/content-private.h>
#include <h3/http/event-flow.h>

/* All but the flags is as it was made. */
struct _EventTrace {
    TraceParent own;                       /* the trace, and our span */
    char parent_id[TRACE_SPAN_LENGTH + 1]; /* "": the trace begins here */
    const char *request_id;                /* borrowed: the arena */
    const char *state;                     /* borrowed: the arena; NULL: none */
};

/* What an event needs of chance. */
typedef struct {
    guint8 request_id[16];
    guint8 trace_id[TRACE_ID_LENGTH / 2];
    guint8 span_id[TRACE_SPAN_LENGTH / 2];
} Chance;

/* Ids tell requests apart and keep no secret: where the system has no random bytes, GLib's will do.
 */
static void
draw (Chance *chance)
{
    guint8 *bytes = (guint8 *) chance;

    if (!random_fill (chance, sizeof *chance)) {
        for (gsize i = 0; i < sizeof *chance; i++)
            bytes[i] = (guint8) g_random_int_range (0, 256);
    }
    /* Zeros alone are no id. */
    chance->trace_id[0] |= chance->trace_id[0] == 0;
    chance->span_id[0] |= chance->span_id[0] == 0;
}

static void
write_hex (const guint8 *bytes, gsize length, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (gsize i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* The one value of a field; its data is NULL where there is none, or more than one. */
static H3View
get_only (const H3Request *request, H3View name)
{
    H3View found = { NULL, 0 };

    for (guint i = 0; i < request->head.n_fields; i++) {
        if (!h3_view_equal_ignore_case (request_field_name (request, i), name))
            continue;
        if (found.data != NULL)
            return (H3View){ NULL, 0 };
        found = request_field_value (request, i);
    }
    return found;
}

static gboolean
read_parent (const H3Request *request, TraceParent *out)
{
    return trace_parent_parse (get_only (request, H3_VIEW ("traceparent")), out);
}

static const char *
read_state (H3Event *event)
{
    H3View field = request_join_field (&event->request, H3_VIEW ("tracestate"), ",", event->arena);
    char clean[TRACE_STATE_MAX];
    gsize length = trace_state_clean (field, clean);

    return length > 0 ? h3_arena_dup_view (event->arena, h3_view (clean, length)) : NULL;
}

static gboolean
is_peer_trusted (const H3Event *event)
{
    H3SocketAddress peer = { 0 };
    gboolean secure;

    if (event->trusted == NULL || !event_is_on_worker (event) || event->carrier == NULL)
        return FALSE;
    event->carrier->functions->get_peer (event->carrier, &peer, &secure);
    return h3_trusted_proxies_has (event->trusted, &peer.address);
}

static const char *
choose_request_id (H3Event *event, const Chance *chance)
{
    char *made;

    if (is_peer_trusted (event)) {
        H3View told = get_only (&event->request, H3_VIEW ("X-Request-Id"));

        if (trace_is_request_id (told))
            return h3_arena_dup_view (event->arena, told);
    }
    made = h3_arena_alloc (event->arena, 2 * sizeof chance->request_id + 1);
    write_hex (chance->request_id, sizeof chance->request_id, made);
    return made;
}

static EventTrace *
make (H3Event *event, gboolean believes_anybody)
{
    EventTrace *trace = h3_arena_new0 (event->arena, EventTrace);
    TraceParent *own = &trace->own;
    TraceParent told;
    Chance chance;

    draw (&chance);
    if ((believes_anybody || is_peer_trusted (event)) && read_parent (&event->request, &told)) {
        *own = told;
        memcpy (trace->parent_id, told.span_id, sizeof told.span_id);
        trace->state = read_state (event);
    } else {
        write_hex (chance.trace_id, sizeof chance.trace_id, own->trace_id);
        own->flags = TRACE_RANDOM;
    }
    write_hex (chance.span_id, sizeof chance.span_id, own->span_id);
    trace->request_id = choose_request_id (event, &chance);
    return trace;
}

static EventTrace *
ensure_as (H3Event *event, gboolean believes_anybody)
{
    EventContent *content = content_ensure (event);
    EventTrace *trace = atomic_load_explicit (&content->trace, memory_order_relaxed);

    if (trace == NULL) {
        trace = make (event, believes_anybody);
        atomic_store_explicit (&content->trace, trace, memory_order_release);
    }
    return trace;
}

void
trace_believe_proxies_only (H3Event *event)
{
    (void) ensure_as (event, FALSE);
}

static EventTrace *
ensure (H3Event *event)
{
    return ensure_as (event, TRUE);
}

const char *
h3_event_get_request_id (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure (event)->request_id;
}

const char *
h3_event_get_trace_id (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure (event)->own.trace_id;
}

const char *
h3_event_get_span_id (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure (event)->own.span_id;
}

const char *
h3_event_get_parent_span_id (H3Event *event)
{
    const EventTrace *trace;

    g_return_val_if_fail (event != NULL, NULL);
    trace = ensure (event);
    return trace->parent_id[0] != '\0' ? trace->parent_id : NULL;
}

gboolean
h3_event_is_sampled (H3Event *event)
{
    g_return_val_if_fail (event != NULL, FALSE);
    return (ensure (event)->own.flags & TRACE_SAMPLED) != 0;
}

void
h3_event_set_sampled (H3Event *event, gboolean is_sampled)
{
    guint8 *flags;

    g_return_if_fail (event != NULL);
    flags = &ensure (event)->own.flags;
    if (is_sampled)
        *flags |= TRACE_SAMPLED;
    else
        *flags &= (guint8) ~TRACE_SAMPLED;
}

const char *
h3_event_get_tracestate (H3Event *event)
{
    g_return_val_if_fail (event != NULL, NULL);
    return ensure (event)->state;
}

char *
h3_event_dup_traceparent (H3Event *event)
{
    char text[TRACE_PARENT_LENGTH + 1];

    g_return_val_if_fail (event != NULL, NULL);
    trace_parent_write (&ensure (event)->own, text);
    return g_strdup (text);
}

void
trace_get_known (const H3Event *event, KnownTrace *out)
{
    EventTrace *trace = NULL;

    memset (out, 0, sizeof *out);
    if (event->content != NULL)
        trace = atomic_load_explicit (&event->content->trace, memory_order_acquire);
    if (trace != NULL) {
        out->request_id = h3_view_of (trace->request_id);
        out->trace_id = h3_view (trace->own.trace_id, TRACE_ID_LENGTH);
        out->span_id = h3_view (trace->own.span_id, TRACE_SPAN_LENGTH);
        return;
    }
    out->request_id = h3_request_get_header_view (&event->request, H3_VIEW ("X-Request-Id"));
    if (read_parent (&event->request, &out->told))
        out->trace_id = h3_view (out->told.trace_id, TRACE_ID_LENGTH);
}

void
trace_add_fields (H3Event *event, H3Headers *headers)
{
    const EventTrace *trace = ensure (event);
    char text[TRACE_PARENT_LENGTH + 1];

    if (h3_headers_has (headers, "traceparent"))
        return;
    trace_parent_write (&trace->own, text);
    h3_headers_set (headers, "traceparent", text);
    if (trace->state != NULL)
        h3_headers_set (headers, "tracestate", trace->state);
    else
        h3_headers_remove (headers, "tracestate");
}

void
trace_set_request_id (H3Event *event, H3Headers *headers)
{
    h3_headers_set (headers, "X-Request-Id", ensure (event)->request_id);
}
