/* SPDX-License-Identifier: MIT */

#include "redis-connection.h"

#include "redis-connection-socket.h"
#include "redis-greeting.h"

#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/resolver.h>

#include <errno.h>
#include <stdarg.h>
#include <sys/un.h>

#define RECEIVED_AT_ONCE 16384
#define MAX_RECEIVES     8                  /* in a turn: others want theirs */
#define MAX_BYTES        (64 * 1024 * 1024) /* of commands that wait */
#define FIRST_PAUSE      50                 /* milliseconds, doubled with each failure */
#define LAST_PAUSE       5000
#define WORTHY_LIFE      1000 /* milliseconds: what lived so long is made anew at once */

/*
 *   RESTING ─── redis_connection_ask () ──► LOOKING_UP   where the server is
 *                                             │  on_looked_up (), or at once
 *                                             ▼
 *                                           CONNECTING   to one address after the other
 *                                             │  on_writable ()
 *                                             ▼
 *                                           GREETING     password, database, scripts
 *                                             │  take_greeting ()
 *                                             ▼
 *                                           READY
 *
 *   From each of the middle three fail () leads to PAUSING, and on_state_over () from there to
 *   LOOKING_UP; so does lose () from READY, at once where the connection was good for a while, else
 *   by way of PAUSING.
 */
typedef enum { RESTING, LOOKING_UP, CONNECTING, GREETING, READY, PAUSING } State;

struct _RedisConnection {
    guint references;       /* the owner's, and that of what is deferred */
    Loop *loop;             /* borrowed: outlives it, by its owner */
    const StoreUrl *url;    /* borrowed: the store's */
    atomic_uint *n_failing; /* borrowed: the store's */
    State state;
    RedisCalls calls;
    Alarm calls_alarm; /* when a call is due, or earlier */
    Alarm state_alarm; /* how long the state lasts at most; not RESTING's, nor READY's */
    Offload *offload;  /* owned: for a loop that has none; NULL: not needed */
    Resolver *resolver;
    struct addrinfo *addresses;     /* owned */
    const struct addrinfo *address; /* borrowed: the next to be tried */
    RedisSocket socket;
    RedisReader *reader; /* owned */
    guint n_greetings;   /* replies to it that have still to come */
    guint n_failures;    /* since it was READY */
    gint64 ready_since;
    GError *why; /* owned: how it failed last; NULL: it does not */
    gboolean flush_is_due;
    gboolean has_ended;
};

static void
set_state (RedisConnection *self, State state)
{
    static const char *const names[] = { "resting",  "looking up", "connecting",
                                         "greeting", "ready",      "pausing" };

    g_debug ("redis connection %p: %s", (void *) self, names[state]);
    self->state = state;
}

static void
unref (RedisConnection *self)
{
    if (--self->references > 0)
        return;
    redis_socket_clear (&self->socket);
    redis_reader_free (self->reader);
    offload_free (self->offload);
    g_free (self);
}

static void
set_why (RedisConnection *self, GError *why)
{
    if ((self->why == NULL) != (why == NULL))
        atomic_fetch_add_explicit (self->n_failing, why != NULL ? 1 : G_MAXUINT,
                                   memory_order_relaxed);
    g_clear_error (&self->why);
    self->why = why;
}

/* What belongs to one attempt, and to one connection. */
static void
let_go (RedisConnection *self)
{
    alarms_clear (loop_get_alarms (self->loop), &self->state_alarm);
    resolver_cancel (g_steal_pointer (&self->resolver));
    g_clear_pointer (&self->addresses, freeaddrinfo);
    self->address = NULL;
    redis_socket_close (&self->socket);
    g_clear_pointer (&self->reader, redis_reader_free);
}

static void
arm_state (RedisConnection *self, gint64 milliseconds)
{
    alarms_set (loop_get_alarms (self->loop), &self->state_alarm, clock_get_now () + milliseconds);
}

/* Not all who lost the server come back to it at the same moment. */
static gint64
choose_pause (const RedisConnection *self)
{
    gint64 pause = MIN ((gint64) FIRST_PAUSE << MIN (self->n_failures, 10), LAST_PAUSE);

    return pause - g_random_int_range (0, (gint32) (pause / 4));
}

/* Takes the error: the attempt has failed, and all who wait for it are told. */
static void
fail (RedisConnection *self, GError *why)
{
    let_go (self);
    set_why (self, why);
    redis_calls_fail (&self->calls, FALSE, why);
    set_state (self, PAUSING);
    arm_state (self, choose_pause (self));
    self->n_failures++;
}

static GError *
new_error (RedisConnection *self, H3StoreError code, const char *what, const char *why)
{
    g_autofree char *label = store_url_dup_label (self->url);

    return g_error_new (H3_STORE_ERROR, (int) code, "%s: %s%s%s", label, what,
                        why != NULL ? ": " : "", why != NULL ? why : "");
}

