/* SPDX-License-Identifier: MIT
 *
 * Content negotiation (RFC 9110 §12.5): which of our offers a request's Accept, Accept-Encoding or
 * Accept-Language likes best. Functions only; nothing is allocated; any thread.
 *
 * For all of them: a header view without data is an absent field, an empty one with data is an
 * empty field. Elements that are not well formed are ignored; so is what stands behind the first
 * H3_NEGOTIATION_MAX_ELEMENTS. Of offers that are liked equally the first wins. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3_NEGOTIATION_MAX_ELEMENTS:
 *
 * How many elements of a field are looked at; what stands behind them is ignored.
 *
 * Since: 0.1
 */
#define H3_NEGOTIATION_MAX_ELEMENTS 100

/**
 * h3_negotiate_type: (skip)
 * @accept: the Accept field; a view without data is an absent field, an empty one with data an
 *   empty field
 * @offers: (array length=count): media types with any parameters they have; of those that are
 *   liked equally the first wins
 * @count: how many, -1 if a %NULL ends them
 *
 * Chooses the media type that a client likes best (RFC 9110 §12.5.1). Any thread. For bindings
 * there is h3_negotiate_type_string().
 *
 * The most specific range that an offer falls in decides its weight. All of a range's parameters
 * must be the offer's, in any letter case. An Accept that names no range counts as absent: then
 * all is acceptable.
 *
 * Returns: the index of the best offer; -1 if none is acceptable (406)
 *
 * Since: 0.1
 */
gssize h3_negotiate_type (H3View accept, const char *const *offers, gssize count);

/**
 * h3_negotiate_encoding: (skip)
 * @accept_encoding: the Accept-Encoding field; a view without data is an absent field, an empty
 *   one with data an empty field
 * @offers: (array length=count): content codings, `identity` among them if it is to be had; of
 *   those that are liked equally the first wins
 * @count: how many, -1 if a %NULL ends them
 *
 * Chooses the content coding that a client likes best (RFC 9110 §12.5.3). Any thread. For bindings
 * there is h3_negotiate_encoding_string().
 *
 * "identity" is acceptable unless it is excluded, by name or by "*"; where neither names it, it
 * comes last. With an empty field only "identity" is acceptable; without the field all is, but
 * "identity" is best: a client that says nothing may know no coding. "x-gzip" and "x-compress"
 * mean "gzip" and "compress".
 *
 * Returns: the index of the best offer; -1 if none is acceptable
 *
 * Since: 0.1
 */
gssize h3_negotiate_encoding (H3View accept_encoding, const char *const *offers, gssize count);

/**
 * h3_negotiate_language: (skip)
 * @accept_language: the Accept-Language field; a view without data is an absent field, an empty
 *   one with data an empty field
 * @offers: (array length=count): language tags; of those that are liked equally the first wins
 * @count: how many, -1 if a %NULL ends them
 *
 * Chooses the language that a client likes best (RFC 9110 §12.5.4). Any thread. For bindings there
 * is h3_negotiate_language_string().
 *
 * A range is for the tag it equals and for those it is a prefix of (RFC 4647 §3.3.1), the longest
 * such range decides; else for the tags that are a prefix of it (§3.4: "en-GB" is served "en"),
 * else "*" decides. A field that names no range counts as absent: then all is acceptable.
 *
 * Returns: the index of the best offer; -1 if none is acceptable, where the default language is
 *   usually the best answer still
 *
 * Since: 0.1
 */
gssize h3_negotiate_language (H3View accept_language, const char *const *offers, gssize count);

/**
 * h3_negotiate_type_string:
 * @accept: (nullable): the Accept field; %NULL where it is absent
 * @offers: (array zero-terminated=1): media types with any parameters they have
 *
 * Chooses the media type that a client likes best, as h3_negotiate_type() does. Any thread.
 *
 * Returns: the index of the best offer; -1 if none is acceptable (406)
 *
 * Since: 0.1
 */
gssize h3_negotiate_type_string (const char *accept, const char *const *offers);

/**
 * h3_negotiate_encoding_string:
 * @accept_encoding: (nullable): the Accept-Encoding field; %NULL where it is absent
 * @offers: (array zero-terminated=1): content codings, `identity` among them if it is to be had
 *
 * Chooses the content coding that a client likes best, as h3_negotiate_encoding() does. Any
 * thread.
 *
 * Returns: the index of the best offer; -1 if none is acceptable
 *
 * Since: 0.1
 */
gssize h3_negotiate_encoding_string (const char *accept_encoding, const char *const *offers);

/**
 * h3_negotiate_language_string:
 * @accept_language: (nullable): the Accept-Language field; %NULL where it is absent
 * @offers: (array zero-terminated=1): language tags
 *
 * Chooses the language that a client likes best, as h3_negotiate_language() does. Any thread.
 *
 * Returns: the index of the best offer; -1 if none is acceptable, where the default language is
 *   usually the best answer still
 *
 * Since: 0.1
 */
gssize h3_negotiate_language_string (const char *accept_language, const char *const *offers);

G_END_DECLS
