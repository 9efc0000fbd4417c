/* SPDX-License-Identifier: MIT
 *
 * How texts with references are read, for who reads plans; one thread. */

#pragma once

#include <h3/workflow/plan-text.h>

#include <glib.h>

G_BEGIN_DECLS

/* Called for each reference, `at` bytes into the text: with the piece, which may be filled in, or
 * with what is wrong. */
typedef void (*PlanTextCheck) (PlanPiece *piece, gsize at, const char *fault, gpointer data);

/* (transfer full), also where something is wrong. */
PlanText *plan_text_read (const char *source, PlanTextCheck check, gpointer data);
PlanText *plan_text_new_literal (const char *literal);

/* (transfer full): of a copy of `value`. */
PlanDocument *plan_document_read (json_t *value, PlanTextCheck check, gpointer data);

G_END_DECLS
