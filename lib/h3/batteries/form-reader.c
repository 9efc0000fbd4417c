/* SPDX-License-Identifier: MIT
 *
 * Forms of events: the body in, with pauses while the disk is slower; the form kept with the event.
 */

#include "form.h"

#include <h3/base/error.h>
#include <h3/batteries/form-collector.h>
#include <h3/http/body.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>
#include <h3/http/work.h>
#include <h3/loop/offload.h>

#include <stdatomic.h>

#define FORM_KEY "h3.form"
/* As much is written at once; as much again may wait meanwhile before the client has to. */
#define PIECE (256 * 1024)
/* What an array of bytes holds, with some room: beyond, GLib would abort. */
#define MOST_IN_ONE ((gint64) G_MAXINT32)

/* One form on its way in: held by the reading of the body and by the writing to the disk. The
 * worker's, but for its last reference. */
typedef struct {
    atomic_int refs;
    FormCollector *collector; /* owned; NULL: it is over */
    char *directory;          /* owned; NULL: the usual one */
    gboolean is_writing;      /* there is never more than one */
    gboolean is_paused;
    gboolean has_ended; /* the body */
    H3Handler function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
} Reading;

typedef struct {
    Reading *reading;   /* ref */
    FormWrites *writes; /* owned */
    GError *error;      /* owned */
} Writing;

/* Something that is freed on the pool: the system takes its time to take back the blocks of a large
 * file. */
typedef struct {
    gpointer data; /* owned; NULL: freed */
    GDestroyNotify release;
} Parting;

/* The form of an event. */
typedef struct {
    H3Form *form; /* ref */
    Loop *loop;   /* borrowed: the event's, which ends later */
} Kept;

static void
part (gpointer data)
{
    Parting *parting = data;

    parting->release (g_steal_pointer (&parting->data));
}

static void
do_nothing (gpointer data)
{
}

/* Also where it never came to part (). */
static void
free_parting (gpointer data)
{
    Parting *parting = data;

    if (parting->data != NULL)
        parting->release (parting->data);
    g_free (parting);
}

static void
free_elsewhere (Loop *loop, gpointer data, GDestroyNotify release)
{
    Parting *parting = g_new (Parting, 1);

    *parting = (Parting){ data, release };
    if (loop_get_current () == loop)
        offload_run (loop_get_offload (loop), loop, part, do_nothing, parting, free_parting);
    else
        free_parting (parting);
}

static void
let_go (gpointer data)
{
    g_autofree Kept *kept = data;
    gboolean is_on_disk = FALSE;

    for (guint i = 0; i < h3_form_get_n_files (kept->form); i++)
        is_on_disk |= h3_upload_is_on_disk (h3_form_get_file_at (kept->form, i));
    if (is_on_disk)
        free_elsewhere (kept->loop, kept->form, (GDestroyNotify) h3_form_unref);
    else
        h3_form_unref (kept->form);
}

static void
keep (H3Event *event, H3Form *form)
{
    Kept *kept = g_new (Kept, 1);

    kept->form = form;
    kept->loop = event->loop;
    h3_event_set_data (event, FORM_KEY, kept, let_go);
}

