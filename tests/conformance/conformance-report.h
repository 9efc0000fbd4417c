/* SPDX-License-Identifier: MIT
 *
 * What the suite found, as a page of the manual: the same bytes for the same findings. The marks
 * lie in memory that the test processes share. One process at a time. */

#pragma once

#include "wire-cases.h"

typedef enum { WAY_WHOLE, WAY_SPLIT, WAY_BYTES, WAY_BEHIND, N_WAYS } Way;
typedef enum { MARK_NONE, MARK_HELD, MARK_BROKEN } Mark;

/* Before the tests are run; the marks live as long as the process. */
void conformance_report_init (void);

/* `row` is the number of a case in the order of wire_cases_foreach (), of a limit's three sizes
 * (three times WireLimit, and more), or of an exchange. */
void conformance_report_mark_case (guint row, Way way, gboolean holds);
void conformance_report_mark_limit (guint row, Way way, gboolean holds);
/* An exchange holds when its end is told. */
void conformance_report_begin_exchange (guint row);
void conformance_report_end_exchange (guint row);

/* Whether nothing is left without a mark. */
gboolean conformance_report_is_whole (void);
/* (transfer full): the page. */
char *conformance_report_write (void);
