/* SPDX-License-Identifier: MIT */

#include "access-log.h"

#include <h3/base/error.h>
#include <h3/batteries/access-log-line.h>
#include <h3/batteries/access-log-writer.h>
#include <h3/http/content.h>
#include <h3/http/event-inside.h>
#include <h3/http/trace-context-inside.h>
#include <h3/loop/clock.h>
#include <h3/route/chain-inside.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define STATUS_CLIENT_GONE 499 /* what others log for it; never sent */

typedef struct {
    AccessLogLineFormat format;
    AccessLogWriter *writer; /* owned */
} AccessLog;

/* What is known of an exchange at its beginning only. */
typedef struct {
    AccessLog *log; /* borrowed: the middleware, which outlives its events */
    gint64 started; /* seconds since 1970 */
    gint64 moment;  /* of the precise clock */
    H3Address client;
} Entry;

static void
free_log (gpointer data)
{
    AccessLog *log = data;

    access_log_writer_free (log->writer);
    g_free (log);
}

/* What has been answered, else why not. */
static guint
get_status (const H3Event *event, H3Outcome outcome)
{
    if (event->sent_status != 0)
        return event->sent_status;
    return outcome == H3_OUTCOME_GONE ? STATUS_CLIENT_GONE : 500;
}

/* The one that the answer tells, else the event's own, else the one that the client sent. The
 * response may be read where its head has left: who holds the event elsewhere can no longer change
 * it. */
static H3View
get_request_id (H3Event *event, const KnownTrace *known)
{
    const char *sent = NULL;

    if (event->sent_status != 0 && h3_event_is_answered (event))
        sent = h3_response_get_header (&event->response, "X-Request-Id");
    return sent != NULL ? h3_view_of (sent) : known->request_id;
}

/* `known` keeps what is borrowed. */
static void
add_trace (H3Event *event, KnownTrace *known, AccessLogRecord *record)
{
    trace_get_known (event, known);
    record->request_id = get_request_id (event, known);
    record->trace_id = known->trace_id;
    record->span_id = known->span_id;
}

/* Another thread may hold the event still, and use its arena: the line is written elsewhere, and
 * the request looked at only. */
static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    static const char *const outcomes[] = { "sent", "gone", "failed" };
    const Entry *entry = user_data;
    const H3Request *request = &event->request;
    const char *user = atomic_load_explicit (&event->user, memory_order_acquire);
    char client[H3_ADDRESS_TEXT_SIZE];
    char small[2048];
    g_autofree char *large = NULL;
    char *line = small;
    gsize room;
    KnownTrace known;
    AccessLogRecord record = {
        .method = h3_view (request->base + request->head.start, request->head.method_length),
        .target = h3_view (request->base + request->head.target, request->head.target_length),
        .referer = h3_request_get_header_view (request, H3_VIEW ("Referer")),
        .user_agent = h3_request_get_header_view (request, H3_VIEW ("User-Agent")),
        .route = h3_view_of (h3_event_get_route_label (event)),
        .outcome = outcomes[outcome],
        .started = entry->started,
        .duration = clock_get_precise () - entry->moment,
        .bytes = event->body_sent,
        .status = get_status (event, outcome),
        .minor = request->head.minor,
    };

    if (entry->log->format == LINE_JSON || entry->log->format == LINE_TRACED)
        add_trace (event, &known, &record);
    if (record.method.length == 0)
        record.method.data = record.target.data = NULL;
    if (user != NULL)
        record.user = h3_view_of (user);
    if (entry->client.family != H3_ADDRESS_NONE)
        record.client = h3_view (client, h3_address_write (&entry->client, client));
    room = access_log_line_measure (&record);
    if (room > sizeof small)
        line = large = g_malloc (room);
    access_log_writer_add (entry->log->writer, line,
                           access_log_line_write (entry->log->format, &record, line));
}

static void
note_event (H3Event *event, gpointer user_data)
{
    Entry *entry = h3_arena_new0 (event->arena, Entry);

    entry->log = user_data;
    entry->started = clock_get_real_seconds ();
    entry->moment = clock_get_precise ();
    entry->client = h3_event_get_client (event)->client;
    h3_event_on_dispose (event, on_disposed, entry, NULL);
}

static void
log_event (H3Event *event, gpointer user_data)
{
    note_event (event, user_data);
    h3_event_next (event);
}

static H3Middleware *
make (H3AccessLogFormat format, int fd, gboolean owns_fd, const char *path)
{
    static const AccessLogLoss in_text = { "# ", " lines of this log were lost\n" };
    static const AccessLogLoss in_json = { "{\"lost_lines\":", "}\n" };
    AccessLog *log = g_new0 (AccessLog, 1);
    H3Middleware *middleware;

    log->format = format == H3_ACCESS_LOG_COMMON     ? LINE_COMMON
                  : format == H3_ACCESS_LOG_COMBINED ? LINE_COMBINED
                  : format == H3_ACCESS_LOG_TRACED   ? LINE_TRACED
                                                     : LINE_JSON;
    log->writer = access_log_writer_new (fd, owns_fd, path, ACCESS_LOG_WRITER_CAPACITY,
                                         log->format == LINE_JSON ? in_json : in_text);
    middleware = h3_middleware_new (log_event, log, free_log);
    middleware_set_unread (middleware, note_event);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}

H3Middleware *
h3_access_log_new (H3AccessLogFormat format)
{
    g_return_val_if_fail (format <= H3_ACCESS_LOG_TRACED, NULL);
    return make (format, STDOUT_FILENO, FALSE, NULL);
}

H3Middleware *
h3_access_log_new_full (H3AccessLogFormat format, const char *path, GError **error)
{
    int fd;

    g_return_val_if_fail (format <= H3_ACCESS_LOG_TRACED && path != NULL, NULL);
    if (!access_log_writer_open (path, &fd, error))
        return NULL;
    return make (format, fd, TRUE, path);
}

H3Middleware *
h3_access_log_new_for_fd (H3AccessLogFormat format, int fd, GError **error)
{
    int own;

    g_return_val_if_fail (format <= H3_ACCESS_LOG_TRACED, NULL);
    own = fcntl (fd, F_DUPFD_CLOEXEC, 3);
    if (own < 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED,
                     "the access log's descriptor %d cannot be used: %s", fd, g_strerror (errno));
        return NULL;
    }
    return make (format, own, TRUE, NULL);
}

void
h3_access_log_reopen_all (void)
{
    access_log_writer_reopen_all ();
}
