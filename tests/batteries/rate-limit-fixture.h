/* SPDX-License-Identifier: MIT
 *
 * What the tests of rate limits share: an app on a driven clock, in front of which a limit stands,
 * and clients at any address. Main thread. */

#pragma once

#include "tests/app/ask.h"

#include "h3/batteries/rate-limit.h"
#include "h3/loop/clock.h"

#define MINUTE 60000

static H3App *app;         /* ref */
static H3RateLimit *limit; /* ref */

static inline H3RateLimit *
make (const char *name, gint64 most, gint64 seconds)
{
    g_autoptr (GError) error = NULL;
    H3RateLimit *made = h3_rate_limit_new (name, most, seconds, &error);

    ck_assert_msg (made != NULL, "%s", error != NULL ? error->message : "no error");
    return made;
}

/* At the beginning of a window of a minute by the clock. */
static inline void
set_up (void)
{
    clock_take_control ();
    clock_drive (MINUTE - clock_get_real () % MINUTE);
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    ck_assert (h3_app_trust_proxy (app, "127.0.0.1", NULL));
    limit = make ("few", 3, 60);
}

static inline void
tear_down (void)
{
    g_clear_object (&app);
    g_clear_pointer (&limit, h3_rate_limit_unref);
}

/* What is asked from now on is limited so. */
static inline void
use (void)
{
    h3_app_use (app, "/", h3_rate_limit_to_middleware (limit));
    h3_app_get (app, "/", say, (gpointer) "hello");
    h3_app_get (app, "/other", say, (gpointer) "hello");
}

/* (transfer full) */
static inline H3Injected *
come_from (const char *address)
{
    return ask_field (app, "/", "X-Forwarded-For", address);
}

static inline void
assert_passes_from (const char *address, guint n)
{
    for (guint i = 0; i < n; i++)
        assert_status (come_from (address), 200);
}

/* So many pass and no more. */
static inline void
assert_room_for (const char *address, guint n)
{
    assert_passes_from (address, n);
    assert_status (come_from (address), 429);
}

static inline void
assert_field (H3Injected *answer, const char *name, const char *value)
{
    const char *found = h3_injected_get_header (answer, name);

    ck_assert_msg (g_strcmp0 (found, value) == 0, "%s: %s, not %s", name,
                   found != NULL ? found : "none", value != NULL ? value : "none");
}
