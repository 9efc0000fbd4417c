/* SPDX-License-Identifier: MIT
 *
 * What small things cost, in ns of processor time, the best of seven rounds: an event out of its
 * pool and back, a table of header fields, a head that is looked at and read, a counter; a limit;
 * what a memory store is asked, and with a URL as argument how long another store's answer takes.
 */

#include "h3/base/counters.h"
#include "h3/batteries/rate-limit-private.h"
#include "h3/http/event-carried.h"
#include "h3/http/event-pool.h"
#include "h3/http/headers.h"
#include "h3/loop/loop.h"
#include "h3/store/memory-store.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"

#include <time.h>

#define N_ROUNDS 7
#define N        100000

static const char bare[] = "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
static const char browser[] =
    "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;"
    "q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=0123456789abcdef; theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Cache-Control: max-age=0\r\n\r\n";

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
show (const char *what, void (*run) (guint n, gpointer data), gpointer data)
{
    double best = G_MAXDOUBLE;

    for (guint round = 0; round < N_ROUNDS; round++) {
        gint64 start = now_in_ns ();

        run (N, data);
        best = MIN (best, (double) (now_in_ns () - start) / N);
    }
    g_print ("%-48s %7.1f ns\n", what, best);
}

/* As a connection does it, with something in the arena to be taken back. */
static void
run_event (guint n, gpointer data)
{
    EventPool *pool = data;

    for (guint i = 0; i < n; i++) {
        H3Event *event = event_pool_acquire (pool);

        (void) h3_arena_alloc (event->arena, 64);
        event_reset (event);
        event_pool_release (pool, event);
    }
}

static void
run_headers (guint n, gpointer data)
{
    H3Headers *headers = data;

    for (guint i = 0; i < n; i++) {
        h3_headers_set (headers, "Content-Type", "text/plain");
        if (h3_headers_get (headers, "content-type") == NULL)
            g_error ("a field that was set is not there");
        h3_headers_clear (headers);
    }
}

static void
run_head (guint n, gpointer data)
{
    const char *head = data;
    gsize length = strlen (head);
    g_autofree char *copy = g_malloc (length);
    H3Limits limits;
    g_autofree HeadField *fields = NULL;
    H3Arena *arena = h3_arena_new ();
    EventPool *pool = event_pool_new (1);
    H3Event *event = event_pool_acquire (pool);
    Http1Reader *reader;

    h3_limits_init (&limits);
    fields = g_new (HeadField, limits.fields);
    reader = http1_reader_new (&limits);
    for (guint i = 0; i < n; i++) {
        Http1Lint lint;

        /* Reading ends texts where they stand. */
        memcpy (copy, head, length);
        http1_lint_init (&lint, fields, (guint16) limits.fields);
        if (http1_lint_step (&lint, &limits, copy, length) != LINT_WHOLE
            || http1_reader_read (reader, copy, &lint.index, arena, &event->request) != 0)
            g_error ("a head was refused");
        request_clear (&event->request);
        h3_arena_reset (arena);
    }
    http1_reader_free (reader);
    event_reset (event);
    event_pool_release (pool, event);
    event_pool_free (pool);
    h3_arena_free (arena);
}

static void
run_counter (guint n, gpointer data)
{
    for (guint i = 0; i < n; i++)
        counters_add (COUNTER_REQUESTS, 1);
}

static guint n_verdicts;

static void
note_verdict (H3RateLimit *limit, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
              gpointer user_data)
{
    n_verdicts++;
}

/* Of 10,000 clients, as many at once as a busy worker has in a turn. */
static void
run_limit (guint n, gpointer data)
{
    Loop *loop = loop_get_current ();
    H3RateLimit *limit = data;

    n_verdicts = 0;
    for (guint i = 0; i < n; i++) {
        char key[RATE_LIMIT_KEY_ROOM];

        g_snprintf (key, sizeof key, "limit:bench:%u:a%08x", limit->algorithm, i % 10000);
        rate_limit_ask (limit, key, 1, note_verdict, NULL);
        while (i % 32 == 31 && n_verdicts <= i)
            (void) loop_step (loop, FALSE);
    }
}

/* With the memory of this process, or the store of H3_BENCH_STORE. */
static void
show_limits (void)
{
    static const char *const names[] = { "limit: fixed window", "limit: sliding window",
                                         "limit: token bucket" };
    const char *url = g_getenv ("H3_BENCH_STORE");
    H3Store *store = h3_store_new_from_url (url != NULL ? url : "memory:", NULL);
    Loop *loop = loop_new (NULL);

    if (store == NULL || loop == NULL)
        g_error ("there is no store, or no loop");
    loop_enter (loop);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        H3RateLimit *limit = h3_rate_limit_new ("bench", H3_RATE_LIMIT_MAX, 60, NULL);

        h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) i);
        h3_rate_limit_set_store (limit, store);
        show (names[i], run_limit, limit);
        h3_rate_limit_unref (limit);
    }
    g_object_unref (store);
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
}

/* A store that is asked, and answers at the end of the loop's turn. */
typedef struct {
    Loop *loop;
    H3Store *store;
    GBytes *value;
    guint n_answered;
} Asking;

#define N_KEYS       1024
#define ASKED_A_TURN 64

static void
count_answer (H3Store *store, const H3StoreAnswer *answer, gpointer data)
{
    if (answer->outcome == H3_STORE_FAILED)
        g_error ("%s", answer->error->message);
    ((Asking *) data)->n_answered++;
}

