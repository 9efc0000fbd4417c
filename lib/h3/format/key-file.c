/* SPDX-License-Identifier: MIT */

#include "key-file.h"

#include <h3/base/error.h>
#include <h3/base/view.h>

typedef struct {
    GPtrArray *groups;  /* owned, until it is handed over */
    GHashTable *names;  /* owned: name of a group → KeyFileGroup, borrowed */
    KeyFileGroup *last; /* borrowed; NULL: none yet, or one that counts for nothing */
    GHashTable *keys;   /* owned: key → KeyFileEntry, borrowed: of the last group */
    gboolean has_group; /* a head has been */
    guint line;
    KeyFileSlip slip;
    gpointer data; /* borrowed: of `slip` */
} KeyFileReader;

static void
free_entry (gpointer data)
{
    KeyFileEntry *entry = data;

    g_free (entry->key);
    g_free (entry->value);
    g_free (entry);
}

static void
free_group (gpointer data)
{
    KeyFileGroup *group = data;

    g_ptr_array_unref (group->entries);
    g_free (group->name);
    g_free (group);
}

static void G_GNUC_PRINTF (2, 3) tell (KeyFileReader *reader, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    reader->slip (reader->line, text, reader->data);
}

static gboolean
has_control (H3View text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (g_ascii_iscntrl (text.data[i]))
            return TRUE;
    }
    return FALSE;
}

static H3View
trim (H3View text)
{
    while (text.length > 0 && g_ascii_isspace (text.data[text.length - 1]))
        text.length--;
    while (text.length > 0 && g_ascii_isspace (text.data[0]))
        text = h3_view (text.data + 1, text.length - 1);
    return text;
}

static void
begin_group (KeyFileReader *reader, H3View name)
{
    g_autofree char *text = h3_view_dup (name);
    const KeyFileGroup *before = g_hash_table_lookup (reader->names, text);
    KeyFileGroup *group;

    reader->has_group = TRUE;
    reader->last = NULL;
    g_hash_table_remove_all (reader->keys);
    if (before != NULL) {
        tell (reader, "the group [%s] begins on line %u: write its keys there", text, before->line);
        return;
    }
    group = g_new0 (KeyFileGroup, 1);
    group->name = g_steal_pointer (&text);
    group->line = reader->line;
    group->entries = g_ptr_array_new_with_free_func (free_entry);
    g_ptr_array_add (reader->groups, group);
    g_hash_table_insert (reader->names, group->name, group);
    reader->last = group;
}

/* A line that begins with a bracket. */
static void
read_head (KeyFileReader *reader, H3View line)
{
    gssize end = h3_view_find (line, ']');
    H3View name;

    /* What stands below a head that cannot be is none of the group before it. */
    reader->has_group = TRUE;
    reader->last = NULL;
    if (end < 0 || (gsize) end + 1 != line.length) {
        tell (reader, "the head of a group is [NAME], alone in its line, without brackets in it");
        return;
    }
    name = h3_view (line.data + 1, (gsize) end - 1);
    if (name.length == 0 || h3_view_find (name, '[') >= 0 || has_control (name))
        tell (reader, "between the brackets stands the name of a group, without brackets in it");
    else
        begin_group (reader, name);
}

static void
add_entry (KeyFileReader *reader, H3View key, H3View value)
{
    g_autofree char *text = h3_view_dup (key);
    const KeyFileEntry *before;
    KeyFileEntry *entry;

    if (reader->last == NULL)
        return;
    before = g_hash_table_lookup (reader->keys, text);
    if (before != NULL) {
        tell (reader, "%s stands on line %u already: give it once", text, before->line);
        return;
    }
    entry = g_new0 (KeyFileEntry, 1);
    entry->key = g_steal_pointer (&text);
    entry->value = h3_view_dup (value);
    entry->line = reader->line;
    g_ptr_array_add (reader->last->entries, entry);
    g_hash_table_insert (reader->keys, entry->key, entry);
}

static void
read_pair (KeyFileReader *reader, H3View line)
{
    gssize equals = h3_view_find (line, '=');
    H3View key, value;

    if (equals < 0) {
        tell (reader, "a line is [GROUP], KEY = VALUE, or begins with #");
        return;
    }
    key = trim (h3_view (line.data, (gsize) equals));
    value = trim (h3_view (line.data + equals + 1, line.length - (gsize) equals - 1));
    if (!reader->has_group)
        tell (reader, "a [GROUP] stands before the first key");
    else if (key.length == 0)
        tell (reader, "a key is missing before the =");
    else if (has_control (key) || h3_view_find (key, '[') >= 0 || h3_view_find (key, ']') >= 0)
        tell (reader, "a key has no brackets and no control characters");
    else
        add_entry (reader, key, value);
}

static void
read_line (KeyFileReader *reader, H3View line)
{
    line = trim (line);
    if (line.length == 0 || line.data[0] == '#')
        return;
    if (memchr (line.data, '\0', line.length) != NULL)
        tell (reader, "there is a NUL in this line");
    else if (!g_utf8_validate_len (line.data, line.length, NULL))
        tell (reader, "this line is not UTF-8");
    else if (line.data[0] == '[')
        read_head (reader, line);
    else
        read_pair (reader, line);
}

GPtrArray *
key_file_parse (const char *text, gsize length, KeyFileSlip slip, gpointer data)
{
    KeyFileReader reader = { .slip = slip, .data = data };
    H3View rest = h3_view (text, length), line;

    reader.groups = g_ptr_array_new_with_free_func (free_group);
    reader.names = g_hash_table_new (h3_string_hash, g_str_equal);
    reader.keys = g_hash_table_new (h3_string_hash, g_str_equal);
    while (h3_view_split (&rest, '\n', &line)) {
        reader.line++;
        read_line (&reader, line);
    }
    g_hash_table_unref (reader.keys);
    g_hash_table_unref (reader.names);
    return reader.groups;
}

/* What stands behind a backslash; 0: nothing that is known. */
static char
unescape (char letter)
{
    switch (letter) {
    case 's':
        return ' ';
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

/* Takes one character of `*at` into `text`. FALSE with H3_ERROR_SYNTAX. */
static gboolean
take (const char **at, gboolean is_list, GString *text, GError **error)
{
    char letter = *(*at)++;

    if (letter != '\\') {
        g_string_append_c (text, letter);
        return TRUE;
    }
    letter = is_list && **at == ';' ? ';' : unescape (**at);
    if (letter == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_SYNTAX,
                     "a backslash stands before s, n, t, r or another backslash%s",
                     is_list ? ", or before a ; that ends nothing" : "");
        return FALSE;
    }
    g_string_append_c (text, letter);
    (*at)++;
    return TRUE;
}

char *
key_file_dup_text (const char *value, GError **error)
{
    g_autoptr (GString) text = g_string_new (NULL);

    while (*value != '\0') {
        if (!take (&value, FALSE, text, error))
            return NULL;
    }
    return g_strdup (text->str);
}

char **
key_file_dup_list (const char *value, GError **error)
{
    g_autoptr (GStrvBuilder) elements = g_strv_builder_new ();
    g_autoptr (GString) element = g_string_new (NULL);

    while (TRUE) {
        if (*value == ';' || *value == '\0') {
            g_strstrip (element->str);
            if (element->str[0] != '\0')
                g_strv_builder_add (elements, element->str);
            g_string_set_size (element, 0);
            if (*value++ == '\0')
                return g_strv_builder_end (elements);
        } else if (!take (&value, TRUE, element, error))
            return NULL;
    }
}
