/* SPDX-License-Identifier: MIT
 *
 * A server that does what a script says, well or badly: for tests of a client, and of what stands
 * between. It listens on a port of its own; each connection is played on a thread of its own, and
 * what it hears is kept. Whatever cannot be fails the test. Main thread, but for what says else.
 *
 *     static const ScriptStep script[] = {
 *         SCRIPT_REQUEST,
 *         SCRIPT_SEND ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
 *         SCRIPT_AGAIN,
 *     };
 *     ScriptedServer server;
 *
 *     scripted_server_start (&server, NULL, script);
 *     … fetch server.url …
 *     head = scripted_server_dup_head (&server, 0);
 *     scripted_server_clear (&server);
 */

#pragma once

#include "scripted-connection.h"

#define SCRIPT_STEP(kind, data, length, n)                                                         \
    {                                                                                              \
        kind, data, length, n                                                                      \
    }

/* What a script is made of. It ends where the client ends before it was heard, too. */

/* Reads a whole head: the next request. */
#define SCRIPT_HEAD SCRIPT_STEP (STEP_HEAD, NULL, 0, 0)
/* Reads so many bytes of the request's body, or a chunked one with its trailers; it is whole then.
 */
#define SCRIPT_BODY(n) SCRIPT_STEP (STEP_BODY, NULL, 0, n)
#define SCRIPT_CHUNKS  SCRIPT_STEP (STEP_CHUNKS, NULL, 0, 0)
/* Reads a head and the body that its fields tell of. */
#define SCRIPT_REQUEST SCRIPT_STEP (STEP_REQUEST, NULL, 0, 0)
/* Reads on until the client's end: scripted_server_dup_bytes () has it. */
#define SCRIPT_ALL SCRIPT_STEP (STEP_ALL, NULL, 0, 0)
/* Sends a literal; a text that lives as long as the server; bytes. */
#define SCRIPT_SEND(literal)           SCRIPT_STEP (STEP_SEND, literal, sizeof (literal) - 1, 1)
#define SCRIPT_SEND_TEXT(text)         SCRIPT_STEP (STEP_SEND, text, 0, 1)
#define SCRIPT_SEND_DATA(data, length) SCRIPT_STEP (STEP_SEND, data, length, 1)
/* The same literal so many times. */
#define SCRIPT_SEND_TIMES(literal, n) SCRIPT_STEP (STEP_SEND, literal, sizeof (literal) - 1, n)
/* Every byte in a send of its own. */
#define SCRIPT_SPLIT(literal)   SCRIPT_STEP (STEP_SEND_SPLIT, literal, sizeof (literal) - 1, 1)
#define SCRIPT_SPLIT_TEXT(text) SCRIPT_STEP (STEP_SEND_SPLIT, text, 0, 1)
/* The server's side of a handshake. Where that fails the connection ends. */
#define SCRIPT_TLS SCRIPT_STEP (STEP_TLS, NULL, 0, 0)
/* Waits for a scripted_server_permit (); or neither reads nor sends until the client ends. */
#define SCRIPT_WAIT SCRIPT_STEP (STEP_WAIT, NULL, 0, 0)
#define SCRIPT_HANG SCRIPT_STEP (STEP_HANG, NULL, 0, 0)
/* From the script's begin on, but for SCRIPT_TLS. */
#define SCRIPT_AGAIN SCRIPT_STEP (STEP_AGAIN, NULL, 0, 0)
/* Ends what is sent (by TLS with its notice), and goes on. */
#define SCRIPT_HALF_CLOSE SCRIPT_STEP (STEP_HALF_CLOSE, NULL, 0, 0)
/* Ends well: what is sent, then, when the client has ended too, all. */
#define SCRIPT_CLOSE SCRIPT_STEP (STEP_CLOSE, NULL, 0, 0)
/* Closes, by TLS without its notice; what the client sent and was not read makes a reset of it. */
#define SCRIPT_CUT SCRIPT_STEP (STEP_CUT, NULL, 0, 0)
/* Closes by a reset. */
#define SCRIPT_RESET SCRIPT_STEP (STEP_RESET, NULL, 0, 0)

