/* SPDX-License-Identifier: MIT
 *
 * What is told of runs, as JSON: members are appended to a text that its caller opens and closes.
 * Functions; any thread. */

#pragma once

#include <h3/workflow/run-record.h>

G_BEGIN_DECLS

/* Each appends `"name":value`, with a comma before it where the text does not end in one that opens
 * (or in a comma). Names need no escaping. */
void run_json_add_text (GString *json, const char *name, const char *text);
/* Bytes that are no UTF-8, and NUL, become U+FFFD. */
void run_json_add_bytes (GString *json, const char *name, const char *data, gsize length);
void run_json_add_number (GString *json, const char *name, gint64 number);
/* As RFC 3339 has it, in UTC, with milliseconds; null where it is 0. */
void run_json_add_time (GString *json, const char *name, gint64 milliseconds);
void run_json_add_true (GString *json, const char *name);
/* A text that is JSON already; null for NULL. */
void run_json_add_raw (GString *json, const char *name, const char *raw);

/* The members of a step but for what it printed. */
void run_json_add_step (GString *json, const StepRecord *record);
/* The event of a line. */
void run_json_write_line (GString *json, const LineRecord *line);

G_END_DECLS
