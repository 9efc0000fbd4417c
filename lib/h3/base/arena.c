/* SPDX-License-Identifier: MIT */

#include "arena.h"

#include <h3/base/counters.h>

#include <stddef.h>
#include <stdio.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_POISON 1
#endif
#endif
#ifdef HAVE_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void) (address), (void) (size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void) (address), (void) (size))
#endif

#define ALIGNMENT  (2 * sizeof (void *))
#define BLOCK_SIZE 4096 /* with its header: what one exchange needs, and all that a reset keeps */

typedef struct _Block Block;
struct _Block {
    Block *next;
    gsize size; /* of the data */
    _Alignas(ALIGNMENT) char data[];
};

typedef struct _Cleanup Cleanup;
struct _Cleanup {
    Cleanup *next; /* borrowed: this arena */
    GDestroyNotify function;
    gpointer data;
};

struct _H3Arena {
    char *at;      /* borrowed: the newest block */
    char *end;     /* borrowed: the newest block */
    Block *blocks; /* owned; newest first, the kept one last */
    Cleanup *cleanups;
    gsize size;
};

static void
add_block (H3Arena *arena, gsize size)
{
    Block *block = g_malloc (offsetof (Block, data) + size);

    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->size += size;
    counters_add (COUNTER_ARENA_BYTES, (gint64) size);
    arena->at = block->data;
    arena->end = block->data + size;
    ASAN_POISON_MEMORY_REGION (block->data, size);
}

static void
free_block (H3Arena *arena, Block *block)
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
        Cleanup *cleanup = arena->cleanups;

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
    while (arena->blocks->next != NULL || arena->blocks->size > BLOCK_SIZE) {
        Block *block = arena->blocks;

        arena->blocks = block->next;
        free_block (arena, block);
        if (arena->blocks == NULL) {
            arena->at = arena->end = NULL;
            return;
        }
    }
    arena->at = arena->blocks->data;
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
        Block *block = arena->blocks;

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
    gsize rounded = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    char *result;

    g_assert (rounded >= size);
    if (G_UNLIKELY ((gsize) (arena->end - arena->at) < rounded))
        add_block (arena, MAX (rounded, BLOCK_SIZE - offsetof (Block, data)));
    result = arena->at;
    arena->at += rounded;
    ASAN_UNPOISON_MEMORY_REGION (result, size);
    return result;
}

void *
h3_arena_alloc0 (H3Arena *arena, gsize size)
{
    return memset (h3_arena_alloc (arena, size), 0, size);
}

char *
h3_arena_dup_view (H3Arena *arena, H3View view)
{
    char *copy = h3_arena_alloc (arena, view.length + 1);

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
    text = h3_arena_alloc (arena, (gsize) length + 1);
    va_start (arguments, format);
    (void) vsnprintf (text, (gsize) length + 1, format, arguments);
    va_end (arguments);
    return text;
}

void
h3_arena_add_cleanup (H3Arena *arena, GDestroyNotify function, gpointer data)
{
    Cleanup *cleanup;

    g_return_if_fail (arena != NULL && function != NULL);
    cleanup = h3_arena_alloc (arena, sizeof *cleanup);
    cleanup->function = function;
    cleanup->data = data;
    cleanup->next = arena->cleanups;
    arena->cleanups = cleanup;
}
