/* SPDX-License-Identifier: MIT
 *
 * Requests of a client on a loop that a test turns, and the other end of their sockets in the
 * test's own hands, on the same thread: nothing happens but what the test lets happen. The clock is
 * driven. Main thread. */

#pragma once

#include "h3/client/client-exchange.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

typedef struct {
    LiveSnapshot before;
    Loop *loop;
    ClientLoop *client; /* borrowed: the loop */
    int listener;
    guint16 port;
    ClientPeer *peer;
    ClientPeerSettings settings; /* of the peer */
} ClientFixture;

/* What one request was told, and what it does when it is told. */
typedef struct Asked Asked;
struct Asked {
    ClientExchange *exchange; /* borrowed; NULL: over */
    ClientFixture *fixture;
    guint status, n_told, n_ended, n_room, n_interim;
    GString *body, *fields, *trailers;
    char *error; /* NULL: none */
    int code;
    ClientTiming timing;
    guint cancel_at;   /* at the n-th call of its listener; 0: never */
    guint pause_at;    /* the same */
    const char *sends; /* (nullable): written and finished at the first on_room */
    gboolean ends_on_tell;
    GCancellable *fires; /* (nullable): is cancelled at `cancel_at`, in the place of the exchange */
    void (*on_end) (Asked *asked); /* (nullable) */
};

void client_fixture_init (ClientFixture *fixture);
void client_fixture_end (ClientFixture *fixture);
/* Ends the loop, with all that runs on it. */
void client_fixture_close_loop (ClientFixture *fixture);
/* Makes the peer anew, of fixture->settings. */
void client_fixture_change_peer (ClientFixture *fixture);

/* A GET of "/", without deadlines, to change. */
ClientCall client_fixture_make_call (void);
/* (transfer full) */
Asked *client_fixture_ask (ClientFixture *fixture, const ClientCall *call);
Asked *client_fixture_get (ClientFixture *fixture);
/* Tells it what to do before it can be told anything. */
Asked *asked_new (ClientFixture *fixture);
void asked_start (Asked *asked, const ClientCall *call);
void asked_free (Asked *asked);

/* Turns the loop as long as something happens. */
void client_fixture_turn (ClientFixture *fixture);
/* Lets time pass. */
void client_fixture_pass (ClientFixture *fixture, gint64 milliseconds);
/* Until it has been told its end. */
void asked_wait (Asked *asked);
/* Until it has been told so often. */
void asked_wait_told (Asked *asked, guint n);

/* The other end of the next connection. */
int client_fixture_accept (ClientFixture *fixture);
/* The same of one that is there; -1: there is none. */
int client_fixture_accept_now (ClientFixture *fixture);
/* Whether somebody wants to connect. */
gboolean client_fixture_has_news (ClientFixture *fixture);
/* (transfer full): a head, with what came behind it up to `body` bytes. */
char *client_fixture_read (ClientFixture *fixture, int fd, gsize body);
void client_fixture_say (ClientFixture *fixture, int fd, const char *text);
void client_fixture_say_data (ClientFixture *fixture, int fd, const char *data, gsize length);
/* The loop does not see it yet. */
void client_fixture_push (int fd, const char *text);
/* Exactly these come. */
void client_fixture_expect_bytes (ClientFixture *fixture, int fd, const char *text);
/* Until the client has ended the connection; whatever it sends is thrown away. */
void client_fixture_expect_end (ClientFixture *fixture, int fd);
/* Until there are so many connections, so many of them at rest. */
void client_fixture_expect_counts (ClientFixture *fixture, guint connections, guint idle);

void asked_expect (const Asked *asked, guint status, const char *body);
/* `words` are in its message. */
void asked_expect_error (const Asked *asked, H3ClientError code, const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)
