/* SPDX-License-Identifier: MIT
 *
 * A server's end of one connection, which does what a script says, well or badly. One thread. */

#pragma once

#include "scripted-record.h"

#include <openssl/ssl.h>

typedef enum {
    STEP_CLOSE, /* what a script ends with */
    STEP_CUT,
    STEP_RESET,
    STEP_HALF_CLOSE,
    STEP_TLS,
    STEP_HEAD,
    STEP_BODY,
    STEP_CHUNKS,
    STEP_REQUEST,
    STEP_ALL,
    STEP_SEND,
    STEP_SEND_SPLIT,
    STEP_WAIT,
    STEP_HANG,
    STEP_AGAIN,
} ScriptStepKind;

typedef struct {
    ScriptStepKind kind;
    const char *data; /* borrowed: static, or the test's until the server is cleared */
    gsize length;     /* of it; 0: up to its NUL */
    guint64 n;
} ScriptStep;

/* Where a script is played. */
typedef struct {
    int fd;                 /* owned */
    int ending;             /* borrowed: readable when all is to end */
    int permits;            /* borrowed: a semaphore, one for each SCRIPT_WAIT that may go on */
    SSL_CTX *context;       /* borrowed; NULL: no TLS */
    ScriptedRecord *record; /* borrowed */
    guint number;           /* in it */
} ScriptedPlace;

/* Plays it to its end, and closes. What is heard goes to the record. */
void scripted_connection_play (const ScriptedPlace *place, const ScriptStep *script);
