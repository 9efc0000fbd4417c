/* SPDX-License-Identifier: MIT
 *
 * What one request and its answer cannot show: rules of HTTP and limits where it matters who waits
 * for whom, and for how long. Each runs a server, or a connection, of its own. Constant. */

#pragma once

#include <glib.h>

typedef struct {
    const char *section, *part, *name, *reference, *expected;
    /* Asserts it; in a process of its own. */
    void (*run) (void);
} Exchange;

/* Those of one file. */
typedef struct {
    const Exchange *rows;
    guint n;
} ExchangeTable;

extern const ExchangeTable answer_exchanges, limit_exchanges, wait_exchanges;

guint conformance_exchanges_count (void);
const Exchange *conformance_exchanges_get (guint index);

/* What went wrong elsewhere once, and where it is tested that it cannot here. */
typedef struct {
    const char *what;
    /* "tests/folder/file.c: test", more of them behind ", "; or words, for what stands above. */
    const char *tests;
} Lesson;

extern const Lesson conformance_lessons[];
extern const guint n_conformance_lessons;
