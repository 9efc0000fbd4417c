/* SPDX-License-Identifier: MIT
 *
 * How inject.c fills in what injected.c shows. One thread, until it is given away. */

#pragma once

#include "inject.h"

#include <h3/base/view.h>

G_BEGIN_DECLS

/* (transfer full): nothing has come yet. */
H3Injected *injected_new (void);

/* A head as http1-writer writes it, interim ones too. */
void injected_take_head (H3Injected *injected, H3View head);
void injected_append (H3Injected *injected, const char *data, gsize length);
void injected_cut (H3Injected *injected);
/* What stands behind the body: copied. */
void injected_add_trailers (H3Injected *injected, const H3Headers *trailers);
/* Nothing more comes. */
void injected_seal (H3Injected *injected);

G_END_DECLS
