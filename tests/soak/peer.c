/* SPDX-License-Identifier: MIT */

#include "peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE        60000 /* milliseconds until a client is done, or something is wrong */
#define PATIENCE_HOLDER 900000
#define ADDRESSES       200 /* of the loopback: so that ports do not run out */
#define AT_ONCE         (128 * 1024)

struct _Peer {
    Plan *plan;          /* owned */
    AnswerReader reader; /* of what the plan expects */
    int fd;              /* owned */
    guint step;
    guint64 sent; /* of the step */
    gint64 since; /* when the step began; 0: it has not */
    gint64 deadline, send_again, read_again;
    gboolean is_connected, is_blocked, has_ended, was_reset, is_deaf;
};

static gint64
get_patience (const Plan *plan)
{
    return plan->is_holder ? PATIENCE_HOLDER : PATIENCE;
}

/* FALSE: errno says why. */
static gboolean
begin_connecting (Peer *peer, guint port, GRand *rand)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons ((guint16) port) };
    int one = 1;
    int size = (int) peer->plan->receive_buffer;

    peer->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0)
        return FALSE;
    if (size > 0)
        (void) setsockopt (peer->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    (void) setsockopt (peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void) setsockopt (peer->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    here.sin_addr.s_addr =
        htonl (INADDR_LOOPBACK + (guint32) g_rand_int_range (rand, 0, ADDRESSES));
    there.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    return bind (peer->fd, (struct sockaddr *) &here, sizeof here) == 0
           && (connect (peer->fd, (struct sockaddr *) &there, sizeof there) == 0
               || errno == EINPROGRESS);
}

Peer *
peer_new (Plan *plan, guint port, GRand *rand, gint64 now, char **out_wrong)
{
    Peer *peer = g_new0 (Peer, 1);

    peer->plan = plan;
    peer->deadline = now + get_patience (plan);
    answer_reader_init (&peer->reader, plan->expected);
    if (begin_connecting (peer, port, rand))
        return peer;
    *out_wrong = g_strdup_printf ("no connection: %s", g_strerror (errno));
    peer_free (peer);
    return NULL;
}

void
peer_free (Peer *peer)
{
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    if (peer == NULL)
        return;
    if (peer->fd >= 0) {
        if (peer->step < peer->plan->steps->len)
            (void) setsockopt (peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        (void) close (peer->fd);
    }
    answer_reader_clear (&peer->reader);
    plan_free (peer->plan);
    g_free (peer);
}

int
peer_get_fd (const Peer *peer)
{
    return peer->fd;
}

const Plan *
peer_get_plan (const Peer *peer)
{
    return peer->plan;
}

guint
peer_count_answers (const Peer *peer)
{
    return peer->reader.n_done;
}

static const Step *
get_step (const Peer *peer)
{
    return &g_array_index (peer->plan->steps, Step, peer->step);
}

guint32
peer_get_interest (const Peer *peer)
{
    guint32 interest = 0;

    if (!peer->is_connected || peer->is_blocked)
        interest |= EPOLLOUT;
    if (!peer->has_ended && peer->read_again == 0)
        interest |= EPOLLIN;
    return interest;
}

gint64
peer_get_wake (const Peer *peer)
{
    gint64 wake = peer->deadline;

    if (peer->send_again > 0)
        wake = MIN (wake, peer->send_again);
    if (peer->read_again > 0)
        wake = MIN (wake, peer->read_again);
    return wake;
}

char *
peer_describe (const Peer *peer)
{
    return g_strdup_printf ("step %u of %u, %" G_GUINT64_FORMAT " bytes of it sent, %u of %u "
                            "answers%s%s",
                            peer->step + 1, peer->plan->steps->len, peer->sent, peer->reader.n_done,
                            peer->plan->expected->len, peer->has_ended ? ", ended" : "",
                            peer->was_reset ? " by a reset" : "");
}

static char *
note_end (Peer *peer, gboolean was_reset)
{
    char *wrong = answer_reader_end (&peer->reader);

    peer->has_ended = TRUE;
    peer->was_reset = was_reset;
    if (wrong == NULL || !peer->plan->owns_nothing)
        return wrong;
    g_free (wrong);
    return NULL;
}

/* (transfer full) (nullable): what is wrong. */
static char *
receive (Peer *peer, gint64 now)
{
    static char data[AT_ONCE];
    gsize most = peer->plan->read_piece > 0 ? MIN (peer->plan->read_piece, AT_ONCE) : AT_ONCE;
    gssize n = recv (peer->fd, data, most, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return NULL;
    if (n <= 0)
        return note_end (peer, n < 0);
    if (peer->plan->read_pause > 0)
        peer->read_again = now + peer->plan->read_pause;
    return answer_reader_feed (&peer->reader, data, (gsize) n);
}

static void
next_step (Peer *peer)
{
    peer->step++;
    peer->sent = 0;
    peer->since = 0;
    peer->send_again = 0;
}

/* Whoever was answered before all was sent need not send the rest. */
static gboolean
may_stop_sending (const Peer *peer)
{
    return peer->is_deaf
           || (peer->plan->may_be_cut && peer->reader.n_done == peer->plan->expected->len);
}

/* TRUE: the step is done. */
static gboolean
send_step (Peer *peer, gint64 now, char **out_wrong)
{
    const Step *step = get_step (peer);

    while (peer->sent < step->length && !may_stop_sending (peer)) {
        gsize length = (gsize) MIN (step->length - peer->sent, AT_ONCE);
        const char *data;
        gssize n;

        if (step->piece > 0)
            length = MIN (length, step->piece);
        if (step->kind == STEP_SEND)
            data = (const char *) g_bytes_get_data (step->data, NULL) + peer->sent;
        else
            data = pattern_at (peer->sent, length, &length);
        n = send (peer->fd, data, length, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            peer->is_blocked = TRUE;
            return FALSE;
        }
        if (n < 0) {
            peer->is_deaf = TRUE;
            if (!peer->plan->may_be_cut && !peer->plan->owns_nothing)
                *out_wrong = g_strdup_printf ("cannot send: %s", g_strerror (errno));
            return *out_wrong == NULL;
        }
        peer->sent += (guint64) n;
        if (step->pause > 0 && peer->sent < step->length) {
            peer->send_again = now + step->pause;
            return FALSE;
        }
    }
    return TRUE;
}

/* TRUE: so many have come, or none will. */
static gboolean
await (const Peer *peer, guint answers, char **out_wrong)
{
    if (peer->reader.n_done >= answers)
        return TRUE;
    if (peer->has_ended && !peer->plan->owns_nothing)
        *out_wrong = g_strdup ("the server closed before it had answered all");
    return peer->has_ended;
}

static gboolean
run_step (Peer *peer, gint64 now, char **out_wrong)
{
    const Step *step = get_step (peer);
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    if (peer->since == 0)
        peer->since = now;
    switch (step->kind) {
    case STEP_SEND:
    case STEP_PATTERN:
        return send_step (peer, now, out_wrong);
    case STEP_PAUSE:
        peer->send_again = peer->since + step->pause;
        return now >= peer->send_again;
    case STEP_AWAIT:
        return await (peer, step->answers, out_wrong);
    case STEP_BEGUN:
        return peer->reader.n_done > 0 || answer_reader_is_inside (&peer->reader)
               || peer->has_ended;
    case STEP_HALF_CLOSE:
        (void) shutdown (peer->fd, SHUT_WR);
        return TRUE;
    case STEP_END:
        return peer->has_ended;
    case STEP_RESET:
        (void) setsockopt (peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        return TRUE;
    default:
        return TRUE;
    }
}

/* Of a connection that was just made, or could not be. */
static char *
connect_now (Peer *peer, guint32 events)
{
    int error = 0;
    socklen_t length = sizeof error;

    if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0)
        return NULL;
    (void) getsockopt (peer->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0)
        return g_strdup_printf ("no connection: %s", g_strerror (error));
    peer->is_connected = TRUE;
    return NULL;
}

static char *
take_news (Peer *peer, guint32 events, gint64 now)
{
    if (!peer->is_connected)
        return connect_now (peer, events);
    if ((events & EPOLLOUT) != 0)
        peer->is_blocked = FALSE;
    if (peer->read_again > 0 && now >= peer->read_again) {
        peer->read_again = 0;
        events |= EPOLLIN;
    }
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0 && !peer->has_ended
        && peer->read_again == 0)
        return receive (peer, now);
    return NULL;
}

PeerState
peer_step (Peer *peer, guint32 events, gint64 now, char **out_wrong)
{
    *out_wrong = take_news (peer, events, now);
    while (*out_wrong == NULL && peer->is_connected && !peer->is_blocked
           && peer->step < peer->plan->steps->len
           && (peer->send_again == 0 || now >= peer->send_again)) {
        peer->send_again = 0;
        if (!run_step (peer, now, out_wrong))
            break;
        next_step (peer);
    }
    if (*out_wrong == NULL && peer->step == peer->plan->steps->len)
        return PEER_IS_THROUGH;
    if (*out_wrong == NULL && now >= peer->deadline)
        *out_wrong = g_strdup ("it takes too long");
    return *out_wrong == NULL ? PEER_GOES_ON : PEER_HAS_FAILED;
}
