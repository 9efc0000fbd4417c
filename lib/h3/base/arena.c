/* SPDX-License-Identifier: MIT */

#include "arena-inside.h"

#include <h3/base/counters.h>

#include <stddef.h>
#include <stdio.h>

#define BLOCK_SIZE 4096 /* with its header: what one exchange needs, and all that a reset keeps */

struct _ArenaBlock {
    ArenaBlock *next;
    gsize size; /* of the data */
    _Alignas(ARENA_ALIGNMENT) char data[];
};

struct _ArenaCleanup {
    ArenaCleanup *next; /* borrowed: this arena */
    GDestroyNotify function;
    gpointer data;
};

static gboolean
is_kept (const ArenaBlock *block)
{
    return block->size <= BLOCK_SIZE;
}

void
arena_add_block (H3Arena *arena, gsize needed)
{
    gsize size = MAX (needed, BLOCK_SIZE - offsetof (ArenaBlock, data));
    ArenaBlock *block = g_malloc (offsetof (ArenaBlock, data) + size);

    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->size += size;
    counters_add (COUNTER_ARENA_BYTES, (gint64) size);
    arena->at = block->data;
    arena->end = block->data + size;
    arena->first = block->next == NULL && is_kept (block) ? block->data : NULL;
    ASAN_POISON_MEMORY_REGION (block->data, size);
}

static void
free_block (H3Arena *arena, ArenaBlock *block)
{
    ASAN_UNPOISON_MEMORY_REGION (block->data, block->size);
    arena->size -= block->size;
    counters_add (COUNTER_ARENA_BYTES, -(gint64) block->size);
    g_free (block);
}

static void
run_cleanups (H3Arena *arena)
{
    while (arena->cleanups != NULL) {
        ArenaCleanup *cleanup = arena->cleanups;

        arena->cleanups = cleanup->next;
        cleanup->function (cleanup->data);
    }
}

H3Arena *
h3_arena_new (void)
{
    return g_new0 (H3Arena, 1);
}

void
h3_arena_reset (H3Arena *arena)
{
    g_return_if_fail (arena != NULL);

    run_cleanups (arena);
    if (arena->blocks == NULL)
        return;
    while (arena->blocks->next != NULL || !is_kept (arena->blocks)) {
        ArenaBlock *block = arena->blocks;

        arena->blocks = block->next;
        free_block (arena, block);
        if (arena->blocks == NULL) {
            arena->at = arena->end = arena->first = NULL;
            return;
        }
    }
    arena->at = arena->first = arena->blocks->data;
    arena->end = arena->blocks->data + arena->blocks->size;
    ASAN_POISON_MEMORY_REGION (arena->blocks->data, arena->blocks->size);
}

void
h3_arena_free (H3Arena *arena)
{
    if (arena == NULL)
        return;
    run_cleanups (arena);
    while (arena->blocks != NULL) {
        ArenaBlock *block = arena->blocks;

        arena->blocks = block->next;
        free_block (arena, block);
    }
    g_free (arena);
}

gsize
h3_arena_get_size (const H3Arena *arena)
{
    g_return_val_if_fail (arena != NULL, 0);
    return arena->size;
}

void *
h3_arena_alloc (H3Arena *arena, gsize size)
{
    return arena_alloc (arena, size);
}

void *
h3_arena_alloc0 (H3Arena *arena, gsize size)
{
    return memset (arena_alloc (arena, size), 0, size);
}

char *
h3_arena_dup_view (H3Arena *arena, H3View view)
{
    char *copy = arena_alloc (arena, view.length + 1);

    if (view.length > 0)
        memcpy (copy, view.data, view.length);
    copy[view.length] = '\0';
    return copy;
}

char *
h3_arena_strdup (H3Arena *arena, const char *string)
{
    return string != NULL ? h3_arena_dup_view (arena, h3_view_of (string)) : NULL;
}

char *
h3_arena_printf (H3Arena *arena, const char *format, ...)
{
    va_list arguments;
    int length;
    char *text;

    va_start (arguments, format);
    length = vsnprintf (NULL, 0, format, arguments);
    va_end (arguments);
    g_assert (length >= 0);
    text = arena_alloc (arena, (gsize) length + 1);
    va_start (arguments, format);
    (void) vsnprintf (text, (gsize) length + 1, format, arguments);
    va_end (arguments);
    return text;
}

void
h3_arena_add_cleanup (H3Arena *arena, GDestroyNotify function, gpointer data)
{
    ArenaCleanup *cleanup;

    g_return_if_fail (arena != NULL && function != NULL);
    cleanup = arena_alloc (arena, sizeof *cleanup);
    cleanup->function = function;
    cleanup->data = data;
    cleanup->next = arena->cleanups;
    arena->cleanups = cleanup;
}
