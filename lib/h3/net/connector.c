/* SPDX-License-Identifier: MIT */

#include "connector.h"

#include <h3/base/error.h>
#include <h3/format/address.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>
#include <h3/loop/resolver.h>

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 *   LOOKING_UP ── on_looked_up () ──▶ TRYING ── win (), or end_if_hopeless () ──▶ OVER ── settle ()
 *                                       ▲                                                 tells
 *                                       └── an address, or a Unix socket, begins here
 *
 *   LOOKING_UP: the resolver is under way. TRYING: some attempts are, others have failed, others
 *   are still to begin. OVER: nothing is under way but the call of settle (), at the end of the
 *   turn. connector_cancel () ends each of them.
 */
typedef enum { LOOKING_UP, TRYING, OVER } State;

/* One address. */
typedef struct {
    Connector *connector; /* borrowed: its owner */
    struct sockaddr_storage address;
    socklen_t length;
    int fd;           /* owned; -1: not begun, or over */
    int error_number; /* 0: not failed */
    struct event event;
} Attempt;

struct _Connector {
    Loop *loop;         /* borrowed */
    ConnectorDone done; /* NULL: cancelled while OVER */
    gpointer data;      /* borrowed */
    char *place;        /* owned: "host:port" or "unix:path", for messages */
    Resolver *resolver; /* ours while LOOKING_UP */
    gint64 resolved;
    Attempt *attempts; /* owned: in the order in which they are tried */
    guint n_attempts, next, n_open;
    Alarm stagger; /* the next is tried then */
    int fd;        /* owned: the one that won; -1: none */
    GError *error; /* owned; NULL: none */
    State state;
    guint8 is_name; /* whose addresses are told apart in messages */
};

static void
set_state (Connector *self, State state)
{
    static const char *const names[] = { "looking up", "trying", "over" };

    g_debug ("connector %p: %s, then %s", (gpointer) self, names[self->state], names[state]);
    self->state = state;
}

static void
close_attempt (Attempt *attempt)
{
    if (attempt->fd < 0)
        return;
    (void) event_del (&attempt->event);
    (void) close (attempt->fd);
    attempt->fd = -1;
    attempt->connector->n_open--;
}

static void
let_go (Connector *self)
{
    resolver_cancel (g_steal_pointer (&self->resolver));
    alarms_clear (loop_get_alarms (self->loop), &self->stagger);
    for (guint i = 0; i < self->next; i++)
        close_attempt (&self->attempts[i]);
}

static void
free_connector (Connector *self)
{
    g_clear_error (&self->error);
    g_free (self->attempts);
    g_free (self->place);
    g_free (self);
}

static void
settle (gpointer data)
{
    Connector *self = data;

    if (self->done != NULL) {
        int fd = self->fd;

        self->fd = -1;
        self->done (self->data, fd, self->resolved, self->error);
    }
    free_connector (self);
}

static void
end (Connector *self)
{
    let_go (self);
    set_state (self, OVER);
    loop_defer (self->loop, settle, self);
}

static const char *
describe (const Connector *self, int error_number)
{
    if (error_number == EAGAIN && self->attempts[0].address.ss_family == AF_UNIX)
        return "its server is too busy to take a connection";
    return g_strerror (error_number);
}

/* "192.0.2.1, 192.0.2.2: Connection refused; 2001:db8::1: Network is unreachable". */
static char *
dup_reasons (const Connector *self)
{
    GString *text = g_string_new (NULL);

    if (!self->is_name)
        return g_string_free (
            g_string_append (text, describe (self, self->attempts[0].error_number)), FALSE);
    for (guint i = 0; i < self->n_attempts; i++) {
        const Attempt *attempt = &self->attempts[i];
        char address[H3_ADDRESS_TEXT_SIZE];
        H3SocketAddress parsed;

        h3_socket_address_from_native ((const struct sockaddr *) &attempt->address, attempt->length,
                                       &parsed);
        (void) h3_address_write (&parsed.address, address);
        if (i > 0)
            g_string_append (text, attempt[-1].error_number == attempt->error_number ? ", " : "; ");
        g_string_append (text, address);
        if (i + 1 == self->n_attempts || attempt[1].error_number != attempt->error_number)
            g_string_append_printf (text, ": %s", describe (self, attempt->error_number));
    }
    return g_string_free (text, FALSE);
}

static void
end_if_hopeless (Connector *self)
{
    g_autofree char *reasons = NULL;

    if (self->n_open > 0 || self->next < self->n_attempts)
        return;
    reasons = dup_reasons (self);
    g_set_error (&self->error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CONNECT, "cannot connect to %s: %s",
                 self->place, reasons);
    end (self);
}

static void
win (Connector *self, Attempt *winner)
{
    self->fd = winner->fd;
    (void) event_del (&winner->event);
    winner->fd = -1;
    self->n_open--;
    end (self);
}

/* Whoever asks for a port of its own machine that nobody listens on may be given that very port to
 * ask from, and is then connected to itself. */
static gboolean
is_itself (const Attempt *attempt)
{
    struct sockaddr_storage own = { 0 };
    socklen_t length = sizeof own;

    return attempt->address.ss_family != AF_UNIX
           && getsockname (attempt->fd, (struct sockaddr *) &own, &length) == 0
           && length == attempt->length && memcmp (&own, &attempt->address, length) == 0;
}

/* 0: it is connected. */
static int
read_error (const Attempt *attempt)
{
    int result = 0;
    socklen_t length = sizeof result;

    if (getsockopt (attempt->fd, SOL_SOCKET, SO_ERROR, &result, &length) != 0)
        return errno;
    return result == 0 && is_itself (attempt) ? ECONNREFUSED : result;
}

static void try_next (Connector *self);

