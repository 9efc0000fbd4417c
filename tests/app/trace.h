/* SPDX-License-Identifier: MIT
 *
 * What the tests of chains and errors share: what happened, in order. Each test runs in a process
 * of its own; its main thread only. */

#pragma once

#include "ask.h"

#include <h3/route/chain.h>

static GString *trace; /* owned: the test */

static inline void
note (const char *text)
{
    g_string_append (trace, text);
}

static inline void
begin_trace (void)
{
    trace = g_string_new (NULL);
}

static inline void
end_trace (void)
{
    g_string_free (trace, TRUE);
}

#define assert_trace(text) ck_assert_str_eq (trace->str, text)

/* Notes its letter before, and in capitals behind, what follows. */
static inline void
wrap (H3Event *event, gpointer user_data)
{
    g_autofree char *capital = g_ascii_strup (user_data, -1);

    note (user_data);
    h3_event_next (event);
    note (capital);
}

static inline H3Middleware *
wrapper (const char *letter)
{
    return h3_middleware_new (wrap, (gpointer) letter, NULL);
}

static inline void
say_h (H3Event *event, gpointer user_data)
{
    note ("h");
    h3_event_send_text (event, "h");
}

static inline gboolean
answer_late (gpointer data)
{
    h3_event_set_status (data, 202);
    h3_event_send_text (data, "late");
    return G_SOURCE_REMOVE;
}

/* Answers 202, a moment later. */
static inline void
slow (H3Event *event, gpointer user_data)
{
    GSource *source = g_timeout_source_new (1);

    g_source_set_callback (source, answer_late, h3_event_defer (event),
                           (GDestroyNotify) h3_event_unref);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_source_unref (source);
}

static inline void
add_traced (Suite *suite, const char *name, const TTest *const *tests)
{
    TCase *tcase = tcase_create (name);

    tcase_add_checked_fixture (tcase, begin_trace, end_trace);
    for (; *tests != NULL; tests++)
        tcase_add_test (tcase, *tests);
    suite_add_tcase (suite, tcase);
}
