/* SPDX-License-Identifier: MIT
 *
 * A text of a plan with references in it, `built: ${steps.build.stdout}`: what a run puts in their
 * place is known only when it is there. `$${` stands for `${`; any other dollar for itself. Owned
 * by its plan and never changed; any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct json_t json_t;

typedef enum {
    PLAN_STDOUT,    /* of run and call; without the line feeds at its end */
    PLAN_STDERR,    /* of run; likewise */
    PLAN_EXIT_CODE, /* of run */
    PLAN_STATUS,    /* of http */
    PLAN_BODY,      /* of http */
} PlanField;

typedef enum {
    PLAN_LITERAL, /* as it is */
    PLAN_OUTPUT,  /* ${steps.ID.FIELD} */
    PLAN_INPUT,   /* ${input} or ${input.PATH}: of the JSON that the run was started with */
    PLAN_ENV,     /* ${env.NAME}: of the process */
} PlanPieceKind;

typedef struct {
    PlanPieceKind kind;
    char *text;      /* owned: the literal, the step's id, the path, the variable's name */
    guint step;      /* of PLAN_OUTPUT */
    PlanField field; /* of PLAN_OUTPUT */
} PlanPiece;

typedef struct {
    GArray *pieces; /* owned; of PlanPiece */
} PlanText;

typedef struct _PlanDocument PlanDocument;

/* What stands for a piece that is not literal: (transfer full), or NULL with an error. */
typedef char *(*PlanResolver) (const PlanPiece *piece, gpointer data, GError **error);

/* NULL is allowed. */
void plan_text_free (PlanText *text);

/* (transfer full); NULL with the resolver's error. */
char *plan_text_resolve (const PlanText *text, PlanResolver resolve, gpointer data, GError **error);

/* The text where it has no references, borrowed; NULL where it has some. */
const char *plan_text_get_literal (const PlanText *text);

/* JSON whose texts (not its names) may have references. */
void plan_document_free (PlanDocument *document);

/* (transfer full): a json_t of its own, with what stands for the references; NULL with the
 * resolver's error, or H3_ERROR_INVALID where that is not UTF-8. */
json_t *plan_document_resolve (const PlanDocument *document, PlanResolver resolve, gpointer data,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlanText, plan_text_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlanDocument, plan_document_free)

G_END_DECLS
