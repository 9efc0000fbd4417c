/* SPDX-License-Identifier: MIT
 *
 * libcurl, measured: "client-curl URL N IN-FLIGHT" fetches by its multi interface with epoll, as
 * its manual says is quickest with many connections; handles are used again. */

#include "client-measure.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct {
    Measure measure;
    CURLM *multi;
    int epoll;
    long timeout; /* in milliseconds; -1: none */
    int is_over;
} Bench;

static void
check (int is_well, const char *what)
{
    if (is_well)
        return;
    fprintf (stderr, "client-curl: %s\n", what);
    exit (1);
}

static size_t
on_data (char *data, size_t size, size_t n, void *user_data)
{
    (void) data;
    *(size_t *) user_data += size * n;
    return size * n;
}

static int
on_socket (CURL *easy, curl_socket_t fd, int what, void *user_data, void *known)
{
    Bench *bench = user_data;
    struct epoll_event event = { .data.fd = fd };

    (void) easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl (bench->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    epoll_ctl (bench->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign (bench->multi, fd, bench);
    return 0;
}

static int
on_timeout (CURLM *multi, long milliseconds, void *user_data)
{
    (void) multi;
    ((Bench *) user_data)->timeout = milliseconds;
    return 0;
}

static void
begin (Bench *bench, CURL *easy)
{
    size_t *length;

    curl_easy_getinfo (easy, CURLINFO_PRIVATE, &length);
    *length = 0;
    if (measure_begin (&bench->measure))
        check (curl_multi_add_handle (bench->multi, easy) == CURLM_OK, "no handle more");
}

static void
take_ended (Bench *bench)
{
    const CURLMsg *message;
    int left;

    while (!bench->is_over && (message = curl_multi_info_read (bench->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        size_t *length;
        long status = 0;

        check (message->msg == CURLMSG_DONE && message->data.result == CURLE_OK,
               curl_easy_strerror (message->data.result));
        curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo (easy, CURLINFO_PRIVATE, &length);
        bench->is_over = measure_end (&bench->measure, status, *length);
        curl_multi_remove_handle (bench->multi, easy);
        begin (bench, easy);
    }
}

static void
run (Bench *bench)
{
    struct epoll_event events[64];
    int running;

    while (!bench->is_over) {
        int n =
            bench->timeout == 0 ? 0 : epoll_wait (bench->epoll, events, 64, (int) bench->timeout);

        if (n == 0) {
            bench->timeout = -1;
            curl_multi_socket_action (bench->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        for (int i = 0; i < n; i++) {
            int flags = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0)
                        | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0);

            curl_multi_socket_action (bench->multi, events[i].data.fd, flags, &running);
        }
        take_ended (bench);
    }
    measure_tell (&bench->measure);
}

int
main (int argc, char **argv)
{
    Bench bench = { .timeout = -1 };
    size_t *lengths;

    measure_init (&bench.measure, argc, argv);
    curl_global_init (CURL_GLOBAL_DEFAULT);
    lengths = calloc ((size_t) bench.measure.in_flight, sizeof *lengths);
    bench.epoll = epoll_create1 (EPOLL_CLOEXEC);
    bench.multi = curl_multi_init ();
    curl_multi_setopt (bench.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt (bench.multi, CURLMOPT_SOCKETDATA, &bench);
    curl_multi_setopt (bench.multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt (bench.multi, CURLMOPT_TIMERDATA, &bench);
    curl_multi_setopt (bench.multi, CURLMOPT_MAXCONNECTS, bench.measure.in_flight);
    for (long i = 0; i < bench.measure.in_flight; i++) {
        CURL *easy = curl_easy_init ();

        curl_easy_setopt (easy, CURLOPT_URL, bench.measure.url);
        curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_data);
        curl_easy_setopt (easy, CURLOPT_WRITEDATA, &lengths[i]);
        curl_easy_setopt (easy, CURLOPT_PRIVATE, &lengths[i]);
        begin (&bench, easy);
    }
    run (&bench);
    return 0;
}
