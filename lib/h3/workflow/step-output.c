/* SPDX-License-Identifier: MIT */

#include "step-output.h"

#include <string.h>

#define REPLACEMENT        "\357\277\275" /* U+FFFD */
#define REPLACEMENT_LENGTH 3
#define CHARACTER_MAX      4

void
step_output_init (StepOutput *output, gsize max, gboolean keeps, StepOutputLine on_line,
                  gpointer data)
{
    *output = (StepOutput){ .on_line = on_line, .data = data, .max = max };
    output->raw = g_string_new (NULL);
    output->line = g_string_new (NULL);
    output->whole = keeps ? g_string_new (NULL) : NULL;
}

void
step_output_clear (StepOutput *output)
{
    if (output->raw == NULL)
        return;
    g_string_free (g_steal_pointer (&output->raw), TRUE);
    g_string_free (g_steal_pointer (&output->line), TRUE);
    if (output->whole != NULL)
        g_string_free (g_steal_pointer (&output->whole), TRUE);
}

static void
tell (StepOutput *output)
{
    GString *line = output->line;

    if (output->whole != NULL)
        g_string_append_len (output->whole, line->str, (gssize) line->len);
    output->on_line (line->str, line->len, output->is_cut, output->data);
    g_string_truncate (line, 0);
}

/* As many bytes of it as there is room for, with no character cut in two. */
static gsize
fit (const char *text, gsize length, gsize room)
{
    if (length <= room)
        return length;
    while (room > 0 && ((guchar) text[room] & 0xc0) == 0x80)
        room--;
    return room;
}

static void
cut (StepOutput *output, const char *text, gsize room)
{
    g_string_append_len (output->line, text, (gssize) room);
    output->n_kept += room;
    output->is_cut = TRUE;
    tell (output);
}

/* Of valid UTF-8 without a NUL. */
static void
add_text (StepOutput *output, const char *text, gsize length)
{
    while (length > 0 && !output->is_cut) {
        const char *end = memchr (text, '\n', length);
        gsize n = end != NULL ? (gsize) (end - text) + 1 : length;
        gsize room = output->max - output->n_kept;

        n = fit (text, n, STEP_LINE_MAX - output->line->len);
        if (n > room) {
            cut (output, text, fit (text, n, room));
            return;
        }
        g_string_append_len (output->line, text, (gssize) n);
        output->n_kept += n;
        if (n == 0 || text[n - 1] == '\n' || output->line->len == STEP_LINE_MAX)
            tell (output);
        text += n;
        length -= n;
    }
}

/* Whether the text ends in the middle of a character that may be one yet. */
static gboolean
is_begun (const char *text, gsize length)
{
    return length < CHARACTER_MAX && text[0] != '\0'
           && g_utf8_get_char_validated (text, (gssize) length) == (gunichar) -2;
}

void
step_output_add (StepOutput *output, const char *data, gsize length)
{
    const char *text = data, *end;
    gboolean goes_on = output->raw->len > 0;

    if (output->is_cut)
        return;
    if (goes_on) {
        g_string_append_len (output->raw, data, (gssize) length);
        text = output->raw->str;
        length = output->raw->len;
    }
    while (length > 0 && !output->is_cut) {
        (void) g_utf8_validate_len (text, length, &end);
        add_text (output, text, (gsize) (end - text));
        length -= (gsize) (end - text);
        text = end;
        if (length == 0 || is_begun (text, length))
            break;
        add_text (output, REPLACEMENT, REPLACEMENT_LENGTH);
        text++;
        length--;
    }
    if (goes_on)
        g_string_erase (output->raw, 0, text - output->raw->str);
    else
        g_string_append_len (output->raw, text, (gssize) length);
}

void
step_output_finish (StepOutput *output)
{
    if (output->is_cut)
        return;
    if (output->raw->len > 0)
        add_text (output, REPLACEMENT, REPLACEMENT_LENGTH);
    g_string_truncate (output->raw, 0);
    if (output->line->len > 0 && !output->is_cut)
        tell (output);
}
