/* SPDX-License-Identifier: MIT
 *
 * A client that sends the bytes it is given over a real socket and takes answers apart, knowing
 * nothing of the library. Every wait has a deadline: what does not come fails the test with a
 * message. One thread at a time. */

#pragma once

#include <glib.h>

/* What its bytes are put into, where not straight into the socket: as recv () and send () that do
 * not wait; whether something can be received that the socket does not tell of. */
typedef struct {
    gssize (*receive) (gpointer data, char *room, gsize length);
    gssize (*send) (gpointer data, const char *bytes, gsize length);
    gboolean (*has_kept) (gpointer data);
    void (*free) (gpointer data);
} RawLayer;

typedef struct {
    int fd;            /* owned; -1: closed */
    int connect_error; /* 0: it was connected */
    GByteArray *input; /* owned: received and not yet read */
    gsize taken;       /* bytes of it that have been read */
    gboolean has_ended;
    gboolean was_reset;    /* … by a reset */
    const RawLayer *layer; /* borrowed: static; NULL: none */
    gpointer layer_data;   /* owned, by way of its free */
} RawClient;

typedef struct {
    guint status;
    char *head;        /* owned: status line and fields */
    GString *body;     /* owned; "" where there is none */
    GString *trailers; /* owned: the lines behind the last chunk; "" where there are none */
    gboolean is_whole; /* the body came to its end */
} RawAnswer;

/* (transfer full): connected to "127.0.0.1:80", "[::1]:80" or "unix:/path". `try` gives NULL
 * where it is not, the other fails the test; but a connection that is reset at once is one that has
 * ended. */
RawClient *raw_client_new (const char *address);
RawClient *raw_client_try (const char *address);
/* (transfer full): the same with the kernel keeping little for who does not read. */
RawClient *raw_client_new_small (const char *address);
/* Closes. */
void raw_client_free (RawClient *client);

/* FALSE where the server had closed before all was taken. What it sends meanwhile is received. */
gboolean raw_client_send (RawClient *client, const char *text);
gboolean raw_client_send_data (RawClient *client, const char *data, gsize length);
/* The same, each piece in a send of its own. */
gboolean raw_client_send_pieces (RawClient *client, const char *data, gsize length, gsize piece);

/* (transfer full) (nullable): the next answer, without a body where `no_body` (the request was a
 * HEAD) says so; NULL where the connection had ended before its first byte. */
RawAnswer *raw_client_read (RawClient *client, gboolean no_body);
/* (transfer full): the next answer's head; its body is left to be received. */
RawAnswer *raw_client_read_head (RawClient *client);
/* Whether something has come and was not read, or the end. */
gboolean raw_client_has_news (RawClient *client);
/* How many bytes came, at least one; 0: the end. */
gsize raw_client_receive (RawClient *client, char *data, gsize length);

/* Sends, and fails the test unless the answer has this status and, where not NULL, body. */
void raw_client_expect (RawClient *client, const char *request, guint status, const char *body);
/* Fails the test unless the next answer is so. */
void raw_client_expect_answer (RawClient *client, guint status, const char *body);
/* Fails the test where anything but the end comes; a reset is an end too. */
void raw_client_expect_end (RawClient *client);

/* No more will be sent. */
void raw_client_half_close (RawClient *client);
/* Closes with a reset. */
void raw_client_reset (RawClient *client);

/* (transfer full) (nullable): a field's value. */
char *raw_answer_dup_header (const RawAnswer *answer, const char *name);
/* Fails the test unless the field has this value (NULL: is not there). */
void raw_answer_expect_header (const RawAnswer *answer, const char *name, const char *value);
void raw_answer_free (RawAnswer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawClient, raw_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawAnswer, raw_answer_free)
