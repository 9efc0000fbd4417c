/* SPDX-License-Identifier: MIT
 *
 * Routes that a client can ask so often and no more. */

#include "demo.h"

#include "demo-number.h"
#include "demo-route.h"

#define MAX_LIMIT  1000000
#define MAX_WINDOW 86400

/* Whoever asks names its own limits: all are counted in one store, which has a bound. */
#define MAX_CLIENTS     100000
#define MAX_STORE_BYTES (32 << 20)

static const char *const presets[] = {
    "login", "register", "password_reset", "auth", "api", "email"
};

static const char *const algorithms[] = {
    [H3_RATE_LIMIT_FIXED_WINDOW] = "fixed-window",
    [H3_RATE_LIMIT_SLIDING_WINDOW] = "sliding-window",
    [H3_RATE_LIMIT_TOKEN_BUCKET] = "token-bucket",
};

/* What the routes count with. */
typedef struct {
    H3RateLimit *presets[G_N_ELEMENTS (presets)]; /* refs */
    H3Store *store;                               /* ref: of custom limits */
} Limited;

static void
free_limited (gpointer data)
{
    Limited *limited = data;

    for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
        h3_rate_limit_unref (limited->presets[i]);
    g_object_unref (limited->store);
    g_free (limited);
}

static void
limit_by_preset (H3Event *event, gpointer user_data)
{
    const Limited *limited = user_data;
    const char *name = h3_event_get_param (event, "preset");

    for (guint i = 0; i < G_N_ELEMENTS (presets); i++) {
        if (g_strcmp0 (name, presets[i]) == 0) {
            h3_rate_limit_apply (limited->presets[i], event);
            return;
        }
    }
    h3_event_fail_status (event, 404, "There is no such preset.");
}

/* FALSE, with the event answered 400, where there is no such algorithm. */
static gboolean
read_algorithm (H3Event *event, H3RateLimitAlgorithm *out_algorithm)
{
    g_autofree char *name = g_strdup (demo_get_query (event, "algorithm"));

    if (name != NULL)
        (void) g_strdelimit (name, "_", '-');
    for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++) {
        if (name == NULL || strcmp (name, algorithms[i]) == 0) {
            *out_algorithm = (H3RateLimitAlgorithm) i;
            return TRUE;
        }
    }
    h3_event_fail_status (event, 400, "algorithm is fixed-window, sliding-window or token-bucket");
    return FALSE;
}

static void
limit_as_asked (H3Event *event, gpointer user_data)
{
    static const DemoNumber limit_field = { "limit", 10, 1, MAX_LIMIT };
    static const DemoNumber window_field = { "window", 60, 1, MAX_WINDOW };
    const Limited *limited = user_data;
    g_autoptr (H3RateLimit) limit = NULL;
    g_autofree char *name = NULL;
    H3RateLimitAlgorithm algorithm;
    gint64 most, seconds;

    if (!demo_read_integer (event, &limit_field, &most)
        || !demo_read_integer (event, &window_field, &seconds)
        || !read_algorithm (event, &algorithm))
        return;
    name = g_strdup_printf ("custom.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%s", most, seconds,
                            algorithms[algorithm]);
    limit = h3_rate_limit_new (name, most, seconds, NULL);
    h3_rate_limit_set_algorithm (limit, algorithm);
    h3_rate_limit_set_store (limit, limited->store);
    h3_rate_limit_apply (limit, event);
}

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_json_text (event, "{\"limited\":false}");
}

static Limited *
new_limited (void)
{
    Limited *limited = g_new0 (Limited, 1);
    H3Store *store = demo_get_store ();

    for (guint i = 0; i < G_N_ELEMENTS (presets); i++) {
        limited->presets[i] = h3_rate_limit_new_preset (presets[i], NULL);
        h3_rate_limit_set_store (limited->presets[i], store);
    }
    limited->store =
        store != NULL ? g_object_ref (store) : h3_memory_store_new (MAX_CLIENTS, MAX_STORE_BYTES);
    return limited;
}

static void
add_limited (H3App *app, const char *pattern, H3Handler choose, Limited *limited,
             GDestroyNotify destroy, const char *what)
{
    H3Middleware *middleware = h3_middleware_new (choose, limited, destroy);

    h3_middleware_set_early (middleware, TRUE);
    h3_app_use_for (app, demo_add (app, "GET", pattern, answer, NULL, what), middleware);
}

void
demo_add_limited (H3App *app)
{
    Limited *limited = new_limited ();

    add_limited (app, "/limited/custom", limit_as_asked, limited, NULL,
                 "So often: ?limit=10&window=60 (seconds) &algorithm=fixed-window, sliding-window "
                 "or token-bucket; then 429");
    add_limited (
        app, "/limited/:preset", limit_by_preset, limited, free_limited,
        "As often as login, register, password_reset, auth, api or email may be; then 429");
}
