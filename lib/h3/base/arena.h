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
 *
 * Memory that is given out piece by piece and taken back all at once.
 *
 * It lives one exchange long: one reset ends all of it and runs the cleanups, newest first. One
 * owner; one thread at a time. Nothing that a socket still has to send may lie in it.
 *
 * Since: 0.1
 */
typedef struct _H3Arena H3Arena;

/**
 * h3_arena_new: (skip)
 *
 * Makes an arena that holds no memory yet.
 *
 * Returns: (transfer full): the arena, to be freed with h3_arena_free()
 *
 * Since: 0.1
 */
H3Arena *h3_arena_new (void);

/**
 * h3_arena_free: (skip)
 * @arena: (nullable) (transfer full): an arena; %NULL is allowed
 *
 * Runs the cleanups, newest first, and frees all memory and the arena.
 *
 * Since: 0.1
 */
void h3_arena_free (H3Arena *arena);

/**
 * h3_arena_reset: (skip)
 * @arena: an arena
 *
 * Runs the cleanups, newest first, and takes back all that was given out.
 *
 * One block of the smallest size is kept, so that growth by one large exchange does not stay.
 *
 * Since: 0.1
 */
void h3_arena_reset (H3Arena *arena);

/**
 * h3_arena_get_size: (skip)
 * @arena: an arena
 *
 * Tells how much memory the arena holds.
 *
 * Returns: the bytes in its blocks, used or not
 *
 * Since: 0.1
 */
gsize h3_arena_get_size (const H3Arena *arena);

/**
 * h3_arena_alloc: (skip)
 * @arena: an arena
 * @size: bytes; one that a peer chooses must be bounded by the caller
 *
 * Gives out memory that is aligned for any type and not set.
 *
 * Returns: (transfer none) (not nullable): the memory, until the next reset
 *
 * Since: 0.1
 */
void *h3_arena_alloc (H3Arena *arena, gsize size) G_GNUC_MALLOC G_GNUC_ALLOC_SIZE (2);

/**
 * h3_arena_alloc0: (skip)
 * @arena: an arena
 * @size: bytes; one that a peer chooses must be bounded by the caller
 *
 * Gives out memory that is aligned for any type and set to zero.
 *
 * Returns: (transfer none) (not nullable): the memory, until the next reset
 *
 * Since: 0.1
 */
void *h3_arena_alloc0 (H3Arena *arena, gsize size) G_GNUC_MALLOC G_GNUC_ALLOC_SIZE (2);

/**
 * h3_arena_new0:
 * @arena: an arena
 * @type: a type of C
 *
 * Gives out memory for one value of a type, set to zero, as h3_arena_alloc0() does.
 *
 * Since: 0.1
 */
#define h3_arena_new0(arena, type) ((type *) h3_arena_alloc0 ((arena), sizeof (type)))

/**
 * h3_arena_strdup: (skip)
 * @arena: an arena
 * @string: (nullable): a string
 *
 * Copies a string into the arena.
 *
 * Returns: (transfer none) (nullable): the copy, until the next reset; %NULL of %NULL
 *
 * Since: 0.1
 */
char *h3_arena_strdup (H3Arena *arena, const char *string);

/**
 * h3_arena_dup_view: (skip)
 * @arena: an arena
 * @view: any bytes
 *
 * Copies bytes into the arena, and a NUL behind them.
 *
 * Returns: (transfer none) (not nullable): the copy, until the next reset
 *
 * Since: 0.1
 */
char *h3_arena_dup_view (H3Arena *arena, H3View view);

/**
 * h3_arena_printf: (skip)
 * @arena: an arena
 * @format: as of printf()
 * @...: what it formats
 *
 * Writes a text into the arena.
 *
 * Returns: (transfer none) (not nullable): the text, until the next reset
 *
 * Since: 0.1
 */
char *h3_arena_printf (H3Arena *arena, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * h3_arena_add_cleanup: (skip)
 * @arena: an arena
 * @function: what to call
 * @data: (nullable): what to call it with
 *
 * Has a function called at the next reset, before those that were added earlier.
 *
 * Since: 0.1
 */
void h3_arena_add_cleanup (H3Arena *arena, GDestroyNotify function, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Arena, h3_arena_free)

G_END_DECLS
