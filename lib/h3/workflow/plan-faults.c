/* SPDX-License-Identifier: MIT */

#include "plan-faults.h"

/* Texts of the plan stand in messages, and may be as long as the plan. */
#define MAX_MESSAGE 400

typedef struct {
    gsize at;
    guint order; /* of being found, where two stand in one place */
    char *text;  /* owned */
} Fault;

struct _PlanFaults {
    H3View text;   /* borrowed: who reads it */
    GArray *found; /* owned; of Fault */
    guint n_more;  /* found beyond the bound */
};

static void
clear_fault (gpointer data)
{
    g_free (((Fault *) data)->text);
}

PlanFaults *
plan_faults_new (H3View text)
{
    PlanFaults *faults = g_new0 (PlanFaults, 1);

    faults->text = text;
    faults->found = g_array_new (FALSE, FALSE, sizeof (Fault));
    g_array_set_clear_func (faults->found, clear_fault);
    return faults;
}

void
plan_faults_free (PlanFaults *faults)
{
    if (faults == NULL)
        return;
    g_array_unref (faults->found);
    g_free (faults);
}

/* Messages go to terminals and logs, a line each: what a plan says must not steer them. A name that
 * was cut for its message may end amid a character. */
static char *
make_plain (const char *message)
{
    g_autofree char *valid = g_utf8_make_valid (message, -1);
    GString *plain = g_string_new (NULL);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
        gunichar character = g_utf8_get_char (at);

        if (plain->len > MAX_MESSAGE) {
            g_string_append (plain, "…");
            break;
        }
        g_string_append_unichar (plain, g_unichar_iscntrl (character) ? '?' : character);
    }
    return g_string_free (plain, FALSE);
}

void
plan_faults_add (PlanFaults *faults, gsize at, const char *format, ...)
{
    g_autofree char *message = NULL;
    Fault fault = { at, faults->found->len, NULL };
    va_list arguments;

    if (faults->found->len == PLAN_MAX_FAULTS) {
        faults->n_more++;
        return;
    }
    va_start (arguments, format);
    message = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    fault.text = make_plain (message);
    g_array_append_val (faults->found, fault);
}

gboolean
plan_faults_is_empty (const PlanFaults *faults)
{
    return faults->found->len == 0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
    const Fault *first = a, *second = b;

    if (first->at != second->at)
        return first->at < second->at ? -1 : 1;
    return first->order < second->order ? -1 : first->order > second->order;
}

GPtrArray *
plan_faults_list (PlanFaults *faults)
{
    GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
    guint line = 1, column = 1;
    gsize at = 0;

    g_array_sort (faults->found, compare);
    for (guint i = 0; i < faults->found->len; i++) {
        const Fault *fault = &g_array_index (faults->found, Fault, i);

        for (; at < fault->at; at++) {
            if (faults->text.data[at] == '\n') {
                line++;
                column = 1;
            } else if (((guchar) faults->text.data[at] & 0xc0) != 0x80) {
                column++;
            }
        }
        g_ptr_array_add (list, g_strdup_printf ("%u:%u: %s", line, column, fault->text));
    }
    if (faults->n_more > 0)
        g_ptr_array_add (list, g_strdup_printf ("%u:%u: %u more faults are not told", line, column,
                                                faults->n_more));
    return list;
}
