/* SPDX-License-Identifier: MIT
 *
 * Sessions and tokens where the system has no random bytes, from the n-th time on that they are
 * asked for: there is no answer but 500, no cookie, and nothing is kept under an id that could be
 * guessed. */

#include "fault.h"

#include "tests/support/suite.h"

#include "h3/app/inject.h"
#include "h3/batteries/csrf.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/http/answer.h"

#include <errno.h>

static H3App *app;
static guint first; /* the call that fails, and all behind it */

static void
fail_from_now_on (void)
{
    fault_arm (FAULT_GETRANDOM, ENOSYS, first, 0);
    fault_arm_second (FAULT_OPEN, ENOENT, 1, 0);
}

static void
write_value (H3Event *event, gpointer user_data)
{
    fail_from_now_on ();
    ck_assert (h3_session_set_string (h3_event_get_session (event), "user", "zoe", NULL));
    h3_event_send_text (event, "written");
}

static void
log_in (H3Event *event, gpointer user_data)
{
    fail_from_now_on ();
    ck_assert (h3_session_regenerate (h3_event_get_session (event), NULL));
    h3_event_send_text (event, "in");
}

static void
give_token (H3Event *event, gpointer user_data)
{
    GError *error = NULL;
    const char *token;

    fail_from_now_on ();
    token = h3_event_get_csrf_token (event, &error);
    if (token != NULL)
        h3_event_send_text (event, token);
    else
        h3_event_fail (event, error);
}

static void
set_up (void)
{
    g_autoptr (H3Sealer) sealer = h3_sealer_new ();
    H3SessionsOptions options;

    ck_assert (h3_sealer_generate_key (sealer, NULL));
    h3_sessions_options_init (&options);
    options.sealer = sealer;
    app = h3_app_new_with_preset (H3_PRESET_TESTING);
    h3_app_use (app, "/kept", h3_sessions_new (NULL));
    h3_app_use (app, "/kept", h3_csrf_new (NULL));
    h3_app_use (app, "/sealed", h3_sessions_new_full (&options, NULL));
    h3_app_use (app, "/sealed", h3_csrf_new (NULL));
    h3_app_get (app, "/:kind/write", write_value, NULL);
    h3_app_get (app, "/:kind/login", log_in, NULL);
    h3_app_get (app, "/:kind/token", give_token, NULL);
}

static void
tear_down (void)
{
    g_object_unref (app);
}

/* How many calls it takes until the answer is a good one. */
static guint
count_failures (const char *target)
{
    for (first = 1;; first++) {
        g_autoptr (H3Injected) answer = h3_app_inject (app, "GET", target, NULL, NULL, NULL);
        guint status;

        (void) fault_disarm ();
        ck_assert_ptr_nonnull (answer);
        status = h3_injected_get_status (answer);
        if (status == 200) {
            ck_assert_ptr_nonnull (h3_injected_get_header (answer, "Set-Cookie"));
            return first - 1;
        }
        ck_assert_msg (status == 500, "%u to %s, call %u", status, target, first);
        ck_assert_ptr_null (h3_injected_get_header (answer, "Set-Cookie"));
    }
}

/* The id, or what seals, and what others may be bound to; the token beside. */
START_TEST (without_random_bytes_there_is_no_answer)
{
    static const char *const kinds[] = { "/kept", "/sealed" };

    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        g_autofree char *written = g_strconcat (kinds[i], "/write", NULL);
        g_autofree char *in = g_strconcat (kinds[i], "/login", NULL);
        g_autofree char *token = g_strconcat (kinds[i], "/token", NULL);

        ck_assert_uint_eq (count_failures (written), 2);
        ck_assert_uint_eq (count_failures (in), 2);
        ck_assert_uint_eq (count_failures (token), 3);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("session");

    tcase_add_checked_fixture (tcase, set_up, tear_down);
    suite_add_tcase (suite, tcase);
    tcase_add_test (tcase, without_random_bytes_there_is_no_answer);
}

int
main (void)
{
    return suite_run ("fault/session", add_cases);
}
