/* SPDX-License-Identifier: MIT */

#include "http1-lint-private.h"

#include <h3/base/character.h>

/* Byte `at` of "HTTP/1.x 200": 0, or the status to refuse it with. */
static guint
judge_status_byte (Http1Lint *lint, guint at, char c)
{
    static const char shape[] = "HTTP/d.d hdd";

    switch (shape[at]) {
    case 'd':
        if (!g_ascii_isdigit (c))
            return 400;
        if (at == 5)
            lint->major_character = c;
        else if (at == 7)
            lint->minor_character = c;
        return at == 7 && (lint->major_character != '1' || c > '1') ? 505 : 0;
    case 'h':
        return c >= '1' && c <= '5' ? 0 : 400;
    default:
        return c == shape[at] ? 0 : 400;
    }
}

static Step
step_status (Http1Lint *lint, Cursor *cursor)
{
    for (; lint->version_at < 12; lint->version_at++, cursor->p++) {
        guint status;

        if (cursor->p == cursor->end)
            return run_out (lint, cursor, 431);
        status = judge_status_byte (lint, lint->version_at, *cursor->p);
        if (status != 0)
            return refuse (lint, status);
    }
    lint->index.minor = (guint8) (lint->minor_character - '0');
    lint->phase = PHASE_STATUS_END;
    return STEP_NEXT;
}

/* Servers that give no reason often leave its blank away too. */
static Step
step_status_end (Http1Lint *lint, Cursor *cursor)
{
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p != ' ' && *cursor->p != '\r')
        return refuse (lint, 400);
    lint->phase = *cursor->p++ == ' ' ? PHASE_REASON : PHASE_REASON_LF;
    lint->index.target = lint->phase == PHASE_REASON ? 13 : 12;
    return STEP_NEXT;
}

static Step
step_reason (Http1Lint *lint, Cursor *cursor)
{
    while (cursor->p < cursor->end && character_is (*cursor->p, CHARACTER_TEXT))
        cursor->p++;
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p != '\r')
        return refuse (lint, 400);
    lint->index.target_length = (guint16) (cursor->p - cursor->data - lint->index.target);
    cursor->p++;
    lint->phase = PHASE_REASON_LF;
    return STEP_NEXT;
}

static Step
step_reason_lf (Http1Lint *lint, Cursor *cursor)
{
    if (cursor->p == cursor->end)
        return run_out (lint, cursor, 431);
    if (*cursor->p++ != '\n')
        return refuse (lint, 400);
    lint->phase = PHASE_LINE;
    return STEP_NEXT;
}

LintResult
http1_status_line_step (Http1Lint *lint, const H3Limits *limits, const char *data, gsize length)
{
    Cursor cursor = cursor_at (lint, limits, data, length);
    Step step = STEP_NEXT;

    bound (&cursor, 0, (gsize) limits->field_line + 2);
    if (lint->phase == PHASE_STATUS)
        step = step_status (lint, &cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_STATUS_END)
        step = step_status_end (lint, &cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_REASON)
        step = step_reason (lint, &cursor);
    if (step == STEP_NEXT && lint->phase == PHASE_REASON_LF)
        step = step_reason_lf (lint, &cursor);
    lint->at = (guint32) (cursor.p - data);
    if (step == STEP_OUT_OF_BYTES)
        return LINT_MORE;
    return step == STEP_NEXT ? http1_lint_go_on (lint, limits, data, length) : LINT_REFUSED;
}
