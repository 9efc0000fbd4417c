/* SPDX-License-Identifier: MIT
 *
 * Media types (RFC 9110 §8.3.1): read into views, matched, written; and those of files, by suffix.
 * Values and functions; any thread. A media type that was read lives as long as its text. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/* Parameters behind these are not looked at. */
#define H3_MEDIA_TYPE_MAX_PARAMETERS 32

/**
 * H3MediaType: (skip)
 * @essence: type and subtype with the slash, in the letter case of the text
 * @type: "text"
 * @subtype: "html", "problem+json"
 * @parameters: what stands behind the first ";", unread
 *
 * Views into the text that was read; a value, copied by assignment.
 */
typedef struct {
    H3View essence;    /* borrowed: the text */
    H3View type;       /* borrowed: the text */
    H3View subtype;    /* borrowed: the text */
    H3View parameters; /* borrowed: the text */
} H3MediaType;

/**
 * h3_media_type_parse: (skip)
 * @text: a Content-Type, or what is like one; blanks around it do not matter
 * @out_type: (out): views into @text
 *
 * Reads without allocating and as browsers do (https://mimesniff.spec.whatwg.org/ §4.4): type and
 * subtype must be tokens, parameters that are not well formed count as absent.
 *
 * Returns: FALSE, with `*out_type` untouched, if it is no media type.
 */
gboolean h3_media_type_parse (H3View text, H3MediaType *out_type);

/* The twin for strings. */
gboolean h3_media_type_parse_string (const char *text, H3MediaType *out_type);

/**
 * h3_media_type_get_parameter: (skip)
 * @media_type: what was read
 * @name: in any case
 * @buffer: (nullable): where a value that has escapes is put without them
 * @size: bytes in @buffer
 * @out_value: (out): the value, without quotes: in the text, or in @buffer
 *
 * The first one of a name counts.
 *
 * Returns: FALSE, with `*out_value` untouched, if there is none, or it has escapes and is longer
 * than @size.
 */
gboolean h3_media_type_get_parameter (const H3MediaType *media_type, H3View name, char *buffer,
                                      gsize size, H3View *out_value);

/* Returns: (transfer full) (nullable): the value as a string of its own; NULL if there is none. */
char *h3_media_type_dup_parameter (const H3MediaType *media_type, const char *name);

/**
 * h3_media_type_matches:
 * @media_type: what was read
 * @pattern: a media type without parameters, in which "*" may stand for the type, and for the
 *   subtype as a whole or up to its "+": "*+json"
 *
 * Letter case does not matter.
 */
gboolean h3_media_type_matches (const H3MediaType *media_type, const char *pattern);

/* Returns: (transfer full): the media type in its normal form: lower case, no blanks, each
 * parameter once and quoted only where it must be. */
char *h3_media_type_to_string (const H3MediaType *media_type);

/**
 * h3_mime_from_path:
 * @path: a file's name or path
 *
 * Returns: (transfer none): the media type for the suffix of its last segment, in any case, with
 * "; charset=utf-8" where it is text; "application/octet-stream" if that is not known.
 */
const char *h3_mime_from_path (const char *path);

/* Whether content of the media type `type`, parameters or not, is worth compressing. Event streams
 * are not: an event must not wait for a block to fill. */
gboolean h3_mime_is_compressible (const char *type);

G_END_DECLS
