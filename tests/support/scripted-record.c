/* SPDX-License-Identifier: MIT */

#include "scripted-record.h"

#include "suite.h"

#include <time.h>

#define PATIENCE_SECONDS 30

typedef struct {
    guint connection;
    char *head;     /* owned */
    GString *body;  /* owned */
    GString *lines; /* owned: trailers */
    gboolean is_whole;
} Request;

static void
free_request (gpointer data)
{
    Request *request = data;

    g_free (request->head);
    g_string_free (request->body, TRUE);
    g_string_free (request->lines, TRUE);
    g_free (request);
}

static void
free_bytes (gpointer data)
{
    g_string_free (data, TRUE);
}

void
scripted_record_init (ScriptedRecord *record)
{
    *record = (ScriptedRecord){ 0 };
    pthread_mutex_init (&record->lock, NULL);
    pthread_cond_init (&record->changed, NULL);
    record->requests = g_ptr_array_new_with_free_func (free_request);
    record->connections = g_ptr_array_new_with_free_func (free_bytes);
}

void
scripted_record_clear (ScriptedRecord *record)
{
    g_ptr_array_unref (record->requests);
    g_ptr_array_unref (record->connections);
    pthread_cond_destroy (&record->changed);
    pthread_mutex_destroy (&record->lock);
}

static void
lock (ScriptedRecord *record)
{
    pthread_mutex_lock (&record->lock);
}

static void
unlock (ScriptedRecord *record)
{
    pthread_mutex_unlock (&record->lock);
}

static void
unlock_changed (ScriptedRecord *record)
{
    pthread_cond_broadcast (&record->changed);
    pthread_mutex_unlock (&record->lock);
}

guint
scripted_record_add_connection (ScriptedRecord *record)
{
    guint number;

    lock (record);
    number = record->connections->len;
    g_ptr_array_add (record->connections, g_string_new (NULL));
    unlock_changed (record);
    return number;
}

guint
scripted_record_add_request (ScriptedRecord *record, guint connection, char *head)
{
    Request *request = g_new0 (Request, 1);
    guint number;

    request->connection = connection;
    request->head = head;
    request->body = g_string_new (NULL);
    request->lines = g_string_new (NULL);
    lock (record);
    number = record->requests->len;
    g_ptr_array_add (record->requests, request);
    unlock_changed (record);
    return number;
}

void
scripted_record_add_body (ScriptedRecord *record, guint request, const char *data, gsize length)
{
    lock (record);
    g_string_append_len (((Request *) record->requests->pdata[request])->body, data,
                         (gssize) length);
    unlock (record);
}

void
scripted_record_add_trailers (ScriptedRecord *record, guint request, const char *text)
{
    lock (record);
    g_string_append (((Request *) record->requests->pdata[request])->lines, text);
    unlock (record);
}

void
scripted_record_set_whole (ScriptedRecord *record, guint request)
{
    lock (record);
    ((Request *) record->requests->pdata[request])->is_whole = TRUE;
    unlock_changed (record);
}

void
scripted_record_add_bytes (ScriptedRecord *record, guint connection, const char *data, gsize length)
{
    lock (record);
    g_string_append_len (record->connections->pdata[connection], data, (gssize) length);
    unlock (record);
}

void
scripted_record_note_waiting (ScriptedRecord *record)
{
    lock (record);
    record->n_waiting++;
    unlock_changed (record);
}

void
scripted_record_note_end (ScriptedRecord *record)
{
    lock (record);
    record->n_ended++;
    unlock_changed (record);
}

guint
scripted_record_count_connections (ScriptedRecord *record)
{
    guint n;

    lock (record);
    n = record->connections->len;
    unlock (record);
    return n;
}

guint
scripted_record_count_requests (ScriptedRecord *record)
{
    guint n;

    lock (record);
    n = record->requests->len;
    unlock (record);
    return n;
}

/* Until `*value` is at least so much; the lock is held then. */
static void
lock_when (ScriptedRecord *record, const guint *value, guint n, const char *what)
{
    struct timespec deadline;

    clock_gettime (CLOCK_REALTIME, &deadline);
    deadline.tv_sec += PATIENCE_SECONDS;
    lock (record);
    while (*value < n && pthread_cond_timedwait (&record->changed, &record->lock, &deadline) == 0)
        continue;
    if (*value < n)
        ck_abort_msg ("the scripted server: %u of %u %s", *value, n, what);
}

void
scripted_record_wait_connections (ScriptedRecord *record, guint n)
{
    lock_when (record, &record->connections->len, n, "connections");
    unlock (record);
}

void
scripted_record_wait_requests (ScriptedRecord *record, guint n)
{
    lock_when (record, &record->requests->len, n, "requests");
    unlock (record);
}

void
scripted_record_wait_ended (ScriptedRecord *record, guint n)
{
    lock_when (record, &record->n_ended, n, "connections have ended");
    unlock (record);
}

void
scripted_record_wait_waiting (ScriptedRecord *record, guint n)
{
    lock_when (record, &record->n_waiting, n, "scripts wait");
    unlock (record);
}

char *
scripted_record_dup_head (ScriptedRecord *record, guint n)
{
    char *head;

    lock_when (record, &record->requests->len, n + 1, "requests");
    head = g_strdup (((Request *) record->requests->pdata[n])->head);
    unlock (record);
    return head;
}

guint
scripted_record_get_connection (ScriptedRecord *record, guint n)
{
    guint number;

    lock_when (record, &record->requests->len, n + 1, "requests");
    number = ((Request *) record->requests->pdata[n])->connection;
    unlock (record);
    return number;
}

/* The n-th request, whole; the lock is held. */
static const Request *
lock_whole (ScriptedRecord *record, guint n)
{
    const Request *request;
    struct timespec deadline;

    lock_when (record, &record->requests->len, n + 1, "requests");
    request = record->requests->pdata[n];
    clock_gettime (CLOCK_REALTIME, &deadline);
    deadline.tv_sec += PATIENCE_SECONDS;
    while (!request->is_whole
           && pthread_cond_timedwait (&record->changed, &record->lock, &deadline) == 0)
        continue;
    if (!request->is_whole)
        ck_abort_msg ("the body of request %u never ended: %s%s", n, request->head,
                      request->body->str);
    return request;
}

GString *
scripted_record_dup_body (ScriptedRecord *record, guint n)
{
    const Request *request = lock_whole (record, n);
    GString *body = g_string_new_len (request->body->str, (gssize) request->body->len);

    unlock (record);
    return body;
}

char *
scripted_record_dup_trailers (ScriptedRecord *record, guint n)
{
    char *lines = g_strdup (lock_whole (record, n)->lines->str);

    unlock (record);
    return lines;
}

GString *
scripted_record_dup_bytes (ScriptedRecord *record, guint connection)
{
    const GString *kept;
    GString *bytes;

    lock_when (record, &record->connections->len, connection + 1, "connections");
    kept = record->connections->pdata[connection];
    bytes = g_string_new_len (kept->str, (gssize) kept->len);
    unlock (record);
    return bytes;
}
