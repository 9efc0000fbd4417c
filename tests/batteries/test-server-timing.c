/* SPDX-License-Identifier: MIT */

#include "tests/app/ask.h"

#include <h3/batteries/server-timing.h>
#include <h3/http/timing.h>

static void
time_something (H3Event *event, gpointer user_data)
{
    h3_event_add_timing (event, "db", 2.5, NULL);
    say (event, user_data);
}

static void
answer_deferred (gpointer data, GCancellable *cancellable)
{
}

static void
answer_later (H3Event *event, gpointer data)
{
    h3_event_send_text (event, "later");
}

static void
defer (H3Event *event, gpointer user_data)
{
    h3_event_offload (event, answer_deferred, answer_later, NULL, NULL);
}

static void
assert_told (H3App *app, const char *target, guint status, const char *before)
{
    g_autoptr (H3Injected) answer = ask (app, "GET", target);
    const char *told = h3_injected_get_header (answer, "Server-Timing");
    char *end;

    ck_assert_uint_eq (h3_injected_get_status (answer), status);
    ck_assert_msg (told != NULL && g_str_has_prefix (told, before), "%s",
                   told != NULL ? told : "nothing");
    (void) g_ascii_strtod (told + strlen (before), &end);
    ck_assert (end > told + strlen (before) && *end == '\0');
}

START_TEST (the_total_is_told_last_of_every_answer)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_timing_new (NULL));
    h3_app_get (app, "/now", time_something, (gpointer) "now");
    h3_app_get (app, "/later", defer, NULL);
    assert_told (app, "/now", 200, "db;dur=2.5, total;dur=");
    assert_told (app, "/later", 200, "total;dur=");
    assert_told (app, "/none", 404, "total;dur=");
}
END_TEST

START_TEST (the_total_has_the_name_it_is_given)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);

    h3_app_use (app, "/", h3_timing_new ("app"));
    h3_app_get (app, "/now", time_something, (gpointer) "now");
    assert_told (app, "/now", 200, "db;dur=2.5, app;dur=");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "total", the_total_is_told_last_of_every_answer,
                    the_total_has_the_name_it_is_given, NULL);
}

int
main (void)
{
    return suite_run ("batteries/server-timing", add_tests);
}
