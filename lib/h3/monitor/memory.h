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
 *
 * How memory stands to a budget.
 *
 * Since: 0.1
 */
typedef enum { H3_MEMORY_GOOD, H3_MEMORY_PRESSED, H3_MEMORY_CRITICAL } H3MemoryHealth;

/**
 * h3_memory_health_get_name:
 * @health: how memory stands
 *
 * Names how memory stands.
 *
 * Returns: (transfer none): "good", "pressed", "critical"
 *
 * Since: 0.1
 */
const char *h3_memory_health_get_name (H3MemoryHealth health);

/**
 * h3_memory_health_of:
 * @used: bytes
 * @budget: bytes; 0: none
 *
 * Says how @used stands to @budget.
 *
 * Returns: how it stands; good where there is no budget
 *
 * Since: 0.1
 */
H3MemoryHealth h3_memory_health_of (guint64 used, guint64 budget);

/**
 * h3_memory_set_budget:
 * @bytes: 0, as at the beginning: none
 *
 * Sets the budget of the process.
 *
 * Since: 0.1
 */
void h3_memory_set_budget (guint64 bytes);

/**
 * h3_memory_get_budget:
 *
 * Gets the budget of the process.
 *
 * Returns: bytes; 0: none
 *
 * Since: 0.1
 */
guint64 h3_memory_get_budget (void);

/**
 * h3_memory_get_health:
 *
 * Says how the process stands to its budget, by its resident memory (by what the library holds,
 * where the system does not tell). Reads a file of /proc.
 *
 * Returns: how it stands
 *
 * Since: 0.1
 */
H3MemoryHealth h3_memory_get_health (void);

/**
 * h3_memory_get_allocated:
 *
 * Counts the bytes that the library holds: blocks of arenas and buffers as counted, and for each
 * live object of the other kinds what one of its kind takes at least. Not in it: what programs
 * allocate, bodies and queued GBytes, what other libraries keep.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64 h3_memory_get_allocated (void);

/**
 * h3_memory_get_peak:
 *
 * Says the most that h3_memory_get_allocated() has been: the peaks of all kinds and threads added
 * up, so it is never too low, and too high where they were not at the same time.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64 h3_memory_get_peak (void);

/**
 * h3_memory_get_resident:
 *
 * Says what resident memory the process has.
 *
 * Returns: bytes; 0 where the system does not tell
 *
 * Since: 0.1
 */
guint64 h3_memory_get_resident (void);

/**
 * h3_memory_get_heap:
 *
 * Counts the bytes that the program has from malloc and has not given back, free blocks that malloc
 * keeps at hand for each thread among them. Goes through malloc's free lists under its locks: for
 * now and then.
 *
 * Returns: bytes; 0 where malloc does not tell (glibc before 2.33, another malloc in its place)
 *
 * Since: 0.1
 */
guint64 h3_memory_get_heap (void);

/**
 * h3_memory_report_to_text:
 *
 * Reports where the memory is, as lines for a person.
 *
 * Returns: (transfer full): the report; g_free()
 *
 * Since: 0.1
 */
char *h3_memory_report_to_text (void);

/**
 * h3_memory_report_to_json_text:
 *
 * Reports where the memory is, as a JSON text.
 *
 * Returns: (transfer full): the report; g_free()
 *
 * Since: 0.1
 */
char *h3_memory_report_to_json_text (void);

/**
 * h3_memory_report_to_json: (skip)
 *
 * Reports where the memory is, as a document. Bindings have h3_memory_report_to_json_text().
 *
 * Returns: (transfer full): the report
 *
 * Since: 0.1
 */
json_t *h3_memory_report_to_json (void);

G_END_DECLS
