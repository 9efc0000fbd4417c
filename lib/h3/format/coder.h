/* SPDX-License-Identifier: MIT
 *
 * Codings of content (RFC 9110 §8.4): gzip, deflate, br and zstd in streams, both ways, in pieces
 * of any size; and bare deflate in messages (RFC 7692). A coder has one owner, and belongs to one
 * thread at a time. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Coder Coder;

/* CODING_GZIP:    RFC 1952. One member is written; any number of them, one behind the other, is
 *                 read, as its §2.2 has it.
 * CODING_DEFLATE: what HTTP calls so: RFC 1950's wrapper. Bare deflate (RFC 1951), which some
 *                 senders take for it, is read as well.
 * CODING_BROTLI:  RFC 7932; windows of up to 16 MiB are read.
 * CODING_ZSTD:    RFC 8878, frames as members above; windows of up to 8 MiB are read.
 * CODING_BARE:    RFC 1951 without an end: messages that share a window. */
typedef enum {
    CODING_GZIP,
    CODING_DEFLATE,
    CODING_BROTLI,
    CODING_ZSTD,
    CODING_BARE,
} Coding;

/* CODER_FEED:   take the input; what comes out of it may come later (reading: comes now).
 * CODER_FLUSH:  all that was taken can be read by the other side now. With CODING_BARE it ends with
 *               CODER_TAIL; nothing is written where nothing was taken since the last one. Reading
 *               CODING_BARE: the message ends here, its tail was in the input.
 * CODER_FINISH: this is the last input. */
typedef enum {
    CODER_FEED,
    CODER_FLUSH,
    CODER_FINISH,
} CoderAim;

/* CODER_READY:     all input was taken, and what the aim asks for is out.
 * CODER_FULL:      there is no room left: come again, with the rest of the input and the same aim.
 * CODER_BROKEN:    the input is not in this coding, goes on behind its end, or ends before it.
 * CODER_TOO_LARGE: it exceeds a bound.
 * A coder that said one of the last two says so again until it is reset. */
typedef enum {
    CODER_READY,
    CODER_FULL,
    CODER_BROKEN,
    CODER_TOO_LARGE,
} CoderResult;

/* What ends a message of CODING_BARE, and what RFC 7692 §7.2.1 has cut off on the wire. */
#define CODER_TAIL H3_VIEW ("\x00\x00\xff\xff")

/* Of a ratio's bound: so much may come out whatever went in. */
#define CODER_RATIO_GRACE (64 * 1024)

/* For coder_new_encoding (): what the coding's makers recommend for answers made on the fly. */
#define CODER_LEVEL_DEFAULT (-1)

/* The coding that `token` names in Content-Encoding: gzip or x-gzip, deflate, br, zstd, in any
 * case. FALSE, `*out_coding` untouched, for another. It may be one without a coder. */
gboolean coding_parse (H3View token, Coding *out_coding);
/* Whether the library was built with what br and zstd need; of the others TRUE. Coders are only
 * made of a coding of which it is so. */
gboolean coding_is_supported (Coding coding);
/* Those that are, but CODING_BARE, as a client likes them: "zstd, br, gzip, deflate". */
const char *coding_list_supported (void);
/* "gzip"; "deflate" for CODING_BARE. */
const char *coding_get_name (Coding coding);
/* The levels that coder_new_encoding () takes, from quick to small. */
void coding_get_levels (Coding coding, int *out_least, int *out_most);

/* `window_bits`: of CODING_BARE, how far its references go back, 8 … 15; 0 is the most. It bounds
 * the memory, too. (With 8 the window is held to 250 bytes: zlib's own 8 does not work.) */
Coder *coder_new_encoding (Coding coding, int level, guint window_bits) G_GNUC_WARN_UNUSED_RESULT;
/* Reads without bounds until coder_set_bounds (). */
Coder *coder_new_decoding (Coding coding, guint window_bits) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets what was taken, the window with it, and counts from nothing; bounds and level stay. */
void coder_reset (Coder *coder);
/* NULL is nothing. */
void coder_free (Coder *coder);

/* Of a coder that reads: from here on at most `max_output` bytes may come out (G_MAXUINT64: any),
 * and, beyond CODER_RATIO_GRACE, at most `max_ratio` times what goes in (0: any). */
void coder_set_bounds (Coder *coder, guint64 max_output, guint max_ratio);

/* Bytes that went in and came out, since the start, coder_reset () or coder_set_bounds (). */
guint64 coder_get_taken (Coder *coder);
guint64 coder_get_given (Coder *coder);

/* Takes from the front of `*input` and puts at most `size` bytes into `room`, `*out_length` of
 * them, which are good also when the result is CODER_BROKEN; with CODER_TOO_LARGE there are none.
 */
CoderResult coder_step (Coder *coder, H3View *input, CoderAim aim, void *room, gsize size,
                        gsize *out_length);

/* All of the input at once, what comes out behind what `output` has. Never CODER_FULL. */
CoderResult coder_append (Coder *coder, H3View input, CoderAim aim, GByteArray *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Coder, coder_free)

G_END_DECLS
