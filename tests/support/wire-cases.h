/* SPDX-License-Identifier: MIT
 *
 * What the wire refuses and accepts, as data: whole requests and the status each is answered with,
 * for tests of the lint and the reader, of a connection, and of a server over sockets. Constant. */

#pragma once

#include "h3/base/view.h"

/* Who finds out. */
typedef enum {
    WIRE_HEAD,    /* the lint or the reader: before anything is dispatched */
    WIRE_BODY,    /* whoever reads the body to its end */
    WIRE_PROGRAM, /* the program: a well-formed request that no handler wants */
} WireStage;

typedef struct {
    const char *name;
    H3View bytes;
    guint status; /* 0: accepted, and one whole message */
    WireStage stage;
    const char *note; /* NULL: none */
} WireCase;

/* A row: the bytes may hold NUL. */
#define WIRE_CASE(name, status, stage, literal)                                                    \
    {                                                                                              \
        name, { "" literal "", sizeof (literal) - 1 }, status, stage, NULL                         \
    }
#define WIRE_CASE_NOTED(name, status, stage, literal, note)                                        \
    {                                                                                              \
        name, { "" literal "", sizeof (literal) - 1 }, status, stage, note                         \
    }

extern const WireCase wire_line_cases[], wire_field_cases[], wire_framing_cases[],
    wire_chunk_cases[], wire_accepted_cases[];
extern const guint n_wire_line_cases, n_wire_field_cases, n_wire_framing_cases, n_wire_chunk_cases,
    n_wire_accepted_cases;

typedef void (*WireCaseFunction) (const WireCase *wire_case, gpointer user_data);

/* Every row of all tables. */
void wire_cases_foreach (WireCaseFunction function, gpointer user_data);

/* Requests as long as a limit and `over` more (or fewer): what goes beyond it is refused. */
typedef enum {
    WIRE_LIMIT_TARGET,     /* 414 */
    WIRE_LIMIT_FIELD_LINE, /* 431 */
    WIRE_LIMIT_HEAD,       /* 431 */
    WIRE_LIMIT_FIELDS,     /* 431 */
    N_WIRE_LIMITS
} WireLimit;

/* (transfer full): a GET for /; `at` is the limit that the server has. */
GString *wire_case_build_at_limit (WireLimit limit, gsize at, int over);
/* The status of what goes beyond. */
guint wire_limit_get_status (WireLimit limit);
