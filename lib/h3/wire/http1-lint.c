/* SPDX-License-Identifier: MIT */

#include "http1-lint.h"

#include <h3/wire/http1-glance.h>
#include <h3/wire/http1-lint-private.h>
#include <h3/wire/http1-scan.h>

#define T HTTP1_TOKEN
#define U HTTP1_TARGET
const guint8 http1_classes[256] = {
    ['0' ... '9'] = T | U,
    ['A' ... 'Z'] = T | U,
    ['a' ... 'z'] = T | U,
    ['!'] = T | U,
    ['$'] = T | U,
    ['&'] = T | U,
    ['\''] = T | U,
    ['*'] = T | U,
    ['+'] = T | U,
    ['-'] = T | U,
    ['_'] = T | U,
    ['~'] = T | U,
    ['.'] = T | U | TARGET_HAS_DOT << 1,
    ['%'] = T | U | TARGET_HAS_ESCAPE << 1,
    ['#'] = T,
    ['^'] = T,
    ['`'] = T,
    ['|'] = T,
    ['('] = U,
    [')'] = U,
    [','] = U,
    ['/'] = U,
    [':'] = U,
    [';'] = U,
    ['='] = U,
    ['@'] = U,
    ['['] = U,
    [']'] = U,
    ['?'] = U | TARGET_HAS_QUERY << 1,
};

static Step
step_start (Http1Lint *lint, Cursor *cursor)
{
    if (cursor->p == cursor->data_end)
        return STEP_OUT_OF_BYTES;
    lint->phase = PHASE_METHOD;
    if (*cursor->p == '\r') {
        cursor->p++;
        lint->index.start = 2;
        lint->phase = PHASE_START_LF;
    }
    return STEP_NEXT;
}

static Step
step_start_lf (Http1Lint *lint, Cursor *cursor)
{
    if (cursor->p == cursor->data_end)
        return STEP_OUT_OF_BYTES;
    if (*cursor->p++ != '\n')
        return refuse (lint, 400);
    lint->phase = PHASE_METHOD;
    return STEP_NEXT;
}

static Step
step_method (Http1Lint *lint, Cursor *cursor)
{
    const char *p = cursor->p;

    bound (cursor, lint->index.start, HTTP1_MAX_METHOD + 1);
    while (p < cursor->end && IS_TOKEN (*p))
        p++;
    cursor->p = p;
    if (p == cursor->end)
        return run_out (lint, cursor, 400);
    lint->index.method_length = (guint16) (p - cursor->data - lint->index.start);
    if (*p != ' ' || lint->index.method_length == 0 || lint->index.method_length > HTTP1_MAX_METHOD)
        return refuse (lint, 400);
    cursor->p++;
    lint->index.target = (guint16) (cursor->p - cursor->data);
    lint->phase = PHASE_TARGET;
    return STEP_NEXT;
}

static Step
step_target (Http1Lint *lint, Cursor *cursor)
{
    const char *p = cursor->p;
    guint classes = 0;

    bound (cursor, lint->index.target, (gsize) cursor->limits->target + 1);
    p = skip_plain_target (cursor->data, p, cursor->end);
    while (p < cursor->end && IS_TARGET (*p)) {
        classes |= http1_classes[(guchar) *p++];
        p = skip_plain_target (cursor->data, p, cursor->end);
    }
    lint->index.target_flags |= target_flags_of (classes);
    cursor->p = p;
    if (p == cursor->end)
        return run_out (lint, cursor, 414);
    lint->index.target_length = (guint16) (p - cursor->data - lint->index.target);
    if (*p != ' ' || lint->index.target_length == 0)
        return refuse (lint, 400);
    if (lint->index.target_length > cursor->limits->target)
        return refuse (lint, 414);
    cursor->p++;
    lint->version_at = 0;
    lint->phase = PHASE_VERSION;
    return STEP_NEXT;
}

