/* SPDX-License-Identifier: MIT
 *
 * A parsed template: steps in a flat array. Made by template-parse.c, run by template-render.c;
 * never changed in between. Lives in its arena, which its set owns. */

#pragma once

#include "template.h"

#include "template-context.h"

#include <h3/base/arena.h>

G_BEGIN_DECLS

/* A member of an object, or an element of an array. */
typedef struct {
    H3View name; /* borrowed: the text; empty: an element */
    gsize index;
} TemplateStep;

/* "a.b[0].c": a root and what follows. */
typedef struct {
    H3View text;               /* borrowed: the text: all of it, for messages */
    const char *root;          /* borrowed: the arena; "@index" and the like too */
    const TemplateStep *steps; /* borrowed: the arena */
    guint n_steps;
} TemplatePath;

typedef enum {
    TEMPLATE_TEXT,    /* `text` as it is */
    TEMPLATE_VALUE,   /* the value at `path`, escaped */
    TEMPLATE_IF,      /* the steps up to `otherwise`, else those up to `end` */
    TEMPLATE_EACH,    /* likewise, for each in `path`, called `name` */
    TEMPLATE_INCLUDE, /* the template `name` */
} TemplateKind;

typedef struct {
    guint8 kind;
    guint8 escape; /* HtmlEscape */
    guint line;
    guint otherwise;  /* the index of a step */
    guint end;        /* the index of the step behind */
    H3View text;      /* borrowed: the text */
    const char *name; /* borrowed: the arena */
    TemplatePath path;
} TemplateOp;

typedef struct {
    const char *name; /* borrowed: the arena */
    H3Arena *arena;   /* owned */
    GArray *ops;      /* owned: TemplateOp */
} Template;

/* Takes `arena`, where `name` and `text` lie, over. NULL with H3_ERROR_SYNTAX, and the arena freed.
 */
Template *template_parse (H3Arena *arena, const char *name, H3View text, GError **error);
void template_free (Template *template);

/* (nullable): a template of the set. */
const Template *templates_find (const H3Templates *templates, const char *name);

/* Whatever may be written where `escape` was said: `value` becomes safe there. */
void template_escape (GString *out, HtmlEscape escape, H3View value);

G_END_DECLS