static void
reading_unref (gpointer data)
{
    Reading *reading = data;

    if (atomic_fetch_sub_explicit (&reading->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (reading->destroy != NULL)
        reading->destroy (reading->user_data);
    form_collector_free (reading->collector);
    g_free (reading->directory);
    g_free (reading);
}

/* What is left of the body is no longer looked at, and what came of it is given up. */
static void
give_up (H3Event *event, Reading *reading)
{
    if (reading->collector != NULL)
        free_elsewhere (event->loop, g_steal_pointer (&reading->collector),
                        (GDestroyNotify) form_collector_free);
    if (reading->is_paused)
        h3_event_resume_body (event);
    reading->is_paused = FALSE;
}

static void
fail (H3Event *event, Reading *reading, GError *given)
{
    g_autoptr (GError) error = given;

    give_up (event, reading);
    /* It may have been answered by a deadline meanwhile. */
    if (!event_is_lost (event))
        h3_event_fail (event, g_steal_pointer (&error));
}

static void
run_writing (gpointer data, GCancellable *cancellable)
{
    Writing *writing = data;

    (void) form_writes_run (writing->writes, writing->reading->directory, &writing->error);
}

static void
free_writing (gpointer data)
{
    Writing *writing = data;

    form_writes_free (writing->writes);
    reading_unref (writing->reading);
    g_clear_error (&writing->error);
    g_free (writing);
}

static void go_on (H3Event *event, Reading *reading);

static void
on_written (H3Event *event, gpointer data)
{
    Writing *writing = data;
    Reading *reading = writing->reading;

    reading->is_writing = FALSE;
    if (reading->collector == NULL)
        return;
    if (writing->error != NULL) {
        fail (event, reading, g_steal_pointer (&writing->error));
        return;
    }
    if (reading->is_paused)
        h3_event_resume_body (event);
    reading->is_paused = FALSE;
    go_on (event, reading);
}

static void
start_writing (H3Event *event, Reading *reading)
{
    Writing *writing = g_new0 (Writing, 1);

    reading->is_writing = TRUE;
    atomic_fetch_add_explicit (&reading->refs, 1, memory_order_relaxed);
    writing->reading = reading;
    writing->writes = form_collector_take_writes (reading->collector);
    h3_event_offload (event, run_writing, on_written, writing, free_writing);
}

static void
finish (H3Event *event, Reading *reading)
{
    keep (event, form_collector_steal_form (reading->collector));
    g_clear_pointer (&reading->collector, form_collector_free);
    if (!event_is_lost (event))
        reading->function (event, reading->user_data);
}

/* After anything has changed. The form is whole when its body is and nothing waits for the disk. */
static void
go_on (H3Event *event, Reading *reading)
{
    gsize waiting = form_collector_get_waiting (reading->collector);

    if (!reading->is_writing && waiting > 0 && (waiting >= PIECE || reading->has_ended)) {
        start_writing (event, reading);
        waiting = 0;
    }
    if (reading->has_ended && !reading->is_writing) {
        finish (event, reading);
    } else if (waiting >= PIECE && !reading->has_ended && !reading->is_paused) {
        reading->is_paused = TRUE;
        h3_event_pause_body (event);
    }
}

static void
on_body (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Reading *reading = user_data;
    GError *problem = NULL;

    if (reading->collector == NULL)
        return;
    if (error != NULL) {
        /* The event is failed by who tells. */
        give_up (event, reading);
        return;
    }
    if (data == NULL ? !form_collector_end (reading->collector, &problem)
                     : !form_collector_add (reading->collector, data, length, &problem)) {
        fail (event, reading, problem);
        return;
    }
    reading->has_ended |= data == NULL;
    go_on (event, reading);
}

static FormBounds
make_bounds (const H3Limits *limits, const H3FormOptions *options)
{
    FormBounds bounds = { limits->form_memory, limits->form_file, limits->form, limits->body };

    if (options != NULL && options->memory >= 0)
        bounds.memory = options->memory;
    if (options != NULL && options->file >= 0)
        bounds.file = options->file;
    if (options != NULL && options->total >= 0)
        bounds.total = options->total;
    bounds.memory = MIN (bounds.memory, MOST_IN_ONE);
    bounds.text = MIN (bounds.text, MOST_IN_ONE);
    return bounds;
}

static FormCollector *
make_collector (H3Event *event, const FormBounds *bounds, GError **error)
{
    H3View type = h3_request_get_header_view (&event->request, H3_VIEW ("Content-Type"));

    return form_collector_new (type, bounds, event->limits, error);
}

/* Who asks for a form that has been read is called all the same, and not inline. */
typedef struct {
    H3Event *event; /* ref */
    H3Handler function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
} Later;

static void
call_later (gpointer data)
{
    Later *later = data;

    event_enter (later->event);
    if (!event_is_lost (later->event))
        later->function (later->event, later->user_data);
    event_leave (later->event);
    if (later->destroy != NULL)
        later->destroy (later->user_data);
    h3_event_unref (later->event);
    g_free (later);
}

void
h3_event_read_form (H3Event *event, const H3FormOptions *options, H3Handler function,
                    gpointer user_data, GDestroyNotify destroy)
{
    FormBounds bounds;
    GError *problem = NULL;
    Reading *reading;

    g_return_if_fail (event != NULL && function != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (h3_event_get_data (event, FORM_KEY) != NULL) {
        Later later = { h3_event_ref (event), function, user_data, destroy };

        loop_defer (event->loop, call_later, g_memdup2 (&later, sizeof later));
        return;
    }
    bounds = make_bounds (event->limits, options);
    reading = g_new0 (Reading, 1);
    atomic_init (&reading->refs, 1);
    reading->function = function;
    reading->user_data = user_data;
    reading->destroy = destroy;
    reading->directory = options != NULL ? g_strdup (options->directory) : NULL;
    reading->collector = make_collector (event, &bounds, &problem);
    if (reading->collector == NULL) {
        fail (event, reading, problem);
        reading_unref (reading);
        return;
    }
    h3_event_read_body (event, on_body, reading, reading_unref);
}

H3Form *
h3_event_get_form (H3Event *event, GError **error)
{
    g_autoptr (FormCollector) collector = NULL;
    FormBounds bounds;
    const char *data = "";
    gsize length = 0;
    Kept *kept;

    g_return_val_if_fail (event != NULL, NULL);
    kept = h3_event_get_data (event, FORM_KEY);
    if (kept != NULL)
        return kept->form;
    bounds = make_bounds (event->limits, NULL);
    bounds.memory = G_MAXINT64 / 2; /* it is there */
    bounds.file = MIN (bounds.file, MOST_IN_ONE);
    collector = make_collector (event, &bounds, error);
    if (collector == NULL)
        return NULL;
    if (event->request.body == NULL && event->request.has_body) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "this route streams its body: read the form first");
        return NULL;
    }
    if (event->request.body != NULL)
        data = g_bytes_get_data (event->request.body, &length);
    if (!form_collector_add (collector, data, length, error)
        || !form_collector_end (collector, error))
        return NULL;
    keep (event, form_collector_steal_form (collector));
    return h3_event_get_form (event, NULL);
}

static void
go_to_next (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
}

static void
read_first (H3Event *event, gpointer user_data)
{
    if (event->request.has_body)
        h3_event_read_form (event, user_data, go_to_next, NULL, NULL);
    else
        h3_event_next (event);
}

static void
free_options (gpointer data)
{
    H3FormOptions *options = data;

    g_free ((char *) options->directory);
    g_free (options);
}

H3Middleware *
h3_forms_new (const H3FormOptions *options)
{
    static const H3FormOptions defaults = H3_FORM_OPTIONS_INIT;
    H3FormOptions *own = g_memdup2 (options != NULL ? options : &defaults, sizeof *own);

    own->directory = g_strdup (own->directory);
    return h3_middleware_new (read_first, own, free_options);
}
