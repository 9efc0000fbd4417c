/* SPDX-License-Identifier: MIT */

#include "config-value.h"

#include <h3/base/error.h>
#include <h3/base/view.h>
#include <h3/format/key-file.h>

typedef struct {
    const char *name;
    gint64 factor;
} Unit;

/* From the greatest to the least. */
static const Unit size_units[] = { { "T", G_GINT64_CONSTANT (1) << 40 },
                                   { "G", 1 << 30 },
                                   { "M", 1 << 20 },
                                   { "K", 1 << 10 },
                                   { "", 1 } };
static const Unit time_units[] = {
    { "d", 86400000 }, { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 }
};

static gboolean
refuse (const ConfigKey *key, const char *value, GError **error)
{
    g_autofree char *wanted = config_value_describe (key);

    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "%s takes %s, not '%s'", key->name, wanted,
                 value);
    return FALSE;
}

/* Digits, and a unit of `units` behind them. */
static gboolean
read_amount (const char *value, const Unit *units, guint n_units, gint64 *out_number)
{
    gsize n = strspn (value, "0123456789");
    guint64 digits;

    if (!h3_view_parse_uint (h3_view (value, n), G_MAXINT64, &digits))
        return FALSE;
    while (value[n] == ' ')
        n++;
    for (guint i = 0; i < n_units; i++) {
        if (strcmp (value + n, units[i].name) != 0)
            continue;
        if (digits > (guint64) (G_MAXINT64 / units[i].factor))
            return FALSE;
        *out_number = (gint64) digits * units[i].factor;
        return TRUE;
    }
    /* Nothing is nothing in any unit. */
    *out_number = 0;
    return value[n] == '\0' && digits == 0;
}

static gboolean
read_number (const ConfigKey *key, const char *value, gint64 *out_number, GError **error)
{
    static const Unit none[] = { { "", 1 } };
    gboolean is_read;

    if (key->kind == CONFIG_NUMBER)
        is_read = read_amount (value, none, 1, out_number);
    else if (key->kind == CONFIG_SIZE)
        is_read = read_amount (value, size_units, G_N_ELEMENTS (size_units), out_number);
    else
        is_read = read_amount (value, time_units, G_N_ELEMENTS (time_units), out_number);
    if (is_read && key->kind == CONFIG_SECONDS) {
        is_read = *out_number % 1000 == 0;
        *out_number /= 1000;
    }
    if (is_read && *out_number >= key->minimum && *out_number <= key->maximum)
        return TRUE;
    return refuse (key, value, error);
}

static gboolean
read_switch (const ConfigKey *key, const char *value, gint64 *out_number, GError **error)
{
    static const char *const words[] = { "no", "yes", "false", "true" };

    for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
        if (strcmp (words[i], value) == 0) {
            *out_number = i % 2;
            return TRUE;
        }
    }
    return refuse (key, value, error);
}

/* Its place among the words; -1: it is none of them. */
static gint64
find_choice (const ConfigKey *key, const char *word)
{
    H3View rest = h3_view_of (key->choices), choice;

    for (gint64 i = 0; h3_view_split (&rest, ' ', &choice); i++) {
        if (h3_view_equal (choice, h3_view_of (word)))
            return i;
    }
    return -1;
}

static gboolean
read_choice (const ConfigKey *key, const char *value, gint64 *out_number, GError **error)
{
    *out_number = find_choice (key, value);
    return *out_number >= 0 || refuse (key, value, error);
}

static gboolean
read_choices (const ConfigKey *key, const char *value, gint64 *out_number, GError **error)
{
    g_auto (GStrv) words = key_file_dup_list (value, error);

    if (words == NULL)
        return FALSE;
    *out_number = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        gint64 place = find_choice (key, words[i]);

        if (place < 0)
            return refuse (key, words[i], error);
        *out_number |= G_GINT64_CONSTANT (1) << place;
    }
    return TRUE;
}

static gboolean
read_text (const ConfigKey *key, const char *value, const char *folder, ConfigValue *out_value,
           GError **error)
{
    g_autofree char *text = key_file_dup_text (value, error);

    if (text == NULL) {
        g_prefix_error (error, "%s: ", key->name);
        return FALSE;
    }
    out_value->text =
        key->kind == CONFIG_FILE ? g_canonicalize_filename (text, folder) : g_steal_pointer (&text);
    return TRUE;
}

static gboolean
read_list (const ConfigKey *key, const char *value, ConfigValue *out_value, GError **error)
{
    g_auto (GStrv) list = key_file_dup_list (value, error);

    if (list == NULL) {
        g_prefix_error (error, "%s: ", key->name);
        return FALSE;
    }
    if (list[0] == NULL && (key->flags & CONFIG_MAY_BE_EMPTY) == 0)
        return refuse (key, value, error);
    out_value->list = g_steal_pointer (&list);
    return TRUE;
}

