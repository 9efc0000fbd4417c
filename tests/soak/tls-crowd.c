/* SPDX-License-Identifier: MIT
 *
 * tls-crowd PORT PID SECONDS [SEED]: clients that come by TLS one after the other, well and badly:
 * handshakes whole, resumed, cut short anywhere, none at all; requests, new keys, ends that are
 * said and not. Now and then the server (PID) is told to read its certificates anew. Those that
 * behave must be answered rightly. Prints what it did; fails where an answer is wrong. */

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define REQUEST      "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define RELOAD_EVERY 50 /* clients */
#define PATIENCE     60 /* seconds */

static SSL_CTX *context;     /* owned */
static SSL_SESSION *session; /* owned: the last ticket; NULL: none came yet */
static GRand *numbers;       /* owned */
static int port;
static guint n_wrong;

typedef struct {
    const char *name;
    void (*come) (void);
    guint n;
} Manner;

static void
complain (const char *what)
{
    n_wrong++;
    fprintf (stderr, "tls-crowd: %s: %s\n", what,
             ERR_peek_error () != 0 ? ERR_reason_error_string (ERR_peek_error ())
                                    : g_strerror (errno));
    ERR_clear_error ();
}

static int
open_socket (void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16) port) };
    struct timeval patience = { PATIENCE, 0 };
    struct linger linger = { 1, 0 };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0) {
        perror ("tls-crowd: connect");
        exit (1);
    }
    (void) setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void) setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    /* So that ports are not used up. */
    (void) setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return fd;
}

static int
on_session (SSL *ssl, SSL_SESSION *ticket)
{
    SSL_SESSION_free (session);
    session = ticket;
    return 1;
}

static SSL *
shake_hands (gboolean resumes)
{
    SSL *ssl = SSL_new (context);

    SSL_set_fd (ssl, open_socket ());
    if (g_rand_boolean (numbers))
        (void) SSL_set_max_proto_version (ssl, TLS1_2_VERSION);
    if (resumes && session != NULL)
        (void) SSL_set_session (ssl, session);
    if (SSL_connect (ssl) != 1)
        complain ("a handshake");
    return ssl;
}

static void
leave (SSL *ssl)
{
    int fd = SSL_get_fd (ssl);

    SSL_set_shutdown (ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free (ssl);
    (void) close (fd);
}

static void
ask (SSL *ssl)
{
    char answer[4096];
    int length;

    if (SSL_write (ssl, REQUEST, sizeof REQUEST - 1) != sizeof REQUEST - 1) {
        complain ("a request");
        return;
    }
    length = SSL_read (ssl, answer, sizeof answer);
    if (length < 12 || memcmp (answer, "HTTP/1.1 200", 12) != 0)
        complain ("an answer");
}

static void
behave (void)
{
    SSL *ssl = shake_hands (FALSE);

    for (int i = g_rand_int_range (numbers, 1, 5); i > 0; i--)
        ask (ssl);
    (void) SSL_shutdown (ssl);
    leave (ssl);
}

static void
come_again (void)
{
    SSL *ssl = shake_hands (TRUE);

    ask (ssl);
    leave (ssl);
}

static void
change_keys (void)
{
    SSL *ssl = shake_hands (FALSE);

    for (int i = g_rand_int_range (numbers, 1, 5); i > 0; i--) {
        if (SSL_version (ssl) == TLS1_3_VERSION)
            (void) SSL_key_update (ssl, SSL_KEY_UPDATE_REQUESTED);
        ask (ssl);
    }
    leave (ssl);
}

/* What a client says first, as far as chance has it; then it waits for a word, or does not. */
static void
break_off (void)
{
    SSL *ssl = SSL_new (context);
    int fd = open_socket ();
    char *data, heard[4096];
    long length;

    SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    (void) SSL_connect (ssl);
    ERR_clear_error ();
    length = BIO_get_mem_data (SSL_get_wbio (ssl), &data);
    if (g_rand_boolean (numbers))
        length = g_rand_int_range (numbers, 0, (gint32) length);
    (void) send (fd, data, (size_t) length, MSG_NOSIGNAL);
    if (g_rand_boolean (numbers))
        (void) shutdown (fd, SHUT_WR);
    if (g_rand_boolean (numbers))
        (void) recv (fd, heard, sizeof heard, MSG_DONTWAIT);
    SSL_free (ssl);
    (void) close (fd);
}

static void
speak_otherwise (void)
{
    static const char *const all[] = { REQUEST, "SSH-2.0-x\r\n", "\x16\x03\x01\x02", "\x80\x01" };
    const char *text = all[g_rand_int_range (numbers, 0, G_N_ELEMENTS (all))];
    int fd = open_socket ();

    (void) send (fd, text, strlen (text), MSG_NOSIGNAL);
    (void) close (fd);
}

/* Takes a part of a long answer. */
static void
go_in_the_middle (void)
{
    SSL *ssl = shake_hands (FALSE);
    char piece[4096];

    (void) SSL_write (ssl, "GET /stream-bytes/5000000 HTTP/1.1\r\nHost: a\r\n\r\n", 49);
    for (int i = g_rand_int_range (numbers, 0, 50); i > 0; i--)
        (void) SSL_read (ssl, piece, sizeof piece);
    ERR_clear_error ();
    leave (ssl);
}

static Manner manners[] = {
    { "well", behave, 0 },
    { "again", come_again, 0 },
    { "new keys", change_keys, 0 },
    { "broken off", break_off, 0 },
    { "no TLS", speak_otherwise, 0 },
    { "in the middle", go_in_the_middle, 0 },
};

int
main (int argc, char **argv)
{
    guint32 seed = argc > 4 ? (guint32) strtoul (argv[4], NULL, 10) : g_random_int ();
    gint64 end;

    if (argc < 4)
        return 2;
    (void) signal (SIGPIPE, SIG_IGN);
    port = atoi (argv[1]);
    numbers = g_rand_new_with_seed (seed);
    printf ("seed %u\n", seed);
    context = SSL_CTX_new (TLS_client_method ());
    SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb (context, on_session);
    end = g_get_monotonic_time () + (gint64) atoi (argv[3]) * G_USEC_PER_SEC;
    for (guint i = 0; g_get_monotonic_time () < end; i++) {
        Manner *manner = &manners[g_rand_int_range (numbers, 0, G_N_ELEMENTS (manners))];

        manner->come ();
        manner->n++;
        if (i % RELOAD_EVERY == 0)
            (void) kill (atoi (argv[2]), SIGHUP);
    }
    for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
        printf ("%s %u  ", manners[i].name, manners[i].n);
    printf ("\n%u wrong\n", n_wrong);
    SSL_SESSION_free (session);
    SSL_CTX_free (context);
    g_rand_free (numbers);
    return n_wrong > 0;
}
