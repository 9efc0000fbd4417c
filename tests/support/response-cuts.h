/* SPDX-License-Identifier: MIT
 *
 * Heads of answers, linted and read in every cut of their bytes, which must all give the same.
 * Main thread only. */

#pragma once

#include "h3/http/limits.h"
#include "h3/wire/http1-response-reader.h"

#include <check.h>

#define RESPONSE_MAX_FIELDS 100

/* How they are read: set by a test before it begins, by response_cuts_set_up () to the defaults,
 * GET and no upgrade. */
extern H3Limits response_limits;
extern H3Method response_method;
extern const char *response_upgrade;

/* One answer's head. */
typedef struct {
    gboolean is_over;  /* the head was read or refused */
    const char *fault; /* static; NULL: none */
    Http1Response response;
    HeadField fields[RESPONSE_MAX_FIELDS];
} ReadResponse;

/* Before and after each test. */
void response_cuts_set_up (void);
void response_cuts_tear_down (void);

/* Cut at the `n` ascending offsets; each time the bytes lie elsewhere, with nothing behind them. */
void response_read_cut (ReadResponse *read, H3View bytes, const gsize *cuts, gsize n);

/* Whole, cut once at every byte, and byte by byte; the test fails where it is not the same. */
void response_read_all_ways (ReadResponse *read, H3View bytes);

/* The same, and taken, or refused with these words. */
void assert_response_taken (ReadResponse *read, H3View bytes);
void assert_response_refused (H3View bytes, const char *fault);

/* Runs the tests of a program, each in these. */
void response_cuts_add_tests (Suite *suite, const TTest *const *tests, gsize n);