static void
fail_to_connect (RedisConnection *self, const char *why)
{
    fail (self, new_error (self, H3_STORE_ERROR_UNREACHABLE, "cannot connect", why));
}

/* To the next address that can be begun with. */
static void
connect_next (RedisConnection *self, int result)
{
    set_state (self, CONNECTING);
    while (self->address != NULL) {
        const struct addrinfo *address = self->address;

        self->address = address->ai_next;
        if (redis_socket_connect (&self->socket, address->ai_addr, address->ai_addrlen))
            return;
        result = errno;
    }
    fail_to_connect (self, g_strerror (result));
}

static void
connect_to_socket (RedisConnection *self)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    set_state (self, CONNECTING);
    (void) g_strlcpy (address.sun_path, self->url->path, sizeof address.sun_path);
    if (!redis_socket_connect (&self->socket, (const struct sockaddr *) &address, sizeof address))
        fail_to_connect (self, g_strerror (errno));
}

static void
take_addresses (RedisConnection *self, struct addrinfo *addresses)
{
    self->addresses = addresses;
    self->address = addresses;
    connect_next (self, EADDRNOTAVAIL);
}

static void
on_looked_up (gpointer data, struct addrinfo *addresses, const char *reason)
{
    RedisConnection *self = data;

    self->resolver = NULL;
    if (addresses != NULL)
        take_addresses (self, addresses);
    else
        fail_to_connect (self, reason);
}

static Offload *
get_offload (RedisConnection *self)
{
    Offload *offload = loop_get_offload (self->loop);

    if (offload == NULL && self->offload == NULL)
        self->offload = offload_new (1);
    return offload != NULL ? offload : self->offload;
}

/* The whole attempt has the time of one question. */
static void
begin (RedisConnection *self)
{
    const StoreUrl *url = self->url;
    struct addrinfo *addresses = NULL;

    set_state (self, LOOKING_UP);
    arm_state (self, url->timeout);
    if (url->path != NULL)
        connect_to_socket (self);
    else if ((addresses = resolver_numeric (url->host, url->port)) != NULL)
        take_addresses (self, addresses);
    else
        self->resolver = resolver_start (self->loop, get_offload (self), url->host, url->port,
                                         on_looked_up, self);
}

/* Takes the error: what was on its way is lost; what was not sent yet may still be. */
static void
lose (RedisConnection *self, GError *why)
{
    if (self->state != READY || clock_get_now () - self->ready_since < WORTHY_LIFE) {
        fail (self, why);
        return;
    }
    redis_calls_fail (&self->calls, TRUE, why);
    g_error_free (why);
    let_go (self);
    begin (self);
}

static void
lose_for (RedisConnection *self, H3StoreError code, const char *what, const char *why)
{
    lose (self, new_error (self, code, what, why));
}

static void
on_state_over (Alarm *alarm)
{
    RedisConnection *self =
        (RedisConnection *) (void *) ((char *) alarm
                                      - G_STRUCT_OFFSET (RedisConnection, state_alarm));

    if (self->state == PAUSING)
        begin (self);
    else
        fail_to_connect (self, self->state == GREETING ? "the server does not answer"
                                                       : "it takes too long");
}

static void
arm_calls (RedisConnection *self)
{
    gint64 due = redis_calls_get_due (&self->calls);

    if (due < G_MAXINT64 && self->calls_alarm.place == 0)
        alarms_set (loop_get_alarms (self->loop), &self->calls_alarm, due);
}

static void
on_call_due (Alarm *alarm)
{
    RedisConnection *self =
        (RedisConnection *) (void *) ((char *) alarm
                                      - G_STRUCT_OFFSET (RedisConnection, calls_alarm));
    gint64 now = clock_get_now ();

    redis_calls_expire (&self->calls, now);
    if (redis_calls_are_stuck (&self->calls, now))
        lose_for (self, H3_STORE_ERROR_UNREACHABLE, "the server does not answer", NULL);
    arm_calls (self);
}

static void
flush (RedisConnection *self)
{
    if (!redis_socket_flush (&self->socket))
        lose_for (self, H3_STORE_ERROR_UNREACHABLE, "the connection was lost", g_strerror (errno));
}

static void
flush_later (gpointer data)
{
    RedisConnection *self = data;

    self->flush_is_due = FALSE;
    if (!self->has_ended && self->state == READY) {
        redis_calls_send (&self->calls, self->socket.out);
        flush (self);
    }
    unref (self);
}

/* All that is asked in a turn goes out in one piece. */
static void
send_soon (RedisConnection *self)
{
    if (self->flush_is_due)
        return;
    self->flush_is_due = TRUE;
    self->references++;
    loop_defer (self->loop, flush_later, self);
}

static void
greet (RedisConnection *self)
{
    set_state (self, GREETING);
    g_clear_pointer (&self->addresses, freeaddrinfo);
    self->address = NULL;
    self->reader = redis_reader_new ();
    self->n_greetings = redis_greeting_write (self->url, self->socket.out);
    flush (self);
}

