/* SPDX-License-Identifier: MIT */

#include "talk.h"

#include "fault-server.h"

#include "tests/support/suite.h"

#include <string.h>

void
talk_end (Talk *talk, const char *when)
{
    ck_assert_msg (!talk->terms->is_strict, "the connection was %s %s",
                   talk->client->was_reset ? "reset" : "closed", when);
    talk->has_ended = TRUE;
}

void
talk_say_data (Talk *talk, const char *data, gsize length)
{
    if (!talk->has_ended && !raw_client_send_data (talk->client, data, length))
        talk_end (talk, "before all was sent");
}

void
talk_say (Talk *talk, const char *text)
{
    talk_say_data (talk, text, strlen (text));
}

RawAnswer *
talk_take_answer (Talk *talk, gboolean no_body)
{
    RawAnswer *answer;

    if (talk->has_ended)
        return NULL;
    answer = raw_client_read (talk->client, no_body);
    if (answer == NULL)
        talk_end (talk, "instead of an answer");
    else if (!answer->is_whole)
        talk_end (talk, "within an answer");
    return answer;
}

void
talk_check_answer (Talk *talk, const RawAnswer *answer, guint status, const char *body,
                   gsize length)
{
    if (!talk->terms->is_strict && (answer->status != status || !answer->is_whole)) {
        ck_assert_msg (answer->status == status || (answer->status >= 400 && answer->status < 600),
                       "answered %u: %s", answer->status, answer->head);
        return;
    }
    ck_assert_msg (answer->status == status, "answered %u, not %u: %s%s", answer->status, status,
                   answer->head, answer->body->str);
    ck_assert_msg (answer->body->len == length && memcmp (answer->body->str, body, length) == 0,
                   "%u bytes came, not the right %u: %s", (guint) answer->body->len, (guint) length,
                   answer->head);
}

void
talk_hear_data (Talk *talk, guint status, const char *body, gsize length)
{
    g_autoptr (RawAnswer) answer = talk_take_answer (talk, FALSE);

    if (answer != NULL)
        talk_check_answer (talk, answer, status, body, length);
}

void
talk_hear (Talk *talk, guint status, const char *body)
{
    talk_hear_data (talk, status, body, strlen (body));
}

void
talk_hear_text (Talk *talk, gsize length)
{
    g_autofree char *text = fault_server_make_text (length);

    talk_hear_data (talk, 200, text, length);
}

void
talk_hear_status (Talk *talk, guint status, gboolean no_body)
{
    g_autoptr (RawAnswer) answer = talk_take_answer (talk, no_body);

    if (answer != NULL)
        talk_check_answer (talk, answer, status, answer->body->str, answer->body->len);
}

void
talk_hear_bytes (Talk *talk, const char *bytes, gsize length)
{
    char heard[64];
    gsize n = 0;

    ck_assert_uint_le (length, sizeof heard);
    while (!talk->has_ended && n < length) {
        gsize got = raw_client_receive (talk->client, heard + n, length - n);

        if (got == 0)
            talk_end (talk, "within a WebSocket");
        n += got;
    }
    if (!talk->has_ended)
        ck_assert_mem_eq (heard, bytes, length);
}
