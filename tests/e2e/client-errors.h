/* SPDX-License-Identifier: MIT
 *
 * What the tests of a client's errors share: servers that play a script, and what is to be said of
 * them. Included by one source each; main thread. */

#pragma once

#include "tests/support/fetch-ways.h"
#include "tests/support/scripted-server.h"
#include "tests/support/suite.h"

#include "h3/h3.h"

#include <string.h>

/* Shorter in tables. */
#define CLOSED             H3_CLIENT_ERROR_CLOSED
#define PROTOCOL           H3_CLIENT_ERROR_PROTOCOL
#define TOO_LARGE          H3_CLIENT_ERROR_TOO_LARGE
#define ENCODING           H3_CLIENT_ERROR_ENCODING
#define INVALID_URL        H3_CLIENT_ERROR_INVALID_URL
#define TOO_MANY_REDIRECTS H3_CLIENT_ERROR_TOO_MANY_REDIRECTS

#define SCRIPT_OF(...)                                                                             \
    (const ScriptStep[])                                                                           \
    {                                                                                              \
        __VA_ARGS__, SCRIPT_CLOSE                                                                  \
    }
/* Answers one request so. */
#define SAYS(literal) SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (literal))

typedef struct {
    const char *name;
    H3ClientError code;
    const ScriptStep *script;
} ErrorCase;

/* Adds a test that runs once for each way to fetch. */
static inline void
add_for_each_way (Suite *suite, const TTest *test)
{
    TCase *tcase = tcase_create (test->name);

    tcase_add_loop_test (tcase, test, 0, N_FETCH_WAYS);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

/* The same of those that a cancellable can be given to: an exchange has its own. */
static inline void
add_for_ways_with_a_cancellable (Suite *suite, const TTest *test)
{
    TCase *tcase = tcase_create (test->name);

    tcase_add_loop_test (tcase, test, 0, FETCH_IN_HANDLER);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

/* The error has this code and says, where it is known, at which address; what only the two ends
 * may know is not in it. */
static inline void
expect_error (const GError *error, H3ClientError code, const char *address, const char *name)
{
    ck_assert_msg (error != NULL, "%s: no error", name);
    if (error->domain != H3_CLIENT_ERROR || error->code != (int) code)
        ck_abort_msg ("%s: %s %d, not %u: %s", name, g_quark_to_string (error->domain), error->code,
                      code, error->message);
    if (address != NULL && strstr (error->message, address) == NULL)
        ck_abort_msg ("%s: does not say %s: %s", name, address, error->message);
    if (strstr (error->message, "secret") != NULL)
        ck_abort_msg ("%s: tells secrets: %s", name, error->message);
}

/* `server` fails a GET of a URL with secrets in it. */
static inline void
expect_failed (FetchWays *ways, ScriptedServer *server, H3ClientError code, const char *name)
{
    g_autoptr (GError) error = NULL;
    const char *address = strstr (server->url, "://") + strlen ("://");
    g_autofree char *url = g_strdup_printf ("%.*suser:secret@%s/secret?secret=1#secret",
                                            (int) (address - server->url), server->url, address);

    if (fetch_ways_get (ways, url, &error) != NULL)
        ck_abort_msg ("%s: was answered", name);
    expect_error (error, code, address, name);
}

/* The same script, each byte sent on its own. */
static inline ScriptStep *
dup_split (const ScriptStep *script)
{
    GArray *steps = g_array_new (FALSE, FALSE, sizeof (ScriptStep));

    do {
        ScriptStep step = *script;

        if (step.kind == STEP_SEND && step.n == 1)
            step.kind = STEP_SEND_SPLIT;
        g_array_append_val (steps, step);
    } while (script++->kind != STEP_CLOSE);
    return (ScriptStep *) (gpointer) g_array_free (steps, FALSE);
}

/* Each is met once, and the connection is not kept. */
static inline void
error_cases_run (FetchWays *ways, const ErrorCase *cases, guint n)
{
    for (guint i = 0; i < 2 * n; i++) {
        const ErrorCase *one = &cases[i / 2];
        g_autofree ScriptStep *split = dup_split (one->script);
        ScriptedServer server;

        scripted_server_start (&server, NULL, i % 2 == 0 ? one->script : split);
        expect_failed (ways, &server, one->code, one->name);
        scripted_server_wait_ended (&server, 1);
        ck_assert_msg (scripted_server_count_connections (&server) == 1, "%s: tried again",
                       one->name);
        scripted_server_clear (&server);
    }
}

/* (transfer full): 10 MiB of zeros, as gzip. */
static inline GBytes *
error_cases_make_bomb (void)
{
    gsize length = 10 * 1024 * 1024, read, written;
    g_autofree char *zeros = g_malloc0 (length);
    g_autofree char *packed = g_malloc (length);
    g_autoptr (GZlibCompressor) coder = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);

    ck_assert_int_eq (g_converter_convert (G_CONVERTER (coder), zeros, length, packed, length,
                                           G_CONVERTER_INPUT_AT_END, &read, &written, NULL),
                      G_CONVERTER_FINISHED);
    return g_bytes_new (packed, written);
}