static void
on_writable (gpointer data)
{
    RedisConnection *self = data;

    if (self->state != CONNECTING) {
        flush (self);
    } else if (redis_socket_finish_connecting (&self->socket)) {
        greet (self);
    } else {
        int result = errno;

        redis_socket_close (&self->socket);
        connect_next (self, result);
    }
}

static void
take_greeting (RedisConnection *self, const RedisReply *reply)
{
    g_autoptr (GError) why = redis_greeting_judge (reply, --self->n_greetings);

    if (why != NULL) {
        fail (self, new_error (self, (H3StoreError) why->code, "cannot connect", why->message));
        return;
    }
    if (self->n_greetings > 0)
        return;
    redis_socket_wipe (&self->socket);
    alarms_clear (loop_get_alarms (self->loop), &self->state_alarm);
    set_why (self, NULL);
    self->n_failures = 0;
    self->ready_since = clock_get_now ();
    set_state (self, READY);
    send_soon (self);
}

/* FALSE: the connection is not the one it was. */
static gboolean
take_replies (RedisConnection *self)
{
    const RedisReader *reader = self->reader;
    RedisReply *reply;

    while (redis_reader_take (self->reader, &reply)) {
        if (reply == NULL)
            return TRUE;
        if (self->state == GREETING) {
            g_autoptr (RedisReply) greeting = reply;

            take_greeting (self, greeting);
        } else if (!redis_calls_take_reply (&self->calls, reply, self->socket.out)) {
            break;
        } else if (self->socket.out->len > 0) {
            send_soon (self);
        }
        if (self->reader != reader)
            return FALSE;
    }
    lose_for (self, H3_STORE_ERROR_PROTOCOL, "the server says what no Redis server does", NULL);
    return FALSE;
}

static void
on_readable (gpointer data)
{
    RedisConnection *self = data;
    char buffer[RECEIVED_AT_ONCE];

    for (guint i = 0; i < MAX_RECEIVES; i++) {
        gssize n = redis_socket_receive (&self->socket, buffer, sizeof buffer);

        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            lose_for (self, H3_STORE_ERROR_UNREACHABLE, "the connection was lost",
                      n < 0 ? g_strerror (errno) : "the server has closed it");
            return;
        }
        redis_reader_feed (self->reader, buffer, (gsize) n);
        if (!take_replies (self) || (gsize) n < sizeof buffer)
            return;
    }
}

RedisConnection *
redis_connection_new (Loop *loop, const StoreUrl *url, atomic_uint *n_failing)
{
    RedisConnection *self = g_new0 (RedisConnection, 1);

    self->references = 1;
    self->loop = loop;
    self->url = url;
    self->n_failing = n_failing;
    redis_calls_init (&self->calls, url->timeout);
    self->calls_alarm.on_due = on_call_due;
    self->state_alarm.on_due = on_state_over;
    redis_socket_init (&self->socket);
    self->socket.loop = loop;
    self->socket.data = self;
    self->socket.on_readable = on_readable;
    self->socket.on_writable = on_writable;
    return self;
}

void
redis_connection_free (RedisConnection *connection)
{
    g_autoptr (GError) error = NULL;

    if (connection == NULL)
        return;
    connection->has_ended = TRUE;
    let_go (connection);
    alarms_clear (loop_get_alarms (connection->loop), &connection->calls_alarm);
    set_why (connection, NULL);
    error = new_error (connection, H3_STORE_ERROR_CLOSED, "whoever asked has come to an end", NULL);
    redis_calls_fail (&connection->calls, FALSE, error);
    unref (connection);
}

static void
add (RedisConnection *self, RedisCommand *command, const RedisAsker *asker)
{
    RedisCalls *calls = &self->calls;

    if (self->state == PAUSING) {
        redis_asker_fail (asker, (H3StoreError) self->why->code, self->why->message);
        redis_command_free (command);
        return;
    }
    if (calls->n >= self->url->max_waiting
        || (calls->n > 0 && calls->n_bytes + command->bytes->len > MAX_BYTES)) {
        redis_asker_fail (asker, H3_STORE_ERROR_BUSY, "the Redis server is asked too much at once");
        redis_command_free (command);
        return;
    }
    redis_calls_add (calls, command, asker);
    arm_calls (self);
    if (self->state == RESTING)
        begin (self);
    else if (self->state == READY)
        send_soon (self);
}

void
redis_connection_ask (RedisConnection *connection, RedisCommand *command, StoreQuestion *question)
{
    add (connection, command, &(RedisAsker){ .question = question });
}

void
redis_connection_tell (RedisConnection *connection, GString *words, RedisReplied replied,
                       gpointer data)
{
    add (connection, redis_command_new_of_words (words),
         &(RedisAsker){ .replied = replied, .data = data });
}
