/* SPDX-License-Identifier: MIT
 *
 * A configuration: what its reader takes without a slip GKeyFile takes too, and finds the same
 * groups, keys, texts and lists; all faults are of lines that there are, or of a file without
 * groups, and in their order. */

#include "fuzz.h"
#include "h3/app/config-document.h"
#include "h3/format/key-file.h"

#include <stdlib.h>
#include <string.h>

static void
count_slip (guint line, const char *text, gpointer data)
{
    guint *n = data;

    FUZZ_ASSERT (line > 0 && *text != '\0', "line %u: %s", line, text);
    (*n)++;
}

/* GKeyFile keeps blanks at the end of a value. */
static void
compare_value (GKeyFile *other, const KeyFileGroup *group, const KeyFileEntry *entry)
{
    g_autofree char *value = g_key_file_get_value (other, group->name, entry->key, NULL);
    g_autoptr (GError) problem = NULL;
    g_autofree char *text = key_file_dup_text (entry->value, NULL);
    g_autofree char *twin = NULL;

    FUZZ_ASSERT (value != NULL, "[%s] %s is missing", group->name, entry->key);
    FUZZ_ASSERT (g_str_equal (g_strchomp (value), entry->value), "'%s' and '%s'", value,
                 entry->value);
    g_key_file_set_value (other, group->name, entry->key, entry->value);
    /* Of two wrong backslashes in a value GKeyFile tells one error over the other. */
    if (text == NULL)
        return;
    twin = g_key_file_get_string (other, group->name, entry->key, &problem);
    FUZZ_ASSERT (problem == NULL, "'%s'", entry->value);
    FUZZ_ASSERT (g_str_equal (text, twin), "'%s' and '%s'", text, twin);
}

/* Without what is empty, and the blanks around the others. */
static void
compare_list (GKeyFile *other, const KeyFileGroup *group, const KeyFileEntry *entry)
{
    g_autoptr (GError) problem = NULL;
    g_auto (GStrv) list = key_file_dup_list (entry->value, NULL);
    g_auto (GStrv) twin = NULL;
    guint n = 0;

    if (list == NULL)
        return;
    twin = g_key_file_get_string_list (other, group->name, entry->key, NULL, &problem);
    FUZZ_ASSERT (problem == NULL, "'%s'", entry->value);
    for (guint i = 0; twin != NULL && twin[i] != NULL; i++) {
        if (*g_strstrip (twin[i]) == '\0')
            continue;
        FUZZ_ASSERT (list[n] != NULL && g_str_equal (list[n], twin[i]), "element %u of '%s': '%s'",
                     n, entry->value, twin[i]);
        n++;
    }
    FUZZ_ASSERT (list[n] == NULL, "'%s' has more than %u", entry->value, n);
}

/* Blanks around what a line says, to GKeyFile not everywhere; and what ends its texts. */
static gboolean
has_odd_bytes (const char *text, gsize length)
{
    return memchr (text, '\r', length) != NULL || memchr (text, '\f', length) != NULL
           || memchr (text, '\0', length) != NULL;
}

static void
compare_with_glib (const char *text, gsize length)
{
    guint n_slips = 0;
    g_autoptr (GPtrArray) groups = key_file_parse (text, length, count_slip, &n_slips);
    g_autoptr (GKeyFile) other = g_key_file_new ();
    g_autoptr (GError) error = NULL;

    /* To GKeyFile the key Encoding says in what the file is. */
    if (n_slips > 0 || groups->len == 0 || strstr (text, "Encoding") != NULL
        || has_odd_bytes (text, length))
        return;
    FUZZ_ASSERT (g_key_file_load_from_data (other, text, length, G_KEY_FILE_NONE, &error), "%s",
                 error->message);
    for (guint i = 0; i < groups->len; i++) {
        const KeyFileGroup *group = groups->pdata[i];

        for (guint j = 0; j < group->entries->len; j++) {
            compare_value (other, group, group->entries->pdata[j]);
            compare_list (other, group, group->entries->pdata[j]);
        }
    }
}

static void
look_at_faults (const char *text, gsize length)
{
    g_autoptr (ConfigDocument) document = config_document_new ("f", text, length);
    g_auto (GStrv) faults = config_document_dup_faults (document);
    gulong n_lines = 1, before = 0;

    for (gsize i = 0; i < length; i++)
        n_lines += text[i] == '\n';
    for (guint i = 0; faults[i] != NULL; i++) {
        gulong line = strtoul (faults[i] + 2, NULL, 10);

        /* A file that says nothing is wrong as a whole. */
        FUZZ_ASSERT (line > 0 || document->groups->len == 0, "%s", faults[i]);
        FUZZ_ASSERT (line >= before && line <= n_lines, "%s", faults[i]);
        before = line;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *text = g_malloc (size + 1);

    if (size > 0)
        memcpy (text, data, size);
    text[size] = '\0';
    compare_with_glib (text, size);
    look_at_faults (text, size);
    return 0;
}
