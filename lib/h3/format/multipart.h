/* SPDX-License-Identifier: MIT
 *
 * multipart/form-data (RFC 7578, RFC 2046 §5.1), read as it comes: bytes in, parts out, nothing
 * kept but the head of a part. Owned by whoever made it; one thread at a time. A handler rather
 * asks <h3/batteries/form.h>. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_MULTIPART_MAX_BOUNDARY:
 *
 * The longest boundary, in bytes (RFC 2046 §5.1.1).
 *
 * Since: 0.1
 */
#define H3_MULTIPART_MAX_BOUNDARY 70

/**
 * H3_MULTIPART_MAX_PADDING:
 *
 * The most blanks behind a boundary.
 *
 * Since: 0.1
 */
#define H3_MULTIPART_MAX_PADDING 128

/**
 * H3Multipart: (skip)
 *
 * The reader of one body of multipart/form-data (RFC 7578): bytes in as they come, parts out,
 * nothing kept but the head of a part.
 *
 * One owner; one thread at a time. A handler, and a binding, rather asks for a form:
 * h3_event_read_form().
 *
 * Since: 0.1
 */
typedef struct _H3Multipart H3Multipart;

/**
 * H3MultipartLimits: (skip)
 * @parts: parts of the body
 * @fields: header fields of a part
 * @head: bytes of a part's header fields, with their line ends
 * @name: bytes of a part's name, and of a file's name
 *
 * What a reader takes; beyond each it refuses with 413.
 *
 * Since: 0.1
 */
typedef struct {
    guint parts;
    guint fields;
    gsize head;
    gsize name;
} H3MultipartLimits;

/**
 * H3_MULTIPART_LIMITS_INIT:
 *
 * The limits where nobody says otherwise: 100 parts, 16 fields, 8192 bytes of a head, 1024 of a
 * name.
 *
 * Since: 0.1
 */
#define H3_MULTIPART_LIMITS_INIT                                                                   \
    {                                                                                              \
        100, 16, 8192, 1024                                                                        \
    }

/**
 * H3MultipartResult: (skip)
 * @H3_MULTIPART_MORE: all input was used: feed more, or tell the end
 * @H3_MULTIPART_PART: a part begins, of which h3_multipart_get_part() tells
 * @H3_MULTIPART_DATA: a piece of the part's content
 * @H3_MULTIPART_PART_END: the part is whole
 * @H3_MULTIPART_REFUSED: not read on: h3_multipart_get_status() and _get_problem() say why
 *
 * What h3_multipart_read() came upon.
 *
 * Since: 0.1
 */
typedef enum {
    H3_MULTIPART_MORE,
    H3_MULTIPART_PART,
    H3_MULTIPART_DATA,
    H3_MULTIPART_PART_END,
    H3_MULTIPART_REFUSED,
} H3MultipartResult;

/**
 * H3MultipartPart: (skip)
 * @name: what the part is called, UTF-8 without NUL
 * @filename: (nullable): what the client calls the file, UTF-8 without NUL, never to be trusted as
 *   a path; %NULL where the part is no file
 * @type: (nullable): its Content-Type as it was sent
 *
 * What the head of a part says. The texts are the reader's, until the next part begins.
 *
 * Since: 0.1
 */
typedef struct {
    const char *name;
    const char *filename;
    const char *type;
} H3MultipartPart;

/**
 * h3_multipart_find_boundary: (skip)
 * @content_type: the value of a Content-Type field
 * @boundary: (out caller-allocates): room for %H3_MULTIPART_MAX_BOUNDARY + 1 bytes; set where
 *   there is one
 *
 * Finds the boundary in the media type of a body. Any thread.
 *
 * Returns: %FALSE where it is not multipart/form-data with one boundary of the grammar: 1 to 70
 *   characters of those allowed, no blank at its end
 *
 * Since: 0.1
 */
gboolean h3_multipart_find_boundary (H3View content_type, char *boundary);

/**
 * h3_multipart_new: (skip)
 * @boundary: as h3_multipart_find_boundary() found it
 * @limits: (nullable): copied; %NULL: the defaults
 *
 * Makes the reader of a body.
 *
 * Returns: (transfer full): a reader at the body's first byte, to be freed with
 *   h3_multipart_free()
 *
 * Since: 0.1
 */
H3Multipart *h3_multipart_new (const char *boundary, const H3MultipartLimits *limits);

/**
 * h3_multipart_free: (skip)
 * @reader: (nullable) (transfer full): a reader; %NULL is allowed
 *
 * Frees a reader.
 *
 * Since: 0.1
 */
void h3_multipart_free (H3Multipart *reader);

/**
 * h3_multipart_read: (skip)
 * @reader: a reader
 * @rest: (inout): what has come; what was read is taken off its front
 * @out_data: (out): with %H3_MULTIPART_DATA the piece, in @rest or in the reader, until the next
 *   call
 *
 * Reads on, up to the next thing that there is to tell.
 *
 * To be called again until it returns %H3_MULTIPART_MORE or %H3_MULTIPART_REFUSED. However the
 * body is cut, the parts and the bytes of each are the same. What stands before the first boundary
 * and behind the last is passed over.
 *
 * Returns: what comes next
 *
 * Since: 0.1
 */
H3MultipartResult h3_multipart_read (H3Multipart *reader, H3View *rest, H3View *out_data);

/**
 * h3_multipart_end: (skip)
 * @reader: a reader
 *
 * Tells that no more comes.
 *
 * Returns: %FALSE where the last boundary has not: the reader then has refused
 *
 * Since: 0.1
 */
gboolean h3_multipart_end (H3Multipart *reader);

/**
 * h3_multipart_get_part: (skip)
 * @reader: a reader
 *
 * Gives the part that began last.
 *
 * Returns: (transfer none): the part, until the next begins
 *
 * Since: 0.1
 */
const H3MultipartPart *h3_multipart_get_part (const H3Multipart *reader);

/**
 * h3_multipart_get_offset: (skip)
 * @reader: a reader
 *
 * Tells how far it is.
 *
 * Returns: how many bytes were read: where it refused, those before the one that cannot be
 *
 * Since: 0.1
 */
guint64 h3_multipart_get_offset (const H3Multipart *reader);

/**
 * h3_multipart_get_status: (skip)
 * @reader: a reader
 *
 * Tells why it refused, in a number.
 *
 * Returns: the status to answer with; 0 where it did not
 *
 * Since: 0.1
 */
guint h3_multipart_get_status (const H3Multipart *reader);

/**
 * h3_multipart_get_problem: (skip)
 * @reader: a reader
 *
 * Tells why it refused, in a sentence for the client.
 *
 * Returns: (transfer none) (nullable): the sentence, static; %NULL where it did not
 *
 * Since: 0.1
 */
const char *h3_multipart_get_problem (const H3Multipart *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Multipart, h3_multipart_free)

G_END_DECLS
