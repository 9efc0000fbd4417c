/* SPDX-License-Identifier: MIT
 *
 * A form as it is made by who reads it; one thread, until others hold it. */

#pragma once

#include "form.h"

G_BEGIN_DECLS

H3Form *form_new (void);                                     /* (transfer full): empty */
void form_add_field (H3Form *form, char *name, char *value); /* (transfer full), both */
void form_add_file (H3Form *form, H3Upload *upload);         /* (transfer full) */

G_END_DECLS
