/* SPDX-License-Identifier: MIT
 *
 * Borrowed bytes: a pointer and a length, not NUL-terminated, owned by someone else.
 * A view lives no longer than what it looks into; whoever keeps one says in a comment what that
 * is. Passed by value. Any thread that may read the bytes. (Views are (skip) for bindings; each
 * function that takes one has a twin that takes a string.) */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * H3View: (skip)
 * @data: (nullable): the first byte; may be %NULL only when @length is 0
 * @length: how many bytes
 */
typedef struct {
    const char *data; /* borrowed */
    gsize length;
} H3View;

/* A view of a string literal, as a constant expression of its size. */
#define H3_VIEW(literal) ((H3View){ "" literal, sizeof (literal) - 1 })
#define H3_VIEW_EMPTY    ((H3View){ "", 0 })

/* For printf's "%.*s". */
#define H3_VIEW_ARGS(view) ((int) (view).length), ((view).data)

static inline H3View
h3_view (const char *data, gsize length)
{
    return (H3View){ data, length };
}

/* A view of a NUL-terminated string; NULL gives the empty view. */
static inline H3View
h3_view_of (const char *string)
{
    return (H3View){ string, string != NULL ? strlen (string) : 0 };
}

static inline gboolean
h3_view_is_empty (H3View view)
{
    return view.length == 0;
}

static inline gboolean
h3_view_equal (H3View a, H3View b)
{
    return a.length == b.length && (a.length == 0 || memcmp (a.data, b.data, a.length) == 0);
}

/* ASCII letters only: the rule for field names, schemes and host names. */
gboolean h3_view_equal_ignore_case (H3View a, H3View b);

gboolean h3_view_starts_with (H3View view, H3View prefix);
gboolean h3_view_ends_with (H3View view, H3View suffix);

/* Without blanks (SP, HTAB: RFC 9110 §5.6.3) at both ends. */
H3View h3_view_trim (H3View view);

/* Takes what stands before the first `separator` off the front of `*rest`, the separator with it,
 * into `*out_part`. FALSE when `*rest` is used up (its data is then NULL). Empty parts are parts:
 * "a,,b" gives three, "" gives one. */
gboolean h3_view_split (H3View *rest, char separator, H3View *out_part);

/* The offset of the first `character`, or -1. */
gssize h3_view_find (H3View view, char character);

/* Whether the comma-separated list of tokens `list` (RFC 9110 §5.6.1) has `token`, in any case. */
gboolean h3_view_list_has (H3View list, H3View token);

/* Reads decimal digits, all of the view and at least one of them, no sign, no blank.
 * FALSE, with `out_value` untouched, on anything else and above `maximum`. */
gboolean h3_view_parse_uint (H3View view, guint64 maximum, guint64 *out_value);

/* Returns: (transfer full): a NUL-terminated copy, to be freed with g_free (). */
char *h3_view_dup (H3View view) G_GNUC_WARN_UNUSED_RESULT;

/* Keyed hashes (SipHash-1-3; the key comes from the system once a process), so that a peer cannot
 * choose names that collide. Those of a name fold ASCII letters. */
guint h3_view_hash (H3View view);
guint h3_view_hash_ignore_case (H3View view);

/* GHashFunc and GEqualFunc for tables keyed by NUL-terminated strings that a peer chose: as they
 * stand, and as field names (case-blind). */
guint h3_string_hash (gconstpointer string);
guint h3_name_hash (gconstpointer name);
gboolean h3_name_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
