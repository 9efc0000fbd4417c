/* SPDX-License-Identifier: MIT */

#include "client-answer.h"

#include <h3/base/debug.h>
#include <h3/base/view-scan.h>

/* Other people's servers say more in a field than clients do: policies, and cookies many at once.
 */
#define MAX_HEAD       65535
#define MAX_FIELD_LINE 32768
#define MAX_FIELDS     256

void
answer_tools_init (AnswerTools *tools)
{
    h3_limits_init (&tools->limits);
    tools->limits.head = MAX_HEAD;
    tools->limits.field_line = MAX_FIELD_LINE;
    tools->limits.fields = MAX_FIELDS;
    tools->fields = g_new (HeadField, MAX_FIELDS);
    tools->reader = http1_response_reader_new ();
}

void
answer_tools_clear (AnswerTools *tools)
{
    g_clear_pointer (&tools->fields, g_free);
    g_clear_pointer (&tools->reader, http1_response_reader_free);
}

/* The one place where the state changes. To tell of what every answer does would cost more than to
 * read it. */
static void
set_state (ClientAnswer *answer, AnswerState state)
{
    static const char *const names[] = { "head", "body", "raw", "whole", "broken" };

    debug_tell ("answer %p: %s to %s", (gpointer) answer, names[answer->state], names[state]);
    answer->state = (guint8) state;
}

static void
start_lint (ClientAnswer *answer)
{
    http1_lint_init_response (&answer->lint, answer->tools->fields,
                              (guint16) answer->tools->limits.fields);
}

void
client_answer_init (ClientAnswer *answer, const AnswerTools *tools, H3Method method, H3View upgrade,
                    guint64 max_body)
{
    const H3Limits *limits = &tools->limits;

    memset (answer, 0, sizeof *answer);
    answer->tools = tools;
    answer->method = (guint8) method;
    answer->upgrade = upgrade;
    answer->limits.max_body = max_body;
    answer->limits.max_extension = (guint32) limits->chunk_extension;
    answer->limits.max_extensions = (guint32) limits->chunk_extensions;
    answer->limits.max_trailer_bytes = (guint32) limits->trailer_bytes;
    answer->limits.max_trailers = (guint32) limits->trailers;
    start_lint (answer);
}

void
client_answer_clear (ClientAnswer *answer)
{
    http1_body_clear (&answer->body);
}

static AnswerStep
break_off (ClientAnswer *answer, const char *problem)
{
    answer->problem = problem;
    set_state (answer, ANSWER_BROKEN);
    return ANSWER_IS_BROKEN;
}

/* Lints on. A head that came in pieces was linted as it came, for errors and limits; its index is
 * made anew from the whole, since the loop's field table has served others meanwhile. */
static LintResult
lint (ClientAnswer *answer, H3View input)
{
    const H3Limits *limits = &answer->tools->limits;
    LintResult result = http1_lint_step (&answer->lint, limits, input.data, input.length);

    if (result == LINT_WHOLE && answer->head_was_split) {
        start_lint (answer);
        result = http1_lint_step (&answer->lint, limits, input.data, input.length);
    }
    return result;
}

/* "timeout=5, max=100": a hint that many servers give, and hold to. 0: there is none. */
static guint32
read_kept_seconds (const Http1Response *response)
{
    H3View field = http1_response_lookup (response, H3_VIEW ("Keep-Alive"));
    H3View part, name;
    guint64 seconds = 0;

    while (field.data != NULL && h3_view_split (&field, ',', &part)) {
        part = h3_view_trim (part);
        name = view_take_token (&part);
        if (h3_view_equal_ignore_case (name, H3_VIEW ("timeout")) && view_take (&part, '='))
            (void) h3_view_parse_uint (part, G_MAXUINT32, &seconds);
    }
    return (guint32) seconds;
}

static void
begin_body (ClientAnswer *answer, const Http1Response *response)
{
    answer->has_head = TRUE;
    answer->keeps = response->keep_alive && response->framing != FRAMING_CLOSE;
    answer->kept_seconds = answer->keeps ? read_kept_seconds (response) : 0;
    switch (response->framing) {
    case FRAMING_NONE:
        set_state (answer, response->is_upgrade ? ANSWER_RAW : ANSWER_WHOLE);
        return;
    case FRAMING_LENGTH:
        http1_body_init_exact (&answer->body, &answer->limits, response->length);
        break;
    case FRAMING_CHUNKED:
        http1_body_init_chunked (&answer->body, &answer->limits);
        break;
    case FRAMING_CLOSE:
        http1_body_init_until_close (&answer->body, &answer->limits);
        break;
    }
    set_state (answer, ANSWER_BODY);
}

