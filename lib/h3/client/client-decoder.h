/* SPDX-License-Identifier: MIT
 *
 * A body out of its codings, however many Content-Encoding lists, in pieces and within bounds. One
 * owner, one thread at a time. */

#pragma once

#include <h3/base/error.h>
#include <h3/format/coder.h>

G_BEGIN_DECLS

/* More than one says that something is wrong; more than these are refused. */
#define CLIENT_DECODER_MAX_CODINGS 3
/* So many times as much may come out as goes in, beyond CODER_RATIO_GRACE. */
#define CLIENT_DECODER_MAX_RATIO 100

typedef struct _ClientDecoder ClientDecoder;

/* (transfer full) (nullable): for a body whose Content-Encoding is `codings`; NULL with
 * `*out_problem` NULL: there is none but identity; else it is static, and says what is wrong. */
ClientDecoder *client_decoder_new (const char *codings, guint64 max_output,
                                   const char **out_problem);
/* NULL is allowed. */
void client_decoder_free (ClientDecoder *decoder);

/* As coder_step (). `is_last`: nothing follows the input. A body of no bytes at all is none, and in
 * any coding. */
CoderResult client_decoder_step (ClientDecoder *decoder, H3View *input, gboolean is_last,
                                 char *room, gsize size, gsize *out_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientDecoder, client_decoder_free)

G_END_DECLS
