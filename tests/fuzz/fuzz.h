/* SPDX-License-Identifier: MIT
 *
 * What every fuzzer shares: how it fails, and numbers and cuts that its input chooses. Every file
 * is an input as it stands, because what is chosen follows from all of its bytes. Main thread. */

#pragma once

#include "h3/base/view.h"

#include <glib.h>

/* Called with each input by libFuzzer and by AFL++. Returns 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
/* Called once: warnings of the library abort, so that the input is kept. Returns 0. */
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* Tells what is wrong, and aborts. */
_Noreturn void fuzz_fail (const char *place, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Unlike g_assert () it says with which values. */
#define FUZZ_ASSERT(condition, ...)                                                                \
    G_STMT_START                                                                                   \
    {                                                                                              \
        if (!(condition))                                                                          \
            fuzz_fail (G_STRLOC ": " #condition, __VA_ARGS__);                                     \
    }                                                                                              \
    G_STMT_END

/* Bytes in a block of their own size, so that a read beyond them is seen; freed with g_free (). */
char *fuzz_copy (const void *data, gsize length);

/* A series of numbers. */
typedef struct {
    guint64 state;
} FuzzChoice;

FuzzChoice fuzz_choice_of (H3View bytes);
/* One of 0 … n − 1. */
guint fuzz_choose (FuzzChoice *choice, guint n);

/* Where an input is cut into pieces: some inputs at every byte, some rarely. */
typedef struct {
    FuzzChoice choice;
    gsize length;
    gsize widest;
    gsize at;
} FuzzCuts;

void fuzz_cuts_init (FuzzCuts *cuts, H3View bytes);
/* The end of the next piece, at last the end of all; FALSE when there is none any more. */
gboolean fuzz_cuts_next (FuzzCuts *cuts, gsize *out_end);

/* Takes a line off the front of `*rest`, without its LF. FALSE when it is used up. */
gboolean fuzz_take_line (H3View *rest, H3View *out_line);