/* "HTTP/1.1" CR LF, a byte at a time where it does not stand there whole. */
static Step
step_version (Http1Lint *lint, Cursor *cursor)
{
    static const char shape[] = "HTTP/d.d\r\n";
    static const char usual[] = "HTTP/1.1\r\n";

    bound (cursor, (gsize) cursor->limits->head, 0);
    if (lint->version_at == 0 && cursor->end - cursor->p >= 10
        && memcmp (cursor->p, usual, 10) == 0) {
        cursor->p += 10;
        lint->index.minor = 1;
    } else {
        for (; lint->version_at < 10; lint->version_at++, cursor->p++) {
            char expected = shape[lint->version_at];

            if (cursor->p == cursor->end)
                return run_out (lint, cursor, 431);
            if (expected == 'd' ? !g_ascii_isdigit (*cursor->p) : *cursor->p != expected)
                return refuse (lint, 400);
            if (lint->version_at == 5)
                lint->major_character = *cursor->p;
            else if (lint->version_at == 7)
                lint->minor_character = *cursor->p;
        }
        if (lint->major_character == '0')
            return refuse (lint, 400);
        if (lint->major_character != '1' || lint->minor_character > '1')
            return refuse (lint, 505);
        lint->index.minor = (guint8) (lint->minor_character - '0');
    }
    lint->phase = PHASE_LINE;
    return STEP_NEXT;
}

static void
bound_line (Http1Lint *lint, Cursor *cursor)
{
    bound (cursor, lint->line, (gsize) cursor->limits->field_line + 2);
}

static Step
step_line (Http1Lint *lint, Cursor *cursor)
{
    lint->line = (guint32) (cursor->p - cursor->data);
    bound (cursor, lint->line, 1);
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p == '\r') {
        cursor->p++;
        lint->phase = PHASE_END_LF;
        return STEP_NEXT;
    }
    if (!IS_TOKEN (*cursor->p))
        return refuse (lint, 400);
    if (lint->index.n_fields == lint->index.max_fields)
        return refuse (lint, 431);
    lint->phase = PHASE_NAME;
    bound_line (lint, cursor);
    return STEP_NEXT;
}

static Step
step_name (Http1Lint *lint, Cursor *cursor)
{
    const char *p = cursor->p;
    HeadField *field = &lint->index.fields[lint->index.n_fields];

    p = skip_plain_name (cursor->data, p, cursor->end);
    while (p < cursor->end && IS_TOKEN (*p))
        p++;
    cursor->p = p;
    if (p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*p != ':')
        return refuse (lint, 400);
    field->name = (guint16) lint->line;
    field->name_length = (guint16) (p - cursor->data - lint->line);
    look_up_known (&lint->index, field, cursor->data + lint->line, field->name_length);
    cursor->p++;
    lint->phase = PHASE_BLANKS;
    return STEP_NEXT;
}

static Step
step_blanks (Http1Lint *lint, Cursor *cursor)
{
    while (cursor->p < cursor->end && (*cursor->p == ' ' || *cursor->p == '\t'))
        cursor->p++;
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    lint->value = (guint32) (cursor->p - cursor->data);
    lint->phase = PHASE_VALUE;
    return STEP_NEXT;
}

static Step
step_value (Http1Lint *lint, Cursor *cursor)
{
    const char *p = cursor->p;
    HeadField *field = &lint->index.fields[lint->index.n_fields];

    for (;;) {
        p = skip_text (cursor->data, p, cursor->end);
        while (p < cursor->end && (guchar) *p >= 0x20 && *p != 0x7f)
            p++;
        if (p == cursor->end || *p != '\t')
            break;
        p++;
    }
    cursor->p = p;
    if (p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*p != '\r')
        return refuse (lint, 400);
    while (p > cursor->data + lint->value && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    field->value = (guint16) lint->value;
    field->value_length = (guint16) (p - cursor->data - lint->value);
    cursor->p++;
    lint->phase = PHASE_VALUE_LF;
    return STEP_NEXT;
}

static Step
step_value_lf (Http1Lint *lint, Cursor *cursor)
{
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p != '\n')
        return refuse (lint, 400);
    cursor->p++;
    lint->index.n_fields++;
    lint->phase = PHASE_LINE;
    return STEP_NEXT;
}

