/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_ORDERS    2
#define N_KNOWN_FDS 65536

/* One word, so that it is given at once; all atomics are relaxed, so that they order nothing that
 * ThreadSanitizer should have seen unordered. */
typedef union {
    uint64_t word; /* 0: none */
    struct {
        uint8_t call; /* counted from 1 */
        int8_t special;
        uint16_t error_number;
        uint16_t first;
        uint16_t times;
    } part;
} Order;

static _Atomic uint64_t orders[N_ORDERS];
static atomic_uint counts[N_FAULT_CALLS];
static atomic_uint n_met;
static atomic_bool is_verbose;
static __thread bool is_spared;

enum { FD_UNKNOWN, FD_ACCEPTED, FD_EVENTFD };
static atomic_uchar kinds[N_KNOWN_FDS];
static atomic_int send_buffer;
static pthread_mutex_t accepted_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t accepted_changed = PTHREAD_COND_INITIALIZER;
static unsigned n_accepted; /* under the lock */

#define FAULT_CALL_NAME(id, name) name,
static const char *const call_names[] = { FAULT_CALLS (FAULT_CALL_NAME) };
#undef FAULT_CALL_NAME

const char *
fault_get_name (FaultCall call)
{
    return call_names[call];
}

const char *
fault_get_error_name (int error_number)
{
    const char *name;

    if (error_number == FAULT_SHORT)
        return "SHORT";
    if (error_number == FAULT_END)
        return "END";
    name = strerrorname_np (error_number);
    return name != NULL ? name : "?";
}

static void
give_order (unsigned place, FaultCall call, int error_number, unsigned first, unsigned times)
{
    Order order = { 0 };

    order.part.call = (uint8_t) (call + 1);
    order.part.special = (int8_t) (error_number < 0 ? error_number : 0);
    order.part.error_number = (uint16_t) (error_number < 0 ? 0 : error_number);
    order.part.first = (uint16_t) first;
    order.part.times = (uint16_t) times;
    atomic_store_explicit (&orders[place], order.word, memory_order_relaxed);
}

void
fault_arm (FaultCall call, int error_number, unsigned first, unsigned times)
{
    (void) fault_disarm ();
    for (unsigned i = 0; i < N_FAULT_CALLS; i++)
        atomic_store_explicit (&counts[i], 0, memory_order_relaxed);
    give_order (0, call, error_number, first, times);
}

void
fault_arm_second (FaultCall call, int error_number, unsigned first, unsigned times)
{
    give_order (1, call, error_number, first, times);
}

unsigned
fault_disarm (void)
{
    for (unsigned i = 0; i < N_ORDERS; i++)
        atomic_store_explicit (&orders[i], 0, memory_order_relaxed);
    return atomic_exchange_explicit (&n_met, 0, memory_order_relaxed);
}

unsigned
fault_count (FaultCall call)
{
    return atomic_load_explicit (&counts[call], memory_order_relaxed);
}

void
fault_spare_thread (bool spared)
{
    is_spared = spared;
}

void
fault_set_verbose (void)
{
    atomic_store_explicit (&is_verbose, true, memory_order_relaxed);
}

static void
tell (FaultCall call, unsigned number, int error_number)
{
    char text[96];
    int length = snprintf (text, sizeof text, "fault: %s %u: %s\n", call_names[call], number,
                           fault_get_error_name (error_number));

    /* stdio's own write () is not one of those that fail here. */
    if (fwrite (text, 1, (size_t) length, stderr) == (size_t) length)
        (void) fflush (stderr);
}

bool
fault_meets (FaultCall call, int *out_error)
{
    unsigned number;

    if (is_spared)
        return false;
    number = atomic_fetch_add_explicit (&counts[call], 1, memory_order_relaxed) + 1;
    for (unsigned i = 0; i < N_ORDERS; i++) {
        Order order = { .word = atomic_load_explicit (&orders[i], memory_order_relaxed) };
        unsigned first = order.part.first;

        if (order.part.call != call + 1 || number < first
            || (order.part.times > 0 && number >= first + order.part.times))
            continue;
        *out_error = order.part.special < 0 ? order.part.special : order.part.error_number;
        if (i == 0)
            atomic_fetch_add_explicit (&n_met, 1, memory_order_relaxed);
        if (atomic_load_explicit (&is_verbose, memory_order_relaxed))
            tell (call, number, *out_error);
        return true;
    }
    return false;
}

static bool
find_call (const char *name, size_t length, FaultCall *out_call)
{
    for (unsigned i = 0; i < N_FAULT_CALLS; i++) {
        if (strlen (call_names[i]) == length && strncmp (call_names[i], name, length) == 0) {
            *out_call = (FaultCall) i;
            return true;
        }
    }
    return false;
}

static bool
find_error (const char *name, int *out_error)
{
    for (int i = FAULT_END; i < 256; i++) {
        const char *known = i == 0 ? NULL : fault_get_error_name (i);

        if (known != NULL && strcmp (known, name) == 0) {
            *out_error = i;
            return true;
        }
    }
    return false;
}

bool
fault_arm_text (const char *text)
{
    const char *colon = strchr (text, ':');
    unsigned long first;
    FaultCall call;
    char *end;
    int error_number;

    if (colon == NULL || !find_call (text, (size_t) (colon - text), &call))
        return false;
    first = strtoul (colon + 1, &end, 10);
    if (end == colon + 1 || first == 0 || first > UINT16_MAX)
        return false;
    if (end[0] == '+' ? end[1] != ':' : end[0] != ':')
        return false;
    if (!find_error (strchr (end, ':') + 1, &error_number))
        return false;
    fault_arm (call, error_number, (unsigned) first, end[0] == '+' ? 0 : 1);
    return true;
}

static void
set_kind (int fd, unsigned char kind)
{
    if (fd >= 0 && fd < N_KNOWN_FDS)
        atomic_store_explicit (&kinds[fd], kind, memory_order_relaxed);
}

static unsigned char
get_kind (int fd)
{
    if (fd < 0 || fd >= N_KNOWN_FDS)
        return FD_UNKNOWN;
    return atomic_load_explicit (&kinds[fd], memory_order_relaxed);
}

void
fault_note_eventfd (int fd)
{
    set_kind (fd, FD_EVENTFD);
}

bool
fault_is_eventfd (int fd)
{
    return get_kind (fd) == FD_EVENTFD;
}

void
fault_note_accepted (int fd)
{
    set_kind (fd, FD_ACCEPTED);
    pthread_mutex_lock (&accepted_lock);
    n_accepted++;
    pthread_mutex_unlock (&accepted_lock);
}

bool
fault_forget (int fd)
{
    bool was_accepted = get_kind (fd) == FD_ACCEPTED;

    set_kind (fd, FD_UNKNOWN);
    return was_accepted;
}

void
fault_tell_closed (void)
{
    pthread_mutex_lock (&accepted_lock);
    n_accepted--;
    pthread_cond_broadcast (&accepted_changed);
    pthread_mutex_unlock (&accepted_lock);
}

bool
fault_wait_closed (unsigned milliseconds)
{
    struct timespec until;
    int result = 0;

    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long) (milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock (&accepted_lock);
    while (n_accepted > 0 && result == 0)
        result = pthread_cond_timedwait (&accepted_changed, &accepted_lock, &until);
    pthread_mutex_unlock (&accepted_lock);
    return result == 0;
}

void
fault_set_send_buffer (int size)
{
    atomic_store_explicit (&send_buffer, size, memory_order_relaxed);
}

int
fault_get_send_buffer (void)
{
    return atomic_load_explicit (&send_buffer, memory_order_relaxed);
}
