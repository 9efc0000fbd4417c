/* SPDX-License-Identifier: MIT
 *
 * A bump allocator that lives one exchange long: memory is given out and never taken back singly;
 * one reset ends all of it, running the cleanups newest first. Owned by an event (or by whoever
 * made it); one thread at a time. Nothing that a socket still has to send may lie in it. */

#pragma once

#include <h3/base/view.h>

#include <glib.h>
#include <stdarg.h>

G_BEGIN_DECLS

/**
 * H3Arena: (skip)
 */
typedef struct _H3Arena H3Arena;

/* Returns: (transfer full): an arena that holds no memory yet. */
H3Arena *h3_arena_new (void);

/* Runs the cleanups and frees all memory. NULL is allowed. */
void h3_arena_free (H3Arena *arena);

/* Runs the cleanups, newest first, and takes back all that was given out. One block of the
 * smallest size is kept, so that growth by one large exchange does not stay. */
void h3_arena_reset (H3Arena *arena);

/* Bytes in blocks held now, used or not. */
gsize h3_arena_get_size (const H3Arena *arena);

/* Returns: (transfer none): `size` bytes aligned for any type, unset, until the next reset.
 * Sizes that a peer chooses must be bounded by the caller. */
void *h3_arena_alloc (H3Arena *arena, gsize size) G_GNUC_MALLOC G_GNUC_ALLOC_SIZE (2);

/* The same, set to zero. */
void *h3_arena_alloc0 (H3Arena *arena, gsize size) G_GNUC_MALLOC G_GNUC_ALLOC_SIZE (2);

#define h3_arena_new0(arena, type) ((type *) h3_arena_alloc0 ((arena), sizeof (type)))

/* Returns: (transfer none): a NUL-terminated copy, until the next reset. NULL gives NULL. */
char *h3_arena_strdup (H3Arena *arena, const char *string);
char *h3_arena_dup_view (H3Arena *arena, H3View view);
char *h3_arena_printf (H3Arena *arena, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Calls `function (data)` at the next reset, before what was registered earlier. */
void h3_arena_add_cleanup (H3Arena *arena, GDestroyNotify function, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Arena, h3_arena_free)

G_END_DECLS