static AnswerStep
take_head (ClientAnswer *answer, const Http1Response *response)
{
    if (response->status >= 200 || response->is_upgrade) {
        begin_body (answer, response);
        return ANSWER_HAS_HEAD;
    }
    if (++answer->n_interim > CLIENT_ANSWER_MAX_INTERIM)
        return break_off (answer, "interim answers without an end");
    return response->status == 100 ? ANSWER_GOES_ON : ANSWER_IS_INTERIM;
}

static AnswerStep
step_head (ClientAnswer *answer, H3View *input, Http1Response *out_response)
{
    const char *base = input->data, *problem;

    if (input->length == 0)
        return ANSWER_WAITS;
    switch (lint (answer, *input)) {
    case LINT_MORE:
        answer->head_was_split = TRUE;
        return ANSWER_WAITS;
    case LINT_REFUSED:
        return break_off (answer, http1_lint_explain (&answer->lint));
    default:
        break;
    }
    problem = http1_response_read (answer->tools->reader, base, &answer->lint.index,
                                   (H3Method) answer->method, answer->upgrade, out_response);
    if (problem != NULL)
        return break_off (answer, problem);
    *input = h3_view (base + answer->lint.index.length, input->length - answer->lint.index.length);
    answer->head_was_split = FALSE;
    start_lint (answer);
    return take_head (answer, out_response);
}

static const char *
explain_body (const ClientAnswer *answer)
{
    switch (answer->body.status) {
    case 413:
        return "the body is larger than may be taken";
    case 431:
        return "the trailer section is too large";
    default:
        return "the chunks of the body are not as they have to be";
    }
}

static AnswerStep
step_body (ClientAnswer *answer, H3View *input, H3View *out_piece)
{
    switch (http1_body_step (&answer->body, input, out_piece)) {
    case HTTP1_BODY_NEEDS_MORE:
        return ANSWER_WAITS;
    case HTTP1_BODY_DATA:
        return ANSWER_HAS_PIECE;
    case HTTP1_BODY_END:
        set_state (answer, ANSWER_WHOLE);
        return ANSWER_IS_WHOLE;
    default:
        answer->is_too_large = answer->body.status == 413;
        return break_off (answer, explain_body (answer));
    }
}

static AnswerStep
step_raw (H3View *input, H3View *out_piece)
{
    if (input->length == 0)
        return ANSWER_WAITS;
    *out_piece = *input;
    *input = H3_VIEW_EMPTY;
    return ANSWER_HAS_PIECE;
}

AnswerStep
client_answer_step (ClientAnswer *answer, H3View *input, Http1Response *out_response,
                    H3View *out_piece)
{
    switch ((AnswerState) answer->state) {
    case ANSWER_HEAD:
        return step_head (answer, input, out_response);
    case ANSWER_BODY:
        return step_body (answer, input, out_piece);
    case ANSWER_RAW:
        return step_raw (input, out_piece);
    case ANSWER_WHOLE:
        return ANSWER_IS_WHOLE;
    default:
        return ANSWER_IS_BROKEN;
    }
}

AnswerStep
client_answer_end_of_input (ClientAnswer *answer, gboolean is_truncated)
{
    switch ((AnswerState) answer->state) {
    case ANSWER_HEAD:
        return break_off (answer, answer->head_was_split ? "in the middle of its head"
                                                         : "before it answered");
    case ANSWER_BODY:
        if (!http1_body_end_of_input (&answer->body))
            return break_off (answer, "in the middle of the body");
        if (is_truncated)
            return break_off (answer, "without the word that TLS has for it, so the body may "
                                      "have been cut short on the way");
        set_state (answer, ANSWER_WHOLE);
        return ANSWER_IS_WHOLE;
    case ANSWER_RAW:
        set_state (answer, ANSWER_WHOLE);
        return ANSWER_IS_WHOLE;
    case ANSWER_WHOLE:
        return ANSWER_IS_WHOLE;
    default:
        return ANSWER_IS_BROKEN;
    }
}

static void
add_trailer (H3View name, H3View value, gpointer user_data)
{
    H3Headers **trailers = user_data;

    if (*trailers == NULL)
        *trailers = h3_headers_new ();
    h3_headers_add_view (*trailers, name, value);
}

H3Headers *
client_answer_dup_trailers (const ClientAnswer *answer)
{
    H3Headers *trailers = NULL;

    http1_body_foreach_trailer (&answer->body, add_trailer, &trailers);
    return trailers;
}
