/* SPDX-License-Identifier: MIT
 *
 * A connection's bytes from its first to its last: whatever comes, what goes out is a row of whole
 * answers, no more than were asked for; and the same whether the bytes came at once or in pieces.
 */

#include "fuzz.h"
#include "h3/http/answer.h"
#include "h3/http/failure.h"
#include "h3/loop/clock.h"
#include "tests/support/connection-fixture.h"

#include <unistd.h>

/* The fixture asserts as tests do, and here is no runner that would hear of it: the linker puts
 * these in the place of check's _mark_point () and _ck_assert_failed (). */
void __wrap__mark_point (const char *file, int line);
_Noreturn void __wrap__ck_assert_failed (const char *file, int line, const char *expression, ...);

void
__wrap__mark_point (const char *file, int line)
{
}

void
__wrap__ck_assert_failed (const char *file, int line, const char *expression, ...)
{
    fuzz_fail (file, "%d: %s", line, expression);
}

/* What came out of a connection. */
typedef struct {
    GString *bytes; /* owned; without interim answers, each Date the same */
    guint n_answers;
    guint begun;
} Outcome;

typedef struct {
    H3View head, fields, body;
    guint status;
} Answer;

static void
on_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    guint *sum = user_data;

    for (gsize i = 0; i < length; i++)
        *sum = *sum * 31 + (guchar) data[i];
    if (data != NULL || h3_event_is_answered (event))
        return;
    if (error != NULL)
        h3_event_fail (event, g_error_copy (error));
    else
        h3_event_send_text (event, "streamed");
}

/* Whatever could be read as a trailer can be sent as one. */
static void
on_signed (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    const char *trailer = h3_request_get_trailer (h3_event_get_request (event), "X");

    if (data != NULL || error != NULL)
        return;
    h3_event_write (event, "signed", 6);
    FUZZ_ASSERT (trailer == NULL || h3_event_set_trailer (event, "X", trailer),
                 "a trailer that cannot be sent back: %s", trailer);
    h3_event_finish (event);
}

static void
answer_signed (H3Event *event)
{
    g_autoptr (H3Headers) hints = h3_headers_new ();

    h3_headers_add (hints, "Link", "</a>");
    h3_event_send_early_hints (event, hints);
    h3_event_declare_trailer (event, "X");
    h3_event_read_body (event, on_signed, NULL, NULL);
}

/* What the second byte of the path is decides how it is answered. */
static void
answer (H3Event *event, gpointer user_data)
{
    H3Request *request = h3_event_get_request (event);
    const char *path = h3_request_get_path (request);

    h3_event_set_header (event, "X-Method", h3_request_get_method_name (request));
    switch (path[0] != '\0' ? path[1] : '\0') {
    case 'n':
        h3_event_fail (event, g_error_new (H3_HTTP_ERROR, 404, "none"));
        break;
    case 's':
        h3_event_read_body (event, on_piece, g_new0 (guint, 1), g_free);
        break;
    case 'w':
        h3_event_start_stream (event, -1);
        h3_event_write (event, "one", 3);
        h3_event_write (event, path, strlen (path));
        h3_event_finish (event);
        break;
    case 't':
        answer_signed (event);
        break;
    case 'e':
        h3_event_set_status (event, 204);
        h3_event_send (event);
        break;
    default:
        fixture_echo (event, NULL);
        break;
    }
}

static gboolean
take_line (H3View *rest, H3View *out_line)
{
    gssize end = h3_view_find (*rest, '\r');

    if (end < 0 || (gsize) end + 1 >= rest->length || rest->data[end + 1] != '\n')
        return FALSE;
    *out_line = h3_view (rest->data, (gsize) end);
    *rest = h3_view (rest->data + end + 2, rest->length - (gsize) end - 2);
    return TRUE;
}

static gboolean
find_field (const Answer *answer, const char *name, H3View *out_value)
{
    H3View rest = answer->fields, line;

    while (take_line (&rest, &line)) {
        gssize colon = h3_view_find (line, ':');

        FUZZ_ASSERT (colon > 0, "a field line without a name: %.*s", H3_VIEW_ARGS (line));
        if (h3_view_equal_ignore_case (h3_view (line.data, (gsize) colon), h3_view_of (name))) {
            *out_value =
                h3_view_trim (h3_view (line.data + colon + 1, line.length - (gsize) colon - 1));
            return TRUE;
        }
    }
    return FALSE;
}

static void
take_chunks (H3View *rest, Answer *answer)
{
    const char *first = rest->data;
    guint64 size = 1;
    H3View line;

    while (size > 0) {
        FUZZ_ASSERT (take_line (rest, &line), "a chunk's size: %.*s", H3_VIEW_ARGS (*rest));
        size = g_ascii_strtoull (line.data, NULL, 16);
        if (size == 0)
            break;
        FUZZ_ASSERT (size + 2 <= rest->length, "a chunk is cut");
        *rest = h3_view (rest->data + size, rest->length - size);
        FUZZ_ASSERT (take_line (rest, &line) && line.length == 0, "no line's end behind a chunk");
    }
    do {
        FUZZ_ASSERT (take_line (rest, &line), "trailers without an end");
        FUZZ_ASSERT (line.length == 0 || h3_view_find (line, ':') > 0, "no trailer: %.*s",
                     H3_VIEW_ARGS (line));
    } while (line.length > 0);
    answer->body = h3_view (first, (gsize) (rest->data - first));
}

