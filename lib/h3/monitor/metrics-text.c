/* SPDX-License-Identifier: MIT */

#include "metrics-text.h"

#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -1: it is none of several. */
static atomic_int process_number = -1;

struct _MetricsText {
    GString *text; /* owned */
    char *process; /* owned: the label's value; NULL: there is none */
    H3MetricsFormat format;
    char *name; /* owned: of the family */
    MetricsKind kind;
};

void
metrics_set_process (int number)
{
    atomic_store_explicit (&process_number, number, memory_order_relaxed);
}

MetricsText *
metrics_text_new (H3MetricsFormat format)
{
    MetricsText *text = g_new0 (MetricsText, 1);
    int number = atomic_load_explicit (&process_number, memory_order_relaxed);

    if (number >= 0)
        text->process = g_strdup_printf ("%d", number);

    text->text = g_string_new (NULL);
    text->format = format;
    return text;
}

void
metrics_text_free (MetricsText *text)
{
    if (text == NULL)
        return;
    g_string_free (text->text, TRUE);
    g_free (text->process);
    g_free (text->name);
    g_free (text);
}

char *
metrics_text_end (MetricsText *text)
{
    char *whole;

    if (text->format == H3_METRICS_OPENMETRICS)
        g_string_append (text->text, "# EOF\n");
    whole = g_string_free (g_steal_pointer (&text->text), FALSE);
    text->text = g_string_new (NULL);
    metrics_text_free (text);
    return whole;
}

static void
append_escaped (GString *text, const char *value, gboolean escapes_quotes)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n')
            g_string_append (text, "\\n");
        else if (*value == '\\')
            g_string_append (text, "\\\\");
        else if (*value == '"' && escapes_quotes)
            g_string_append (text, "\\\"");
        else
            g_string_append_c (text, *value);
    }
}

/* What the kind has behind its name: in the one format the family is called so too. */
static const char *
get_suffix (MetricsKind kind)
{
    return kind == METRICS_COUNTER ? "_total" : kind == METRICS_INFO ? "_info" : "";
}

void
metrics_text_begin (MetricsText *text, const char *name, MetricsKind kind, const char *help)
{
    static const char *const kinds[] = { "counter", "gauge", "histogram", "info" };
    gboolean is_open = text->format == H3_METRICS_OPENMETRICS;
    const char *suffix = is_open ? "" : get_suffix (kind);
    const char *type = kind == METRICS_INFO && !is_open ? "gauge" : kinds[kind];

    g_free (text->name);
    text->name = g_strdup (name);
    text->kind = kind;
    g_string_append_printf (text->text, "# HELP %s%s ", name, suffix);
    append_escaped (text->text, help, is_open);
    g_string_append_printf (text->text, "\n# TYPE %s%s %s\n", name, suffix, type);
}

/* The shortest that is read as the same number again. */
static void
append_number (GString *text, double number)
{
    static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan (number)) {
        g_string_append (text, "NaN");
        return;
    }
    if (isinf (number)) {
        g_string_append (text, number > 0 ? "+Inf" : "-Inf");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
        g_ascii_formatd (digits, sizeof digits, formats[i], number);
        if (g_ascii_strtod (digits, NULL) == number)
            break;
    }
    g_string_append (text, digits);
}

static void
append_label (GString *text, const char *label, const char *value, gboolean is_first)
{
    g_string_append_c (text, is_first ? '{' : ',');
    g_string_append (text, label);
    g_string_append (text, "=\"");
    append_escaped (text, value, TRUE);
    g_string_append_c (text, '"');
}

/* Whether it has a label now. */
static gboolean
begin_sample (MetricsText *text, const char *suffix)
{
    g_string_append (text->text, text->name);
    g_string_append (text->text, *suffix != '\0' ? suffix : get_suffix (text->kind));
    if (text->process != NULL)
        append_label (text->text, "process", text->process, TRUE);
    return text->process != NULL;
}

static void
end_sample (MetricsText *text, gboolean has_labels, double value)
{
    g_string_append (text->text, has_labels ? "} " : " ");
    append_number (text->text, value);
    g_string_append_c (text->text, '\n');
}

void
metrics_text_add (MetricsText *text, const char *suffix, double value, ...)
{
    gboolean has_labels = begin_sample (text, suffix);
    va_list pairs;

    va_start (pairs, value);
    for (const char *label; (label = va_arg (pairs, const char *)) != NULL; has_labels = TRUE)
        append_label (text->text, label, va_arg (pairs, const char *), !has_labels);
    va_end (pairs);
    end_sample (text, has_labels, value);
}

void
metrics_text_add_array (MetricsText *text, const char *suffix, double value,
                        const char *const *labels, const char *const *values, guint n,
                        const char *le)
{
    gboolean has_labels = begin_sample (text, suffix);

    for (guint i = 0; i < n; i++) {
        append_label (text->text, labels[i], values[i], !has_labels);
        has_labels = TRUE;
    }
    if (le != NULL)
        append_label (text->text, "le", le, !has_labels);
    end_sample (text, has_labels || le != NULL, value);
}

/* A bound is a number with a point in it, so that each is written in one way only. */
void
metrics_text_write_bound (double bound, char *out)
{
    g_autoptr (GString) text = g_string_new (NULL);

    append_number (text, bound);
    if (strpbrk (text->str, ".eIN") == NULL)
        g_string_append (text, ".0");
    g_strlcpy (out, text->str, METRICS_BOUND_SIZE);
}
