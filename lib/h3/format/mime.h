/* SPDX-License-Identifier: MIT
 *
 * Media types (RFC 9110 §8.3.1): read into views, matched, written; and those of files, by suffix.
 * Values and functions; any thread. A media type that was read lives as long as its text. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_MEDIA_TYPE_MAX_PARAMETERS:
 *
 * How many parameters of a media type are looked at: those behind them are as if they were not
 * there.
 *
 * Since: 0.1
 */
#define H3_MEDIA_TYPE_MAX_PARAMETERS 32

/**
 * H3MediaType: (skip)
 * @essence: type and subtype with the slash, in the letter case of the text
 * @type: "text"
 * @subtype: "html", "problem+json"
 * @parameters: what stands behind the first ";", unread
 *
 * A media type that was read (RFC 9110 §8.3.1).
 *
 * Views into the text that was read; a value, copied by assignment.
 *
 * Since: 0.1
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
 * @out_type: (out): views into @text, which live as long as it
 *
 * Reads a media type. Any thread.
 *
 * Reads without allocating and as browsers do (https://mimesniff.spec.whatwg.org/ §4.4): type and
 * subtype must be tokens, parameters that are not well formed count as absent.
 *
 * Returns: %FALSE, with @out_type untouched, if it is no media type
 *
 * Since: 0.1
 */
gboolean h3_media_type_parse (H3View text, H3MediaType *out_type);

/**
 * h3_media_type_parse_string: (skip)
 * @text: a Content-Type, or what is like one; blanks around it do not matter
 * @out_type: (out): views into @text, which live as long as it
 *
 * Reads a media type from a string, as h3_media_type_parse() does. Any thread.
 *
 * Returns: %FALSE, with @out_type untouched, if it is no media type
 *
 * Since: 0.1
 */
gboolean h3_media_type_parse_string (const char *text, H3MediaType *out_type);

/**
 * h3_media_type_get_parameter: (skip)
 * @media_type: what was read
 * @name: in any case
 * @buffer: (nullable): where a value that has escapes is put without them
 * @size: bytes in @buffer
 * @out_value: (out): the value, without quotes: in the text, or in @buffer
 *
 * Finds the value of a parameter, without allocating. Any thread.
 *
 * The first one of a name counts.
 *
 * Returns: %FALSE, with @out_value untouched, if there is none, or it has escapes and is longer
 *   than @size
 *
 * Since: 0.1
 */
gboolean h3_media_type_get_parameter (const H3MediaType *media_type, H3View name, char *buffer,
                                      gsize size, H3View *out_value);

/**
 * h3_media_type_dup_parameter: (skip)
 * @media_type: what was read
 * @name: in any case
 *
 * Copies the value of a parameter, without quotes and escapes. Any thread.
 *
 * The first one of a name counts.
 *
 * Returns: (transfer full) (nullable): the value; %NULL if there is none
 *
 * Since: 0.1
 */
char *h3_media_type_dup_parameter (const H3MediaType *media_type, const char *name);

/**
 * h3_media_type_matches: (skip)
 * @media_type: what was read
 * @pattern: a media type without parameters, in which `*` may stand for the type, and for the
 *   subtype as a whole or up to its `+`: `*+json`
 *
 * Tells whether a media type is of a kind. Any thread.
 *
 * Letter case does not matter.
 *
 * Returns: %TRUE when it is; %FALSE also where @pattern is none
 *
 * Since: 0.1
 */
gboolean h3_media_type_matches (const H3MediaType *media_type, const char *pattern);

/**
 * h3_media_type_to_string: (skip)
 * @media_type: what was read
 *
 * Writes a media type in its normal form: lower case, no blanks, each parameter once and quoted
 * only where it must be. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_media_type_to_string (const H3MediaType *media_type);

/**
 * h3_mime_from_path:
 * @path: a file's name or path
 *
 * Tells the media type of a file by its name. Any thread.
 *
 * Returns: (transfer none): the media type for the suffix of the last segment, in any case, with
 *   `; charset=utf-8` where it is text; `application/octet-stream` if that is not known
 *
 * Since: 0.1
 */
const char *h3_mime_from_path (const char *path);

/**
 * h3_mime_is_compressible:
 * @type: a media type, with parameters or without
 *
 * Tells whether content of a media type is worth compressing. Any thread.
 *
 * Event streams are not: an event must not wait for a block to fill.
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean h3_mime_is_compressible (const char *type);

G_END_DECLS
