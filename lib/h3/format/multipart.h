/* SPDX-License-Identifier: MIT
 *
 * multipart/form-data (RFC 7578, RFC 2046 §5.1), read as it comes: bytes in, parts out, nothing
 * kept but the head of a part. Owned by whoever made it; one thread at a time. A handler rather
 * asks <h3/batteries/form.h>. Since: 0.1 */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* The longest boundary (RFC 2046 §5.1.1), and the most blanks behind one. */
#define H3_MULTIPART_MAX_BOUNDARY 70
#define H3_MULTIPART_MAX_PADDING  128

/**
 * H3Multipart: (skip)
 *
 * The reader of one body.
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
 */
typedef struct {
    guint parts;
    guint fields;
    gsize head;
    gsize name;
} H3MultipartLimits;

/* The defaults: 100, 16, 8192, 1024. */
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
 * @name: UTF-8 without NUL
 * @filename: (nullable): what the client calls the file, UTF-8 without NUL, never to be trusted
 *   as a path; %NULL where the part is no file
 * @type: (nullable): its Content-Type as it was sent
 */
typedef struct {
    const char *name;
    const char *filename;
    const char *type;
} H3MultipartPart;

/**
 * h3_multipart_find_boundary: (skip)
 * @content_type: the value of a Content-Type field
 * @boundary: (out caller-allocates): room for %H3_MULTIPART_MAX_BOUNDARY + 1 bytes
 *
 * Returns: %FALSE where it is not multipart/form-data with one boundary of the grammar: 1 to 70
 *   characters of those allowed, no blank at its end
 */
gboolean h3_multipart_find_boundary (H3View content_type, char *boundary);

/**
 * h3_multipart_new: (skip)
 * @boundary: as h3_multipart_find_boundary() found it
 * @limits: (nullable): copied; %NULL: the defaults
 *
 * Returns: (transfer full): a reader at the body's first byte
 */
H3Multipart *h3_multipart_new (const char *boundary, const H3MultipartLimits *limits);

/* NULL is allowed. */
void h3_multipart_free (H3Multipart *reader);

/**
 * h3_multipart_read: (skip)
 * @rest: (inout): what has come; what was read is taken off its front
 * @out_data: (out): with %H3_MULTIPART_DATA the piece, in @rest or in the reader, until the next
 *   call
 *
 * To be called again until it returns %H3_MULTIPART_MORE or %H3_MULTIPART_REFUSED. However the
 * body is cut, the parts and the bytes of each are the same. What stands before the first boundary
 * and behind the last is passed over.
 *
 * Returns: what comes next
 */
H3MultipartResult h3_multipart_read (H3Multipart *reader, H3View *rest, H3View *out_data);

/* No more comes. FALSE where the last boundary has not: the reader then has refused. */
gboolean h3_multipart_end (H3Multipart *reader);

/* Returns: (transfer none): the part that began last, until the next begins. */
const H3MultipartPart *h3_multipart_get_part (const H3Multipart *reader);

/* How many bytes were read: where it refused, those before the one that cannot be. */
guint64 h3_multipart_get_offset (const H3Multipart *reader);

/* Why it refused: the status to answer with, and a sentence for the client. 0 and NULL else. */
guint h3_multipart_get_status (const H3Multipart *reader);
const char *h3_multipart_get_problem (const H3Multipart *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Multipart, h3_multipart_free)

G_END_DECLS