/* Where a request could not be read nobody knows its method: an answer that closes may then be
 * that to a HEAD. */
static void
take_body (H3View *rest, Answer *answer)
{
    H3View value, method, connection;
    guint64 length;
    gboolean to_head =
        find_field (answer, "X-Method", &method) && h3_view_equal (method, H3_VIEW ("HEAD"));
    gboolean closes = find_field (answer, "Connection", &connection)
                      && h3_view_equal_ignore_case (connection, H3_VIEW ("close"));

    answer->body = h3_view (rest->data, 0);
    if (to_head || answer->status < 200 || answer->status == 204 || answer->status == 304
        || (closes && rest->length == 0))
        return;
    if (find_field (answer, "Transfer-Encoding", &value)) {
        take_chunks (rest, answer);
    } else if (find_field (answer, "Content-Length", &value)) {
        FUZZ_ASSERT (h3_view_parse_uint (value, rest->length, &length), "a length of '%.*s'",
                     H3_VIEW_ARGS (value));
        answer->body.length = (gsize) length;
        *rest = h3_view (rest->data + length, rest->length - (gsize) length);
    } else {
        FUZZ_ASSERT (closes, "a body without an end");
        answer->body.length = rest->length;
        *rest = H3_VIEW_EMPTY;
    }
}

static void
take_answer (H3View *rest, Answer *answer)
{
    H3View line;
    const char *first = rest->data;

    FUZZ_ASSERT (take_line (rest, &line) && line.length > 12
                     && memcmp (line.data, "HTTP/1.1 ", 9) == 0,
                 "no status line: %.*s", H3_VIEW_ARGS (*rest));
    answer->status = (guint) g_ascii_strtoull (line.data + 9, NULL, 10);
    FUZZ_ASSERT (answer->status >= 100 && answer->status <= 599, "status %u", answer->status);
    answer->fields.data = rest->data;
    do {
        answer->fields.length = (gsize) (rest->data - answer->fields.data);
        FUZZ_ASSERT (take_line (rest, &line), "a head without an end");
    } while (line.length > 0);
    answer->head = h3_view (first, (gsize) (rest->data - first));
    take_body (rest, answer);
}

/* Interim answers depend on how much had come, and are left out. */
static void
note_answers (Outcome *outcome, H3View bytes)
{
    while (bytes.length > 0) {
        Answer answer;
        H3View date;

        take_answer (&bytes, &answer);
        if (answer.status < 200)
            continue;
        FUZZ_ASSERT (find_field (&answer, "Date", &date) && date.length == 29, "no Date");
        memset ((char *) date.data, 'd', date.length);
        outcome->n_answers++;
        g_string_append_len (outcome->bytes, answer.head.data, (gssize) answer.head.length);
        g_string_append_len (outcome->bytes, answer.body.data, (gssize) answer.body.length);
    }
}

static void
receive (int peer, GString *all, gboolean *out_ended)
{
    g_autofree char *text = fixture_receive (peer, out_ended);

    g_string_append (all, text);
}

/* Sends all, in one piece or in many, and hangs up on one side. */
static void
exchange (Outcome *outcome, H3View bytes, gboolean in_pieces)
{
    g_autoptr (GString) all = g_string_new (NULL);
    int peer = fixture_connect ();
    gboolean ended = FALSE;
    gsize from = 0, end = bytes.length;
    FuzzCuts cuts;

    fuzz_cuts_init (&cuts, bytes);
    while (!ended && from < bytes.length) {
        if (in_pieces)
            (void) fuzz_cuts_next (&cuts, &end);
        fixture_send (peer, h3_view (bytes.data + from, end - from));
        from = end;
        receive (peer, all, &ended);
    }
    (void) shutdown (peer, SHUT_WR);
    if (!ended)
        receive (peer, all, &ended);
    FUZZ_ASSERT (ended, "the connection stays open behind the end of its peer");
    (void) close (peer);
    fixture_settle ();
    outcome->bytes = g_string_new (NULL);
    note_answers (outcome, h3_view (all->str, all->len));
}

static void
run (Outcome *outcome, H3View bytes, gboolean in_pieces)
{
    static const H3BodyMode wishes[] = { H3_BODY_NONE, H3_BODY_BUFFERED, H3_BODY_STREAMED };
    FuzzChoice choice = fuzz_choice_of (bytes);

    *outcome = (Outcome){ 0 };
    fixture_set_up (fuzz_choose (&choice, 2));
    fixture.handler = answer;
    fixture.wish = wishes[fuzz_choose (&choice, G_N_ELEMENTS (wishes))];
    fixture.limits.requests = fuzz_choose (&choice, 4);
    fixture_start ();
    exchange (outcome, bytes, in_pieces);
    outcome->begun = fixture.begun;
    fixture_tear_down ();
    FUZZ_ASSERT (outcome->n_answers <= outcome->begun + 1, "%u answers to %u requests",
                 outcome->n_answers, outcome->begun);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    Outcome whole, in_pieces;

    run (&whole, h3_view (copy, size), FALSE);
    run (&in_pieces, h3_view (copy, size), TRUE);
    FUZZ_ASSERT (g_string_equal (whole.bytes, in_pieces.bytes), "whole:\n%s\nin pieces:\n%s",
                 whole.bytes->str, in_pieces.bytes->str);
    g_string_free (whole.bytes, TRUE);
    g_string_free (in_pieces.bytes, TRUE);
    return 0;
}
