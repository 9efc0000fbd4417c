/* SPDX-License-Identifier: MIT
 *
 * A request in the steady state allocates nothing and locks nothing: this program puts itself
 * before the allocator and the mutexes, and counts what the worker asks of them. */

#include <h3/app/app.h>
#include <h3/http/answer.h>

#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#define N_WARM    100
#define N_COUNTED 1000

/* Set on the worker by its handler; counted there only. */
static __thread gboolean is_worker;
static atomic_bool armed;
static atomic_uint n_allocations, n_locks;

#ifndef IS_SANITIZED

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);
extern void __libc_free (void *memory);

static void
count (atomic_uint *counter)
{
    if (is_worker && atomic_load_explicit (&armed, memory_order_relaxed))
        atomic_fetch_add_explicit (counter, 1, memory_order_relaxed);
}

void *
malloc (size_t size)
{
    count (&n_allocations);
    return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
    count (&n_allocations);
    return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
    count (&n_allocations);
    return __libc_realloc (memory, size);
}

int
posix_memalign (void **out_memory, size_t alignment, size_t size)
{
    count (&n_allocations);
    *out_memory = __libc_memalign (alignment, size);
    return *out_memory != NULL ? 0 : 12;
}

void *
aligned_alloc (size_t alignment, size_t size)
{
    count (&n_allocations);
    return __libc_memalign (alignment, size);
}

void
free (void *memory)
{
    if (memory != NULL)
        count (&n_allocations);
    __libc_free (memory);
}

int
pthread_mutex_lock (pthread_mutex_t *mutex)
{
    static int (*_Atomic next) (pthread_mutex_t *);
    int (*function) (pthread_mutex_t *) = atomic_load_explicit (&next, memory_order_acquire);

    if (function == NULL) {
        function = (int (*) (pthread_mutex_t *)) dlsym (RTLD_NEXT, "pthread_mutex_lock");
        atomic_store_explicit (&next, function, memory_order_release);
    }
    count (&n_locks);
    return function (mutex);
}

#endif

/* Volatile: the compiler may not leave out what is for nothing. */
static volatile gsize n_bytes = 16;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void
say (H3Event *event, gpointer user_data)
{
    is_worker = TRUE;
    if (user_data != NULL) {
        pthread_mutex_lock (&mutex);
        g_free (g_malloc (n_bytes));
        pthread_mutex_unlock (&mutex);
    }
    h3_event_send_static (event, "text/plain", H3_VIEW ("Hello, World!"));
}

static void
pass_on (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
}

static void
count_answer (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    if (outcome == H3_OUTCOME_SENT)
        ++*(guint *) user_data;
}

static int
connect_to (guint port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16) port) };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    ck_assert_int_ge (fd, 0);
    ck_assert_int_eq (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
    return fd;
}

/* Asks, and reads until the body's last byte. */
static void
ask_once (int fd, const char *request)
{
    char answer[512];
    gsize length = 0;

    ck_assert_int_eq (send (fd, request, strlen (request), MSG_NOSIGNAL), (int) strlen (request));
    do {
        gssize n = recv (fd, answer + length, sizeof answer - 1 - length, 0);

        ck_assert_int_gt (n, 0);
        length += (gsize) n;
        answer[length] = '\0';
    } while (!g_str_has_suffix (answer, "Hello, World!"));
    ck_assert (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
}

static void
count_requests (const char *request)
{
    g_autoptr (H3App) app = h3_app_new_with_preset (H3_PRESET_TESTING);
    guint n_answers = 0;
    int fd;

    h3_app_use (app, "/", h3_middleware_new (pass_on, NULL, NULL));
    h3_app_on_response (app, count_answer, &n_answers, NULL);
    h3_app_get (app, "/plaintext", say, NULL);
    h3_app_get (app, "/users/:id", say, NULL);
    h3_app_get (app, "/allocates", say, (gpointer) "yes");
    ck_assert (h3_app_set_limit (app, "max-requests", 0, NULL));
    ck_assert (h3_app_start (app, NULL));
    fd = connect_to (h3_server_get_port (h3_app_get_server (app)));
    for (guint i = 0; i < N_WARM; i++)
        ask_once (fd, request);
    atomic_store (&armed, TRUE);
    for (guint i = 0; i < N_COUNTED; i++)
        ask_once (fd, request);
    atomic_store (&armed, FALSE);
    (void) close (fd);
    h3_app_stop (app);
    ck_assert (h3_server_wait (h3_app_get_server (app)));
    ck_assert_uint_eq (n_answers, N_WARM + N_COUNTED);
}

static gboolean
can_count (void)
{
#ifdef IS_SANITIZED
    g_print ("SKIP: the sanitizer stands before the allocator itself\n");
    return FALSE;
#else
    const char *preload = g_getenv ("LD_PRELOAD");

    if (preload == NULL || strstr (preload, "vgpreload") == NULL)
        return TRUE;
    g_print ("SKIP: valgrind stands before the allocator itself\n");
    return FALSE;
#endif
}

START_TEST (a_request_allocates_and_locks_nothing)
{
    if (!can_count ())
        return;
    count_requests ("GET /plaintext HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
    ck_assert_uint_eq (n_allocations, 0);
    ck_assert_uint_eq (n_locks, 0);
}
END_TEST

START_TEST (a_request_with_a_parameter_allocates_and_locks_nothing)
{
    if (!can_count ())
        return;
    count_requests ("GET /users/7 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
    ck_assert_uint_eq (n_allocations, 0);
    ck_assert_uint_eq (n_locks, 0);
}
END_TEST

START_TEST (what_a_handler_allocates_and_locks_is_counted)
{
    if (!can_count ())
        return;
    count_requests ("GET /allocates HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ck_assert_uint_eq (n_allocations, 2 * N_COUNTED);
    ck_assert_uint_eq (n_locks, N_COUNTED);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "steady", a_request_allocates_and_locks_nothing,
                    a_request_with_a_parameter_allocates_and_locks_nothing,
                    what_a_handler_allocates_and_locks_is_counted, NULL);
}

int
main (void)
{
    return suite_run ("e2e/no-allocation", add_cases);
}