gboolean
config_value_read (const ConfigKey *key, const char *value, const char *folder,
                   ConfigValue *out_value, GError **error)
{
    if (*value == '\0' && (key->flags & CONFIG_MAY_BE_EMPTY) == 0) {
        g_autofree char *wanted = config_value_describe (key);

        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "%s has no value: it takes %s; leave the line out for the default", key->name,
                     wanted);
        return FALSE;
    }
    switch (key->kind) {
    case CONFIG_SWITCH:
        return read_switch (key, value, &out_value->number, error);
    case CONFIG_NUMBER:
    case CONFIG_SIZE:
    case CONFIG_TIME:
    case CONFIG_SECONDS:
        return read_number (key, value, &out_value->number, error);
    case CONFIG_TEXT:
    case CONFIG_FILE:
        return read_text (key, value, folder, out_value, error);
    case CONFIG_LIST:
        return read_list (key, value, out_value, error);
    case CONFIG_CHOICE:
        if (!read_choice (key, value, &out_value->number, error))
            return FALSE;
        out_value->text = g_strdup (value);
        return TRUE;
    case CONFIG_CHOICES:
        return read_choices (key, value, &out_value->number, error);
    case N_CONFIG_KINDS:
        break;
    }
    g_assert_not_reached ();
}

void
config_value_clear (ConfigValue *value)
{
    g_clear_pointer (&value->text, g_free);
    g_clear_pointer (&value->list, g_strfreev);
}

static char *
format_amount (const Unit *units, guint n_units, gint64 number)
{
    if (number == 0)
        return g_strdup ("0");
    for (guint i = 0; i < n_units; i++) {
        if (number % units[i].factor == 0)
            return g_strdup_printf ("%" G_GINT64_FORMAT "%s", number / units[i].factor,
                                    units[i].name);
    }
    g_assert_not_reached ();
}

char *
config_value_format (ConfigKind kind, gint64 number)
{
    if (kind == CONFIG_SIZE)
        return format_amount (size_units, G_N_ELEMENTS (size_units), number);
    if (kind == CONFIG_TIME)
        return format_amount (time_units, G_N_ELEMENTS (time_units), number);
    if (kind == CONFIG_SECONDS)
        return format_amount (time_units, G_N_ELEMENTS (time_units), number * 1000);
    return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* "a, b or c". */
static char *
describe_choices (const char *choices, const char *last)
{
    g_auto (GStrv) words = g_strsplit (choices, " ", -1);
    g_autoptr (GString) text = g_string_new (words[0]);

    for (guint i = 1; words[i] != NULL; i++)
        g_string_append_printf (text, "%s%s", words[i + 1] != NULL ? ", " : last, words[i]);
    return g_strdup (text->str);
}

static char *
describe_range (const ConfigKey *key)
{
    static const char *const hints[N_CONFIG_KINDS] = {
        [CONFIG_NUMBER] = "a number",
        [CONFIG_SIZE] = "bytes as in 512, 64K, 16M",
        [CONFIG_TIME] = "a time as in 500ms, 30s, 5min, 2h",
        [CONFIG_SECONDS] = "a time as in 30s, 5min, 2h, 1d",
    };
    g_autofree char *minimum = config_value_format (key->kind, key->minimum);
    g_autofree char *maximum = NULL;

    if (key->maximum >= G_MAXINT64 / 2)
        return g_strdup_printf ("%s, from %s on", hints[key->kind], minimum);
    maximum = config_value_format (key->kind, key->maximum);
    return g_strdup_printf ("%s, %s to %s", hints[key->kind], minimum, maximum);
}

char *
config_value_describe (const ConfigKey *key)
{
    switch (key->kind) {
    case CONFIG_SWITCH:
        return g_strdup ("yes or no");
    case CONFIG_NUMBER:
    case CONFIG_SIZE:
    case CONFIG_TIME:
    case CONFIG_SECONDS:
        return describe_range (key);
    case CONFIG_TEXT:
        return g_strdup ("a text");
    case CONFIG_FILE:
        return g_strdup ("a path");
    case CONFIG_LIST:
        return g_strdup ("texts with ; between");
    case CONFIG_CHOICE:
        return describe_choices (key->choices, " or ");
    case CONFIG_CHOICES: {
        g_autofree char *words = describe_choices (key->choices, " and ");

        return g_strdup_printf ("some of %s, with ; between", words);
    }
    case N_CONFIG_KINDS:
        break;
    }
    g_assert_not_reached ();
}
