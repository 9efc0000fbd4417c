/* SPDX-License-Identifier: MIT
 *
 * All that a server says to one request: what a client makes of it is the same whole, cut into
 * pieces, and with what was kept lying elsewhere each time. */

#include "fuzz.h"
#include "h3/client/client-answer.h"

typedef struct {
    H3Method method;
    H3View upgrade;
    guint64 max_body;
    gboolean is_truncated;
} Question;

static Question
choose (FuzzChoice *choice)
{
    static const H3Method methods[] = { H3_METHOD_GET, H3_METHOD_HEAD, H3_METHOD_CONNECT };
    static const H3View upgrades[] = { { "", 0 }, { "websocket", 9 } };
    Question question;

    question.method = methods[fuzz_choose (choice, G_N_ELEMENTS (methods))];
    question.upgrade = upgrades[fuzz_choose (choice, G_N_ELEMENTS (upgrades))];
    question.max_body = fuzz_choose (choice, 2) == 0 ? G_MAXUINT64 : fuzz_choose (choice, 20);
    question.is_truncated = fuzz_choose (choice, 2) == 0;
    return question;
}

static void
note_head (GString *told, const Http1Response *response)
{
    g_string_append_printf (told, "<%u ", response->status);
    for (guint i = 0; i < response->head.n_fields; i++) {
        H3View name = http1_response_get_name (response, i);
        H3View value = http1_response_get_value (response, i);

        g_string_append_len (told, name.data, (gssize) name.length);
        g_string_append_c (told, '=');
        g_string_append_len (told, value.data, (gssize) value.length);
    }
    g_string_append (told, ">");
}

/* Pieces of a body are told as one: only where they are cut may differ. */
static void
note_step (GString *told, AnswerStep step, const Http1Response *response, H3View piece)
{
    switch (step) {
    case ANSWER_GOES_ON:
        g_string_append (told, "<100>");
        break;
    case ANSWER_IS_INTERIM:
    case ANSWER_HAS_HEAD:
        note_head (told, response);
        break;
    case ANSWER_HAS_PIECE:
        FUZZ_ASSERT (piece.length > 0, "an empty piece");
        g_string_append_len (told, piece.data, (gssize) piece.length);
        break;
    default:
        break;
    }
}

/* TRUE: it came to an end. */
static gboolean
read_on (ClientAnswer *answer, H3View *input, GString *told)
{
    Http1Response response;
    H3View piece;

    for (;;) {
        const char *before = input->data;
        gsize length = input->length;
        AnswerStep step = client_answer_step (answer, input, &response, &piece);

        FUZZ_ASSERT (input->length <= length && (input->length == 0 || input->data >= before),
                     "%zu bytes of %zu are left", input->length, length);
        note_step (told, step, &response, piece);
        if (step == ANSWER_IS_WHOLE || step == ANSWER_IS_BROKEN)
            return TRUE;
        if (step == ANSWER_WAITS)
            return FALSE;
    }
}

static gboolean
note_trailer (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "(%s=%s)", name, value);
    return TRUE;
}

static void
note_end (ClientAnswer *answer, const Question *question, gboolean has_ended, gsize rest,
          GString *told)
{
    g_autoptr (H3Headers) trailers = NULL;

    if (!has_ended)
        (void) client_answer_end_of_input (answer, question->is_truncated);
    FUZZ_ASSERT (answer->state >= ANSWER_WHOLE, "no end in state %u", answer->state);
    FUZZ_ASSERT ((answer->state == ANSWER_BROKEN) == (answer->problem != NULL), "%s",
                 answer->problem);
    if (answer->state == ANSWER_WHOLE)
        g_string_append_printf (told, "<whole, %zu left>", rest);
    else
        g_string_append_printf (told, "<%s>", answer->problem);
    trailers = client_answer_dup_trailers (answer);
    if (trailers != NULL)
        h3_headers_foreach (trailers, note_trailer, told);
    client_answer_clear (answer);
}

static GString *
read_whole (const AnswerTools *tools, const Question *question, H3View input)
{
    GString *told = g_string_new (NULL);
    ClientAnswer answer;
    gboolean has_ended;

    client_answer_init (&answer, tools, question->method, question->upgrade, question->max_body);
    has_ended = read_on (&answer, &input, told);
    note_end (&answer, question, has_ended, input.length, told);
    return told;
}

static GString *
read_cut (const AnswerTools *tools, const Question *question, H3View bytes)
{
    GString *told = g_string_new (NULL);
    gboolean has_ended = FALSE;
    gsize used = 0, end;
    ClientAnswer answer;
    FuzzCuts cuts;

    client_answer_init (&answer, tools, question->method, question->upgrade, question->max_body);
    fuzz_cuts_init (&cuts, bytes);
    while (!has_ended && fuzz_cuts_next (&cuts, &end)) {
        g_autofree char *copy = fuzz_copy (bytes.data + used, end - used);
        H3View input = h3_view (copy, end - used);

        has_ended = read_on (&answer, &input, told);
        used = end - input.length;
    }
    note_end (&answer, question, has_ended, bytes.length - used, told);
    return told;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *copy = fuzz_copy (data, size);
    H3View bytes = h3_view (copy, size);
    FuzzChoice choice = fuzz_choice_of (bytes);
    Question question = choose (&choice);
    AnswerTools tools;
    GString *whole, *cut;

    answer_tools_init (&tools);
    whole = read_whole (&tools, &question, bytes);
    cut = read_cut (&tools, &question, bytes);
    FUZZ_ASSERT (g_string_equal (whole, cut), "whole: %s\ncut: %s", whole->str, cut->str);
    g_string_free (whole, TRUE);
    g_string_free (cut, TRUE);
    answer_tools_clear (&tools);
    return 0;
}
