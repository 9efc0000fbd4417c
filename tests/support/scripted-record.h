/* SPDX-License-Identifier: MIT
 *
 * What a scripted server has heard, in order: written by the threads of its connections, read by
 * the test. Any thread; every wait has a deadline that fails the test. */

#pragma once

#include <glib.h>
#include <pthread.h>

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    GPtrArray *requests;    /* owned; under the lock, as all below */
    GPtrArray *connections; /* owned: bytes, by the number of the connection */
    guint n_ended;          /* connections that are over */
    guint n_waiting;        /* scripts that have come to a SCRIPT_WAIT */
} ScriptedRecord;

void scripted_record_init (ScriptedRecord *record);
void scripted_record_clear (ScriptedRecord *record);

/* What a connection notes; the first returns its number. Of a request the head comes first, pieces
 * of its body, then its trailers. `request` is what the second returned. */
guint scripted_record_add_connection (ScriptedRecord *record);
guint scripted_record_add_request (ScriptedRecord *record, guint connection, char *head);
void scripted_record_add_body (ScriptedRecord *record, guint request, const char *data,
                               gsize length);
void scripted_record_add_trailers (ScriptedRecord *record, guint request, const char *text);
void scripted_record_set_whole (ScriptedRecord *record, guint request);
void scripted_record_add_bytes (ScriptedRecord *record, guint connection, const char *data,
                                gsize length);
void scripted_record_note_waiting (ScriptedRecord *record);
void scripted_record_note_end (ScriptedRecord *record);

guint scripted_record_count_connections (ScriptedRecord *record);
guint scripted_record_count_requests (ScriptedRecord *record);

/* Each waits until there is so much. */
void scripted_record_wait_connections (ScriptedRecord *record, guint n);
void scripted_record_wait_requests (ScriptedRecord *record, guint n);
void scripted_record_wait_ended (ScriptedRecord *record, guint n);
void scripted_record_wait_waiting (ScriptedRecord *record, guint n);

/* (transfer full): of the n-th request, from 0, when it has come; of its body, when that is whole.
 */
char *scripted_record_dup_head (ScriptedRecord *record, guint n);
GString *scripted_record_dup_body (ScriptedRecord *record, guint n);
char *scripted_record_dup_trailers (ScriptedRecord *record, guint n);
guint scripted_record_get_connection (ScriptedRecord *record, guint n);
/* (transfer full): all that has come on a connection, as it came. */
GString *scripted_record_dup_bytes (ScriptedRecord *record, guint connection);
