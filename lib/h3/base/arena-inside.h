/* SPDX-License-Identifier: MIT
 *
 * The inner face of an arena: giving out and taking back in place, for what every exchange does.
 * As arena.h says. */

#pragma once

#include <h3/base/arena.h>

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

G_BEGIN_DECLS

#define ARENA_ALIGNMENT (2 * sizeof (void *))

typedef struct _ArenaBlock ArenaBlock;
typedef struct _ArenaCleanup ArenaCleanup;

struct _H3Arena {
    char *at;    /* borrowed: the newest block */
    char *end;   /* borrowed: the newest block */
    char *first; /* borrowed: the start of the only block, where a reset keeps it; else NULL */
    ArenaCleanup *cleanups;
    ArenaBlock *blocks; /* owned; newest first, the kept one last */
    gsize size;
};

/* Room for `size` bytes, a multiple of ARENA_ALIGNMENT, where the newest block has none. */
void arena_add_block (H3Arena *arena, gsize size);

/* h3_arena_alloc () in place. */
static inline void *
arena_alloc (H3Arena *arena, gsize size)
{
    gsize rounded = (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    char *result;

    g_assert (rounded >= size);
    if (G_UNLIKELY ((gsize) (arena->end - arena->at) < rounded))
        arena_add_block (arena, rounded);
    result = arena->at;
    arena->at += rounded;
    ASAN_UNPOISON_MEMORY_REGION (result, size);
    return result;
}

/* h3_arena_reset () in place, for what most exchanges leave behind. */
static inline void
arena_reset (H3Arena *arena)
{
    if (G_LIKELY (arena->first != NULL && arena->cleanups == NULL)) {
        arena->at = arena->first;
        ASAN_POISON_MEMORY_REGION (arena->first, (gsize) (arena->end - arena->first));
    } else {
        h3_arena_reset (arena);
    }
}

G_END_DECLS