static void
ask_put (Asking *asking, const char *key)
{
    h3_store_put (asking->store, key, asking->value, 3600000, count_answer, asking);
}

static void
ask_get (Asking *asking, const char *key)
{
    h3_store_get (asking->store, key, count_answer, asking);
}

static void
ask_add (Asking *asking, const char *key)
{
    h3_store_add (asking->store, key, 1, H3_STORE_MAX_NUMBER, 3600000, count_answer, asking);
}

static void
ask_fill (Asking *asking, const char *key)
{
    h3_store_fill (asking->store, key, 1, 1000000, 60000, count_answer, asking);
}

/* So many questions wait at once, of as many keys in turn. */
static void
ask_all (Asking *asking, guint n, const char *prefix, void (*ask) (Asking *, const char *))
{
    for (guint i = 0; i < n;) {
        guint until = MIN (i + ASKED_A_TURN, n);

        asking->n_answered = 0;
        for (guint first = i; i < until; i++) {
            char key[64];

            g_snprintf (key, sizeof key, "%s:0123456789abcdef0123456789abcdef:%u", prefix,
                        i % N_KEYS);
            ask (asking, key);
            if (i + 1 == until) {
                while (asking->n_answered < until - first)
                    loop_step (asking->loop, TRUE);
            }
        }
    }
}

static void
run_store_put (guint n, gpointer data)
{
    ask_all (data, n, "session", ask_put);
}

static void
run_store_get (guint n, gpointer data)
{
    ask_all (data, n, "session", ask_get);
}

static void
run_store_add (guint n, gpointer data)
{
    ask_all (data, n, "limit", ask_add);
}

static void
run_store_fill (guint n, gpointer data)
{
    ask_all (data, n, "bucket", ask_fill);
}

static void
ask_nothing (Asking *asking, const char *key)
{
    asking->n_answered++;
}

/* What asking costs of itself: the key's text, the turns. */
static void
run_no_store (guint n, gpointer data)
{
    ask_all (data, n, "session", ask_nothing);
}

static void
show_memory_store (void)
{
    Asking asking = { 0 };

    asking.loop = loop_new (NULL);
    asking.store = h3_memory_store_new (100000, 64 << 20);
    asking.value = g_bytes_new_static ("sixty-four bytes, which is about what a session's data "
                                       "has here.",
                                       64);
    loop_enter (asking.loop);
    show ("memory store: the bench's own part", run_no_store, &asking);
    show ("memory store: put, 64 bytes", run_store_put, &asking);
    show ("memory store: get", run_store_get, &asking);
    show ("memory store: add", run_store_add, &asking);
    show ("memory store: fill", run_store_fill, &asking);
    g_object_unref (asking.store);
    g_bytes_unref (asking.value);
    loop_close (asking.loop);
    loop_leave (asking.loop);
    loop_unref (asking.loop);
}

/* On the clock, since most of it is waiting: questions one after the other, and many at once. */
static void
time_store (Asking *asking, const char *what, guint n, guint at_once,
            void (*ask) (Asking *, const char *))
{
    gint64 start = g_get_monotonic_time ();

    for (guint i = 0; i < n; i += at_once) {
        asking->n_answered = 0;
        for (guint j = 0; j < at_once; j++) {
            char key[64];

            g_snprintf (key, sizeof key, "%s:%u", what, (i + j) % N_KEYS);
            ask (asking, key);
        }
        while (asking->n_answered < at_once)
            loop_step (asking->loop, TRUE);
    }
    g_print ("store: %-10s %3u at once %20.1f us\n", what, at_once,
             (double) (g_get_monotonic_time () - start) / n);
}

static void
show_store (const char *url)
{
    g_autoptr (GError) error = NULL;
    Asking asking = { 0 };

    asking.loop = loop_new (NULL);
    asking.store = h3_store_new_from_url (url, &error);
    asking.value = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
    if (asking.store == NULL)
        g_error ("%s", error->message);
    loop_enter (asking.loop);
    for (guint at_once = 1; at_once <= 64; at_once *= 64) {
        time_store (&asking, "put", 12800, at_once, ask_put);
        time_store (&asking, "get", 12800, at_once, ask_get);
        time_store (&asking, "add", 12800, at_once, ask_add);
        time_store (&asking, "fill", 12800, at_once, ask_fill);
    }
    g_object_unref (asking.store);
    g_bytes_unref (asking.value);
    loop_close (asking.loop);
    loop_leave (asking.loop);
    loop_unref (asking.loop);
}

int
main (int argc, char **argv)
{
    EventPool *pool = event_pool_new (16);
    H3Headers *headers = h3_headers_new ();
    gint64 acquired, reused;

    show ("event: acquire, reset, release", run_event, pool);
    acquired = counters_read (COUNTER_EVENTS_ACQUIRED);
    reused = counters_read (COUNTER_EVENTS_REUSED);
    g_print ("%-48s %7.3f %%\n", "events that were there already",
             100.0 * (double) reused / (double) acquired);
    show ("header: set, get, clear", run_headers, headers);
    show ("head of 45 bytes: looked at and read", run_head, (gpointer) bare);
    show ("head with eight browser fields", run_head, (gpointer) browser);
    show ("counter: add", run_counter, NULL);
    show_limits ();
    show_memory_store ();
    if (argc > 1)
        show_store (argv[1]);
    h3_headers_unref (headers);
    event_pool_free (pool);
    return 0;
}