/* 0 is what most are. */
typedef struct {
    const char *host;        /* an address to listen on; NULL: "127.0.0.1" */
    const char *unix_path;   /* … on this path instead; with '@' before it an abstract one */
    const char *certificate; /* a path, its key in the second: for SCRIPT_TLS, and https:// */
    const char *key;
    const char *client_authority; /* a path: clients must have a certificate it signed */
    int max_version;              /* of TLS; 0: OpenSSL's */
    gboolean is_silent;           /* does not listen yet: refuses */
    gboolean is_full;             /* TCP: nobody can connect, nor is refused; plays nothing */
} ScriptedWish;

typedef struct {
    ScriptedRecord record;
    ScriptedWish wish;   /* its texts borrowed: the test's */
    guint16 port;        /* kept from here to the clear, also while it refuses */
    char *address;       /* owned: "127.0.0.1:1234", "[::1]:1234", "unix:/path" */
    char *url;           /* owned: "http://127.0.0.1:1234" (or https), "http://localhost" */
    GPtrArray *scripts;  /* owned: under record.lock */
    GArray *players;     /* owned: their threads; the listening thread's while it runs */
    int holder;          /* owned: has the port */
    int listener;        /* owned; -1: refuses */
    int filler;          /* owned; -1: none */
    int silence;         /* owned: readable when listening is to end */
    int ending, permits; /* owned: ScriptedPlace */
    pthread_t listening;
    SSL_CTX *context; /* owned; NULL: no TLS */
} ScriptedServer;

/* `wish` is (nullable), `script` too where others are added before the first client comes. */
void scripted_server_start (ScriptedServer *server, const ScriptedWish *wish,
                            const ScriptStep *script);
/* The n-th connection plays the n-th script; all that follow play the last. Any thread. */
void scripted_server_add (ScriptedServer *server, const ScriptStep *script);
/* Ends all connections, wherever their scripts are, and the server. */
void scripted_server_clear (ScriptedServer *server);

/* Clients are refused; connections that there are play on. */
void scripted_server_refuse (ScriptedServer *server);
/* Listens on the same port again. */
void scripted_server_listen (ScriptedServer *server);
/* One script that waits, or the next that will, goes on. Any thread, as all below. */
void scripted_server_permit (ScriptedServer *server);

guint scripted_server_count_connections (ScriptedServer *server);
guint scripted_server_count_requests (ScriptedServer *server);
/* Each waits until there have been so many: connections, heads of requests, connections that are
 * over, scripts that came to a SCRIPT_WAIT. */
void scripted_server_wait_connections (ScriptedServer *server, guint n);
void scripted_server_wait_requests (ScriptedServer *server, guint n);
void scripted_server_wait_ended (ScriptedServer *server, guint n);
void scripted_server_wait_waiting (ScriptedServer *server, guint n);

/* (transfer full): the head of the n-th request of all, from 0; its body without chunks, its
 * trailers, when they are whole; waits for them. */
char *scripted_server_dup_head (ScriptedServer *server, guint n);
GString *scripted_server_dup_body (ScriptedServer *server, guint n);
char *scripted_server_dup_trailers (ScriptedServer *server, guint n);
/* The connection it came on, from 0. */
guint scripted_server_get_connection (ScriptedServer *server, guint n);
/* (transfer full): all that came on a connection until now. */
GString *scripted_server_dup_bytes (ScriptedServer *server, guint connection);

/* (transfer full) (nullable): the value of a field of the n-th request; of several, with "|"
 * between them. */
char *scripted_server_dup_header (ScriptedServer *server, guint n, const char *name);
/* Fails the test unless it is this (NULL: not there). */
void scripted_server_expect_header (ScriptedServer *server, guint n, const char *name,
                                    const char *value);
/* … unless its request line is this. */
void scripted_server_expect_line (ScriptedServer *server, guint n, const char *line);