static Step
step_end_lf (Http1Lint *lint, Cursor *cursor)
{
    bound (cursor, (gsize) cursor->limits->head, 0);
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p != '\n')
        return refuse (lint, 400);
    cursor->p++;
    lint->index.length = (guint16) (cursor->p - cursor->data);
    return STEP_WHOLE;
}

/* The phases of the request line, one behind the other, from where it stopped. */
static inline Step
step_request_line (Http1Lint *lint, Cursor *cursor)
{
    Step step = STEP_NEXT;

    if (lint->phase == PHASE_START)
        step = step_start (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_START_LF)
        step = step_start_lf (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_METHOD)
        step = step_method (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_TARGET)
        step = step_target (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_VERSION)
        step = step_version (lint, cursor);
    return step;
}

/* Those of one field line, or of the blank one. */
static inline Step
step_field_line (Http1Lint *lint, Cursor *cursor)
{
    Step step = STEP_NEXT;

    if (lint->phase == PHASE_LINE)
        step = step_line (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_NAME)
        step = step_name (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_BLANKS)
        step = step_blanks (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_VALUE)
        step = step_value (lint, cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_VALUE_LF)
        step = step_value_lf (lint, cursor);
    else if (step == STEP_NEXT && lint->phase == PHASE_END_LF)
        step = step_end_lf (lint, cursor);
    return step;
}

void
http1_lint_init (Http1Lint *lint, HeadField *fields, guint16 max_fields)
{
    memset (lint, 0, sizeof *lint);
    lint->index.fields = fields;
    lint->index.max_fields = max_fields;
}

void
http1_lint_init_response (Http1Lint *lint, HeadField *fields, guint16 max_fields)
{
    http1_lint_init (lint, fields, max_fields);
    lint->phase = PHASE_STATUS;
}

const char *
http1_lint_explain (const Http1Lint *lint)
{
    if (lint->status == 431)
        return "more or longer header fields than are taken";
    if (lint->status == 505)
        return "a version of HTTP that is neither 1.0 nor 1.1";
    if (lint->phase < PHASE_METHOD)
        return "no status line of HTTP/1.1";
    return "a header field that is not well-formed";
}

gboolean
http1_lint_has_begun (const Http1Lint *lint)
{
    return lint->phase > PHASE_METHOD || lint->at > lint->index.start;
}

LintResult
http1_lint_go_on (Http1Lint *lint, const H3Limits *limits, const char *data, gsize length)
{
    Cursor cursor = cursor_at (lint, limits, data, length);
    Step step;

    if (lint->phase >= PHASE_NAME && lint->phase <= PHASE_VALUE_LF)
        bound_line (lint, &cursor);
    step = step_request_line (lint, &cursor);
    while (step == STEP_NEXT)
        step = step_field_line (lint, &cursor);
    lint->at = (guint32) (cursor.p - data);
    if (step == STEP_OUT_OF_BYTES)
        return LINT_MORE;
    return step == STEP_WHOLE ? LINT_WHOLE : LINT_REFUSED;
}

LintResult
http1_lint_step (Http1Lint *lint, const H3Limits *limits, const char *data, gsize length)
{
    if (lint->at == 0 && lint->phase == PHASE_START) {
        if (G_LIKELY (http1_glance (&lint->index, limits, data, length)))
            return LINT_WHOLE;
        http1_lint_init (lint, lint->index.fields, lint->index.max_fields);
    }
    if (lint->phase > PHASE_START && lint->phase <= PHASE_REASON_LF)
        return http1_status_line_step (lint, limits, data, length);
    return http1_lint_go_on (lint, limits, data, length);
}
