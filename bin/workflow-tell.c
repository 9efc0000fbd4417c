/* SPDX-License-Identifier: MIT */

#include "workflow-tell.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of a step that failed, on a terminal, which has shown only its last line so far. */
#define KEPT_LINES 20

/* Of a terminal that does not say what it has. */
#define DEFAULT_COLUMNS 80
#define DEFAULT_ROWS    24

typedef struct {
    char *id;       /* owned */
    gint64 began;   /* of the monotonic clock */
    GQueue printed; /* owned; its last lines, plain */
} Step;

struct _WorkflowTell {
    gboolean is_terminal;
    GPtrArray *running; /* owned; Step, in the order in which they began */
    guint drawn;        /* lines of the terminal that are drawn anew */
    gint64 began;
    char *state; /* owned */
    char *error; /* owned; nullable: of the run */
};

static void
free_step (gpointer data)
{
    Step *step = data;

    g_queue_clear_full (&step->printed, g_free);
    g_free (step->id);
    g_free (step);
}

WorkflowTell *
workflow_tell_new (gboolean is_terminal)
{
    WorkflowTell *tell = g_new0 (WorkflowTell, 1);

    tell->is_terminal = is_terminal;
    tell->running = g_ptr_array_new_with_free_func (free_step);
    tell->began = g_get_monotonic_time ();
    tell->state = g_strdup ("pending");
    return tell;
}

void
workflow_tell_free (WorkflowTell *tell)
{
    g_ptr_array_unref (tell->running);
    g_free (tell->state);
    g_free (tell->error);
    g_free (tell);
}

const char *
workflow_tell_get_state (const WorkflowTell *tell)
{
    return tell->state;
}

static const char *
get (const json_t *event, const char *name)
{
    return json_string_value (json_object_get (event, name));
}

/* (transfer full): what a program printed must not steer the terminal. */
static char *
make_plain (const char *text)
{
    GString *plain = g_string_new (NULL);

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar character = g_utf8_get_char (at);

        if (character == '\t')
            g_string_append_c (plain, ' ');
        else if (!g_unichar_iscntrl (character))
            g_string_append_unichar (plain, character);
    }
    return g_string_free (plain, FALSE);
}

/* What fits into so many columns. */
static void
cut (GString *line, guint columns)
{
    guint taken = 0;

    for (const char *at = line->str; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar character = g_utf8_get_char (at);
        guint width = g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;

        if (taken + width > columns) {
            g_string_truncate (line, (gsize) (at - line->str));
            return;
        }
        taken += width;
    }
}

static struct winsize
get_size (void)
{
    struct winsize size = { 0 };

    if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        size.ws_col = DEFAULT_COLUMNS;
        size.ws_row = DEFAULT_ROWS;
    }
    return size;
}

/* The lines that are drawn anew go; the cursor stands where they began. */
static void
erase (WorkflowTell *tell)
{
    if (tell->drawn > 0)
        printf ("\r\033[%uA\033[J", tell->drawn);
    tell->drawn = 0;
}

static void
draw (WorkflowTell *tell)
{
    struct winsize size = get_size ();
    gint64 now = g_get_monotonic_time ();

    for (guint i = 0; tell->is_terminal && i < tell->running->len; i++) {
        const Step *step = tell->running->pdata[i];
        const char *last = g_queue_peek_tail (&((Step *) step)->printed);
        g_autoptr (GString) line = g_string_new (NULL);

        if (tell->drawn + 2 > size.ws_row)
            break;
        g_string_printf (line, "… %s  %.0f s  %s", step->id, (now - step->began) / 1e6,
                         last != NULL ? last : "");
        cut (line, size.ws_col - 1u);
        printf ("%s\n", line->str);
        tell->drawn++;
    }
    fflush (stdout);
}

void
workflow_tell_say (WorkflowTell *tell, const char *line)
{
    erase (tell);
    printf ("%s\n", line);
    draw (tell);
}

void
workflow_tell_tick (WorkflowTell *tell)
{
    if (!tell->is_terminal)
        return;
    erase (tell);
    draw (tell);
}

