/* SPDX-License-Identifier: MIT
 *
 * What is said and heard in an exchange, whose terms say whether all must go well. As the exchange:
 * main thread. */

#pragma once

#include "exchange.h"

#include "tests/support/raw-client.h"

struct _Talk {
    const ExchangeTerms *terms; /* borrowed */
    RawClient *client;          /* owned */
    gboolean has_ended;
};

/* The connection has ended, which is an error where all must go well. */
void talk_end (Talk *talk, const char *when);

void talk_say (Talk *talk, const char *text);
void talk_say_data (Talk *talk, const char *data, gsize length);

/* (transfer full) (nullable): NULL at the end. */
RawAnswer *talk_take_answer (Talk *talk, gboolean no_body);
/* The right answer is right in all its bytes; a wrong one is an error. */
void talk_check_answer (Talk *talk, const RawAnswer *answer, guint status, const char *body,
                        gsize length);

void talk_hear (Talk *talk, guint status, const char *body);
void talk_hear_data (Talk *talk, guint status, const char *body, gsize length);
/* 200 and the text that the server makes. */
void talk_hear_text (Talk *talk, gsize length);
/* Any body. */
void talk_hear_status (Talk *talk, guint status, gboolean no_body);
/* No answer, but what comes on a connection that was taken over: up to 64 bytes. */
void talk_hear_bytes (Talk *talk, const char *bytes, gsize length);
