/* SPDX-License-Identifier: MIT
 *
 * What the wire refuses and accepts, as data: whole requests and how each is answered, for the
 * conformance suite and for tests of the lint and the reader. Constant. */

#pragma once

#include "h3/base/view.h"

/* Who finds out. */
typedef enum {
    WIRE_HEAD,    /* the lint or the reader: before anything is dispatched */
    WIRE_BODY,    /* whoever reads the body to its end */
    WIRE_PROGRAM, /* the program: a well-formed request */
} WireStage;

typedef struct {
    const char *name;
    const char *reference; /* NULL: the group's */
    H3View bytes;          /* may hold NUL */
    guint status;          /* 0: accepted, and one whole message */
    guint other;           /* as good as `status`; 0: none */
    WireStage stage;
    gboolean ends;     /* the connection ends behind the answer */
    const char *sees;  /* accepted: what a handler sees, as conformance-program.h writes it */
    const char *wants; /* of the answer, as wire-answer.h reads it; NULL: nothing more */
} WireCase;

/* Refused: the wire's refusals end the connection, a program's do not. */
#define WIRE_CASE(name, status, stage, literal)                                                    \
    {                                                                                              \
        name, NULL, { "" literal "", sizeof (literal) - 1 }, status, 0, stage,                     \
            stage != WIRE_PROGRAM, NULL, NULL                                                      \
    }
#define WIRE_CASE_OF(name, reference, status, stage, literal)                                      \
    {                                                                                              \
        name, reference, { "" literal "", sizeof (literal) - 1 }, status, 0, stage,                \
            stage != WIRE_PROGRAM, NULL, NULL                                                      \
    }
#define WIRE_EITHER(name, status, other, stage, literal)                                           \
    {                                                                                              \
        name, NULL, { "" literal "", sizeof (literal) - 1 }, status, other, stage,                 \
            stage != WIRE_PROGRAM, NULL, NULL                                                      \
    }
/* Accepted; the connection goes on, or (LAST) ends. */
#define WIRE_TAKEN(name, sees, literal)                                                            \
    {                                                                                              \
        name, NULL, { "" literal "", sizeof (literal) - 1 }, 0, 0, WIRE_HEAD, FALSE, sees, NULL    \
    }
#define WIRE_LAST(name, sees, literal)                                                             \
    {                                                                                              \
        name, NULL, { "" literal "", sizeof (literal) - 1 }, 0, 0, WIRE_HEAD, TRUE, sees, NULL     \
    }
/* Answered by the program with `status` and `wants`. */
#define WIRE_ANSWER(name, status, ends, wants, literal)                                            \
    {                                                                                              \
        name, NULL, { "" literal "", sizeof (literal) - 1 }, status, 0, WIRE_PROGRAM, ends, NULL,  \
            wants                                                                                  \
    }

typedef struct {
    const char *section, *part, *reference;
    const WireCase *rows;
    guint n;
} WireGroup;

#define WIRE_GROUP(section, part, reference, rows)                                                 \
    {                                                                                              \
        section, part, reference, rows, G_N_ELEMENTS (rows)                                        \
    }

extern const WireGroup wire_line_groups[], wire_target_groups[], wire_field_groups[],
    wire_framing_groups[], wire_chunk_groups[], wire_smuggling_groups[], wire_answered_groups[],
    wire_accepted_groups[];
extern const guint n_wire_line_groups, n_wire_target_groups, n_wire_field_groups,
    n_wire_framing_groups, n_wire_chunk_groups, n_wire_smuggling_groups, n_wire_answered_groups,
    n_wire_accepted_groups;

typedef void (*WireCaseFunction) (const WireCase *wire_case, gpointer user_data);
typedef void (*WireGroupFunction) (const WireGroup *group, gpointer user_data);

/* Every row of all tables, in an order that stays; or every group of them. */
void wire_cases_foreach (WireCaseFunction function, gpointer user_data);
void wire_groups_foreach (WireGroupFunction function, gpointer user_data);
