/* SPDX-License-Identifier: MIT */

#include "fuzz.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* In place of the system's: what is random is the same in each process, so that an input breaks the
 * program each time it is given, and a seed takes libFuzzer the same way. (The bits are those of
 * splitmix64.) */
ssize_t
getrandom (void *buffer, size_t length, unsigned int flags)
{
    static atomic_uint_fast64_t drawn;
    guchar *bytes = buffer;

    for (size_t i = 0; i < length; i++) {
        guint64 x = (atomic_fetch_add (&drawn, 1) + 1) * 0x9e3779b97f4a7c15;

        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
        x = (x ^ x >> 27) * 0x94d049bb133111eb;
        bytes[i] = (guchar) (x >> 32);
    }
    return (ssize_t) length;
}

/* GLib itself would end with a trap, of which libFuzzer does not hear. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
        return G_LOG_WRITER_HANDLED;
    (void) g_log_writer_standard_streams (level, fields, n_fields, NULL);
    abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
    g_log_set_writer_func (write_log, NULL, NULL);
    g_random_set_seed (1);
    json_object_seed (1);
    return 0;
}

void
fuzz_fail (const char *place, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    (void) fprintf (stderr, "%s: ", place);
    (void) vfprintf (stderr, format, arguments);
    (void) fputc ('\n', stderr);
    va_end (arguments);
    abort ();
}

char *
fuzz_copy (const void *data, gsize length)
{
    char *copy = g_malloc (MAX (length, 1));

    if (length > 0)
        memcpy (copy, data, length);
    return copy;
}

FuzzChoice
fuzz_choice_of (H3View bytes)
{
    guint64 hash = 0xcbf29ce484222325; /* FNV-1a: the same in every process */

    for (gsize i = 0; i < bytes.length; i++)
        hash = (hash ^ (guchar) bytes.data[i]) * 0x100000001b3;
    return (FuzzChoice){ hash };
}

guint
fuzz_choose (FuzzChoice *choice, guint n)
{
    guint64 mixed = choice->state += 0x9e3779b97f4a7c15; /* SplitMix64 */

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return (guint) ((mixed ^ mixed >> 31) % n);
}

void
fuzz_cuts_init (FuzzCuts *cuts, H3View bytes)
{
    static const gsize widths[] = { 1, 2, 5, 17, 64, 1024 };

    *cuts = (FuzzCuts){ .choice = fuzz_choice_of (bytes), .length = bytes.length };
    /* Readers look again at what they hold, so many pieces of much would take too long. */
    cuts->widest =
        MAX (widths[fuzz_choose (&cuts->choice, G_N_ELEMENTS (widths))], bytes.length / 256);
}

gboolean
fuzz_cuts_next (FuzzCuts *cuts, gsize *out_end)
{
    if (cuts->at == cuts->length)
        return FALSE;
    cuts->at += 1 + fuzz_choose (&cuts->choice, (guint) cuts->widest);
    cuts->at = MIN (cuts->at, cuts->length);
    *out_end = cuts->at;
    return TRUE;
}

gboolean
fuzz_take_line (H3View *rest, H3View *out_line)
{
    return rest->length > 0 && h3_view_split (rest, '\n', out_line);
}
