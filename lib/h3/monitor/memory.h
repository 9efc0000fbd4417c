/* SPDX-License-Identifier: MIT
 *
 * Where the memory is: what the library holds by kind, now and at most, what the process occupies,
 * and how that stands to a budget. Read from counters, without stopping anyone; numbers that are
 * read while others change fit each other only nearly. Any thread. docs/memory.md explains each
 * row. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* jansson's document, declared here without its header. */
typedef struct json_t json_t;

/**
 * H3MemoryHealth:
 * @H3_MEMORY_GOOD: below three quarters of the budget, or there is none
 * @H3_MEMORY_PRESSED: from three quarters on
 * @H3_MEMORY_CRITICAL: from nine tenths on
 */
typedef enum { H3_MEMORY_GOOD, H3_MEMORY_PRESSED, H3_MEMORY_CRITICAL } H3MemoryHealth;

/* "good", "pressed", "critical". */
const char *h3_memory_health_get_name (H3MemoryHealth health);

/* How `used` bytes stand to `budget` bytes; good where that is 0. */
H3MemoryHealth h3_memory_health_of (guint64 used, guint64 budget);

/* The budget of the process in bytes; 0, as at the beginning: none. */
void h3_memory_set_budget (guint64 bytes);
guint64 h3_memory_get_budget (void);

/* How the process stands to its budget, by its resident memory (by what the library holds, where
 * the system does not tell). Reads a file of /proc. */
H3MemoryHealth h3_memory_get_health (void);

/* Bytes that the library holds: blocks of arenas and buffers as counted, and for each live object
 * of the other kinds what one of its kind takes at least. Not in it: what programs allocate, bodies
 * and queued GBytes, what other libraries keep. */
guint64 h3_memory_get_allocated (void);

/* The most that this has been: the peaks of all kinds and threads added up, so it is never too
 * low, and too high where they were not at the same time. */
guint64 h3_memory_get_peak (void);

/* Resident memory of the process in bytes; 0 where the system does not tell. */
guint64 h3_memory_get_resident (void);

/* Bytes that the program has from malloc and has not given back, free blocks that malloc keeps at
 * hand for each thread among them; 0 where malloc does not tell (glibc before 2.33, another malloc
 * in its place). Goes through malloc's free lists under its locks: for now and then. */
guint64 h3_memory_get_heap (void);

/* Returns: (transfer full): the report as lines for a person; g_free (). */
char *h3_memory_report_to_text (void);

/* Returns: (transfer full): the report as a JSON text; g_free (). */
char *h3_memory_report_to_json_text (void);

/* (skip) The same as a document. Returns: (transfer full). */
json_t *h3_memory_report_to_json (void);

G_END_DECLS