static Step *
find_step (WorkflowTell *tell, const char *id)
{
    for (guint i = 0; i < tell->running->len; i++) {
        Step *step = tell->running->pdata[i];

        if (strcmp (step->id, id) == 0)
            return step;
    }
    return NULL;
}

static void
tell_line (WorkflowTell *tell, const json_t *event)
{
    const char *id = get (event, "step"), *text = get (event, "text");
    Step *step = id != NULL ? find_step (tell, id) : NULL;

    if (id == NULL || text == NULL)
        return;
    if (!tell->is_terminal) {
        printf ("%s | %s%s\n", id, text,
                json_is_true (json_object_get (event, "cut")) ? " [cut]" : "");
        fflush (stdout);
    } else if (step != NULL) {
        g_queue_push_tail (&step->printed, make_plain (text));
        if (step->printed.length > KEPT_LINES)
            g_free (g_queue_pop_head (&step->printed));
        erase (tell);
        draw (tell);
    }
}

/* (transfer full): how it went, in a line. */
static char *
describe_end (const json_t *event, const Step *step)
{
    const char *state = get (event, "state"), *error = get (event, "error");
    json_int_t attempts = json_integer_value (json_object_get (event, "attempts"));
    GString *line = g_string_new (state);

    if (error != NULL) {
        g_autofree char *plain = make_plain (error);

        g_string_append_printf (line, ": %s", plain);
    }
    if (step != NULL)
        g_string_append_printf (line, " (%.1f s", (g_get_monotonic_time () - step->began) / 1e6);
    if (step != NULL && attempts > 1)
        g_string_append_printf (line, ", %d tries", (int) attempts);
    if (step != NULL)
        g_string_append_c (line, ')');
    return g_string_free (line, FALSE);
}

static void
show_printed (WorkflowTell *tell, Step *step)
{
    for (const GList *at = step->printed.head; tell->is_terminal && at != NULL; at = at->next)
        printf ("    %s\n", (const char *) at->data);
}

static void
tell_step (WorkflowTell *tell, const json_t *event)
{
    const char *id = get (event, "id"), *state = get (event, "state");
    Step *step = id != NULL ? find_step (tell, id) : NULL;
    g_autofree char *end = NULL;

    if (id == NULL || state == NULL || strcmp (state, "pending") == 0)
        return;
    erase (tell);
    if (strcmp (state, "running") == 0) {
        if (step == NULL) {
            step = g_new0 (Step, 1);
            step->id = g_strdup (id);
            step->began = g_get_monotonic_time ();
            g_ptr_array_add (tell->running, step);
        }
        if (!tell->is_terminal)
            printf ("%s: running\n", id);
        draw (tell);
        return;
    }
    end = describe_end (event, step);
    if (tell->is_terminal)
        printf ("%s %s: %s\n", strcmp (state, "succeeded") == 0 ? "✓" : "✗", id, end);
    else
        printf ("%s: %s\n", id, end);
    if (step != NULL && strcmp (state, "failed") == 0)
        show_printed (tell, step);
    if (step != NULL)
        g_ptr_array_remove (tell->running, step);
    draw (tell);
}

static void
tell_run (WorkflowTell *tell, const json_t *event)
{
    const char *state = get (event, "state"), *error = get (event, "error");
    g_autofree char *plain = error != NULL ? make_plain (error) : NULL;
    g_autofree char *line = NULL;

    if (state == NULL)
        return;
    g_free (tell->state);
    tell->state = g_strdup (state);
    if (strcmp (state, "pending") == 0 || strcmp (state, "running") == 0)
        return;
    line = g_strdup_printf ("The run has %s%s%s%s (%.1f s)",
                            strcmp (state, "cancelled") == 0     ? "been "
                            : strcmp (state, "interrupted") == 0 ? "been "
                                                                 : "",
                            state, plain != NULL ? ": " : "", plain != NULL ? plain : "",
                            (g_get_monotonic_time () - tell->began) / 1e6);
    workflow_tell_say (tell, line);
}

void
workflow_tell_event (WorkflowTell *tell, const char *kind, const json_t *event)
{
    if (strcmp (kind, "line") == 0)
        tell_line (tell, event);
    else if (strcmp (kind, "step") == 0)
        tell_step (tell, event);
    else if (strcmp (kind, "run") == 0)
        tell_run (tell, event);
}