static void
on_writable (evutil_socket_t fd, short what, void *data)
{
    Attempt *attempt = data;
    Connector *self = attempt->connector;

    attempt->error_number = read_error (attempt);
    if (attempt->error_number == 0) {
        win (self, attempt);
        return;
    }
    close_attempt (attempt);
    try_next (self);
}

/* FALSE with its error_number. */
static gboolean
begin (Attempt *attempt)
{
    Connector *self = attempt->connector;
    const struct sockaddr *address = (const struct sockaddr *) &attempt->address;

    attempt->fd = socket (address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (attempt->fd < 0) {
        attempt->error_number = errno;
        return FALSE;
    }
    /* A connection that a signal interrupts goes on being made. */
    if (connect (attempt->fd, address, attempt->length) != 0 && errno != EINPROGRESS
        && errno != EINTR)
        attempt->error_number = errno;
    else if (event_assign (&attempt->event, loop_get_base (self->loop), attempt->fd, EV_WRITE,
                           on_writable, attempt)
                 != 0
             || event_add (&attempt->event, NULL) != 0)
        attempt->error_number = ENOMEM;
    if (attempt->error_number == 0) {
        self->n_open++;
        return TRUE;
    }
    (void) close (attempt->fd);
    attempt->fd = -1;
    return FALSE;
}

/* The next that does not fail at once. */
static void
try_next (Connector *self)
{
    alarms_clear (loop_get_alarms (self->loop), &self->stagger);
    while (self->next < self->n_attempts && !begin (&self->attempts[self->next++]))
        continue;
    if (self->next < self->n_attempts)
        alarms_set (loop_get_alarms (self->loop), &self->stagger,
                    clock_get_now () + CONNECTOR_STAGGER_MILLISECONDS);
    end_if_hopeless (self);
}

static void
on_stagger_due (Alarm *alarm)
{
    try_next ((Connector *) ((char *) alarm - G_STRUCT_OFFSET (Connector, stagger)));
}

static void
add_attempt (Connector *self, const struct sockaddr *address, socklen_t length)
{
    Attempt *attempt = &self->attempts[self->n_attempts++];

    *attempt = (Attempt){ .connector = self, .length = length, .fd = -1 };
    memcpy (&attempt->address, address, length);
}

/* The first from `from` on that is of the family or, where `is_other`, of any but that. */
static const struct addrinfo *
find_family (const struct addrinfo *from, int family, gboolean is_other)
{
    while (from != NULL && (from->ai_family != family) != is_other)
        from = from->ai_next;
    return from;
}

/* The system's order (RFC 6724) says which family comes first, and stays within each. */
static void
take_addresses (Connector *self, const struct addrinfo *addresses)
{
    int first = addresses->ai_family;
    const struct addrinfo *lines[2] = { addresses, find_family (addresses, first, TRUE) };
    guint n = 0;

    for (const struct addrinfo *address = addresses; address != NULL; address = address->ai_next)
        n++;
    n = MIN (n, CONNECTOR_MAX_ADDRESSES);
    self->attempts = g_new0 (Attempt, n);
    for (guint turn = 0; self->n_attempts < n; turn ^= 1) {
        const struct addrinfo *address = lines[turn];

        if (address == NULL)
            continue;
        add_attempt (self, address->ai_addr, address->ai_addrlen);
        lines[turn] = find_family (address->ai_next, first, turn == 1);
    }
    set_state (self, TRYING);
    try_next (self);
}

static void
on_looked_up (gpointer data, struct addrinfo *addresses, const char *reason)
{
    Connector *self = data;

    self->resolver = NULL;
    self->resolved = clock_get_now ();
    if (addresses != NULL) {
        take_addresses (self, addresses);
        freeaddrinfo (addresses);
        return;
    }
    g_set_error (&self->error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_NAME,
                 "cannot find the address of %s: %s", self->place, reason);
    end (self);
}

static void
start_unix (Connector *self, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    gsize length = strlen (path);

    self->place = g_strconcat ("unix:", path, NULL);
    set_state (self, TRYING);
    if (length >= sizeof address.sun_path) {
        g_set_error (&self->error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CONNECT,
                     "cannot connect to %s: the path is longer than %zu bytes", self->place,
                     sizeof address.sun_path - 1);
        end (self);
        return;
    }
    memcpy (address.sun_path, path, length);
    /* An abstract name ends where its length says, a path behind its NUL. */
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    else
        length++;
    self->attempts = g_new0 (Attempt, 1);
    add_attempt (self, (const struct sockaddr *) &address,
                 (socklen_t) (offsetof (struct sockaddr_un, sun_path) + length));
    try_next (self);
}

static void
start_tcp (Connector *self, const char *host, guint16 port)
{
    struct addrinfo *addresses = resolver_numeric (host, port);

    self->place = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
    if (addresses != NULL) {
        take_addresses (self, addresses);
        freeaddrinfo (addresses);
        return;
    }
    self->is_name = TRUE;
    self->resolver =
        resolver_start (self->loop, loop_get_offload (self->loop), host, port, on_looked_up, self);
}

Connector *
connector_start (Loop *loop, const ConnectorTarget *target, ConnectorDone done, gpointer data)
{
    Connector *self = g_new0 (Connector, 1);

    self->loop = loop;
    self->done = done;
    self->data = data;
    self->fd = -1;
    self->stagger.on_due = on_stagger_due;
    if (target->unix_path != NULL)
        start_unix (self, target->unix_path);
    else
        start_tcp (self, target->host, target->port);
    return self;
}

void
connector_cancel (Connector *connector)
{
    if (connector == NULL)
        return;
    connector->done = NULL;
    if (connector->fd >= 0)
        (void) close (connector->fd);
    connector->fd = -1;
    if (connector->state == OVER)
        return;
    let_go (connector);
    free_connector (connector);
}
