/* SPDX-License-Identifier: MIT */

#include "config-document.h"

#include <h3/base/error.h>
#include <h3/base/file-text.h>
#include <h3/format/key-file.h>

#include <string.h>

/* Beyond it a file is no configuration. */
#define MAX_FILE (4 << 20)

typedef struct {
    guint line;
    char *text; /* owned */
} ConfigFault;

static void
free_fault (gpointer data)
{
    ConfigFault *fault = data;

    g_free (fault->text);
    g_free (fault);
}

static void
free_named (gpointer data)
{
    ConfigNamed *named = data;

    g_free (named->name);
    g_free (named->text);
    g_free (named);
}

static void
free_group (gpointer data)
{
    ConfigGroup *group = data;

    for (guint i = 0; i < group->shape->n_keys; i++)
        config_value_clear (&group->slots[i].value);
    g_free (group->slots);
    g_ptr_array_unref (group->named);
    g_free (group->argument);
    g_free (group->text);
    g_free (group);
}

void
config_document_free (ConfigDocument *document)
{
    if (document == NULL)
        return;
    g_ptr_array_unref (document->faults);
    g_ptr_array_unref (document->groups);
    g_free (document->folder);
    g_free (document->path);
    g_free (document);
}

static void
take_fault (ConfigDocument *document, guint line, char *text)
{
    ConfigFault *fault = g_new (ConfigFault, 1);

    fault->line = line;
    fault->text = text;
    g_ptr_array_add (document->faults, fault);
}

void
config_document_tell (ConfigDocument *document, guint line, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    take_fault (document, line, g_strdup_vprintf (format, arguments));
    va_end (arguments);
}

void
config_document_tell_error (ConfigDocument *document, guint line, const char *key, GError *error)
{
    take_fault (document, line,
                key != NULL ? g_strdup_printf ("%s: %s", key, error->message)
                            : g_strdup (error->message));
    g_error_free (error);
}

static gint
compare_faults (gconstpointer a, gconstpointer b)
{
    const ConfigFault *first = *(ConfigFault *const *) a, *second = *(ConfigFault *const *) b;

    if (first->line != second->line)
        return first->line < second->line ? -1 : 1;
    return strcmp (first->text, second->text);
}

char **
config_document_dup_faults (const ConfigDocument *document)
{
    g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

    g_ptr_array_sort (document->faults, compare_faults);
    for (guint i = 0; i < document->faults->len; i++) {
        const ConfigFault *fault = document->faults->pdata[i];
        g_autofree char *line =
            fault->line > 0 ? g_strdup_printf ("%u:", fault->line) : g_strdup ("");
        g_autofree char *text = g_strdup_printf ("%s:%s %s", document->path, line, fault->text);

        g_strv_builder_add (lines, text);
    }
    return g_strv_builder_end (lines);
}

static void
on_slip (guint line, const char *text, gpointer data)
{
    config_document_tell (data, line, "%s", text);
}

static void
read_named (ConfigDocument *document, ConfigGroup *group, const ConfigKey *key, const char *name,
            const KeyFileEntry *entry)
{
    g_auto (ConfigValue) value = { 0 };
    GError *error = NULL;
    ConfigNamed *named;

    if (!config_value_read (key, entry->value, document->folder, &value, &error)) {
        config_document_tell_error (document, entry->line, NULL, error);
        return;
    }
    named = g_new0 (ConfigNamed, 1);
    named->key = key;
    named->name = g_strdup (name);
    named->text = g_steal_pointer (&value.text);
    named->line = entry->line;
    g_ptr_array_add (group->named, named);
}

/* A key that is not there, with those that are. */
static void
tell_unknown (ConfigDocument *document, const ConfigShape *shape, const KeyFileEntry *entry)
{
    g_autoptr (GString) names = g_string_new (NULL);

    for (guint i = 0; i < shape->n_keys; i++)
        g_string_append_printf (names, "%s%s%s", i > 0 ? ", " : "", shape->keys[i].name,
                                (shape->keys[i].flags & CONFIG_WITH_NAME) != 0 ? " NAME" : "");
    config_document_tell (document, entry->line, "[%s] has no key '%s': it has %s", shape->name,
                          entry->key, names->str);
}

static void
read_entry (ConfigDocument *document, ConfigGroup *group, const KeyFileEntry *entry)
{
    const char *name;
    const ConfigKey *key = config_schema_find_key (group->shape, entry->key, &name);
    ConfigSlot *slot;
    GError *error = NULL;

    if (key == NULL) {
        tell_unknown (document, group->shape, entry);
        return;
    }
    if (name != NULL) {
        read_named (document, group, key, name, entry);
        return;
    }
    slot = &group->slots[key - group->shape->keys];
    slot->line = entry->line;
    slot->is_bad = !config_value_read (key, entry->value, document->folder, &slot->value, &error);
    if (slot->is_bad)
        config_document_tell_error (document, entry->line, NULL, error);
}

/* What is given is there with all that it needs, and what must be is. */
static void
check_needs (ConfigDocument *document, const ConfigGroup *group)
{
    for (guint i = 0; i < group->shape->n_keys; i++) {
        const ConfigKey *key = &group->shape->keys[i];
        guint line = group->slots[i].line;

        if (line == 0 && (key->flags & CONFIG_REQUIRED) != 0)
            config_document_tell (document, group->line, "%s is missing in this group: %s",
                                  key->name, key->what);
        if (line == 0 || key->needs == NULL)
            continue;
        if (key->needs[0] == '!' && config_group_has (group, key->needs + 1))
            config_document_tell (document, line, "%s has no effect beside %s: leave one out",
                                  key->name, key->needs + 1);
        if (key->needs[0] != '!' && !config_group_has (group, key->needs))
            config_document_tell (document, line, "%s has no effect without %s: give that too",
                                  key->name, key->needs);
    }
}

static void
fill_defaults (ConfigDocument *document, ConfigGroup *group)
{
    for (guint i = 0; i < group->shape->n_keys; i++) {
        const ConfigKey *key = &group->shape->keys[i];
        ConfigSlot *slot = &group->slots[i];

        if ((slot->line == 0 || slot->is_bad) && key->standard != NULL)
            (void) config_value_read (key, key->standard, document->folder, &slot->value, NULL);
    }
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *) a, *(char *const *) b);
}

/* (transfer full): the same for groups that say the same, in whatever order. */
static char *
dup_text (const KeyFileGroup *from)
{
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GString) text = g_string_new (from->name);

    for (guint i = 0; i < from->entries->len; i++) {
        const KeyFileEntry *entry = from->entries->pdata[i];

        g_ptr_array_add (lines, g_strdup_printf ("%s=%s", entry->key, entry->value));
    }
    g_ptr_array_sort (lines, compare_lines);
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf (text, "\n%s", (const char *) lines->pdata[i]);
    return g_strdup (text->str);
}

/* The part behind the first blank; NULL: there is none. */
static char *
split_name (char *name)
{
    char *blank = strchr (name, ' ');

    if (blank == NULL)
        return NULL;
    *blank = '\0';
    return g_strstrip (blank + 1);
}

static const ConfigShape *
find_shape (ConfigDocument *document, guint line, const char *name, const char *argument)
{
    const ConfigShape *shape = config_schema_find (name);

    if (shape == NULL)
        config_document_tell (document, line,
                              "there is no group [%s]: h3d check --keys lists all there are", name);
    else if (shape->argument == NULL && argument != NULL)
        config_document_tell (document, line, "the group is [%s], with nothing behind it", name);
    else if (shape->argument != NULL && (argument == NULL || *argument == '\0'))
        config_document_tell (document, line, "%s is missing: [%s %s]", shape->argument, name,
                              shape->argument);
    else
        return shape;
    return NULL;
}

static void
read_group (const KeyFileGroup *from, ConfigDocument *document)
{
    g_autofree char *name = g_strstrip (g_strdup (from->name));
    char *argument = split_name (name);
    const ConfigShape *shape = find_shape (document, from->line, name, argument);
    ConfigGroup *group;

    if (shape == NULL)
        return;
    if (config_document_find (document, name, argument) != NULL) {
        config_document_tell (document, from->line, "this group was there before: give it once");
        return;
    }
    group = g_new0 (ConfigGroup, 1);
    group->shape = shape;
    group->argument = g_strdup (argument);
    group->line = from->line;
    group->slots = g_new0 (ConfigSlot, shape->n_keys);
    group->named = g_ptr_array_new_with_free_func (free_named);
    group->text = dup_text (from);
    for (guint i = 0; i < from->entries->len; i++)
        read_entry (document, group, from->entries->pdata[i]);
    fill_defaults (document, group);
    check_needs (document, group);
    g_ptr_array_add (document->groups, group);
}

ConfigDocument *
config_document_new (const char *path, const char *text, gsize length)
{
    ConfigDocument *document = g_new0 (ConfigDocument, 1);
    g_autofree char *absolute = g_canonicalize_filename (path, NULL);
    g_autoptr (GPtrArray) groups = NULL;

    document->path = g_strdup (path);
    document->folder = g_path_get_dirname (absolute);
    document->groups = g_ptr_array_new_with_free_func (free_group);
    document->faults = g_ptr_array_new_with_free_func (free_fault);
    groups = key_file_parse (text, length, on_slip, document);
    /* So is a file between being cut and being written anew: it must not follow one that serves. */
    if (groups->len == 0 && document->faults->len == 0)
        config_document_tell (document, 0, "there is no group in it: it says nothing");
    for (guint i = 0; i < groups->len; i++)
        read_group (groups->pdata[i], document);
    return document;
}

/* Half of a value may be a value: 1 of what was to be 16M. */
static void
check_end (ConfigDocument *document, const char *text, gsize length)
{
    guint line = 1;

    if (length == 0 || text[length - 1] == '\n')
        return;
    for (gsize i = 0; i < length; i++)
        line += text[i] == '\n';
    config_document_tell (document, line,
                          "the last line does not end, as in a file that is only half written: end "
                          "it");
}

ConfigDocument *
config_document_new_from_file (const char *path, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autofree char *text = NULL;
    gsize length;
    ConfigDocument *document;

    if (file_text_read (path, MAX_FILE, &text, &length, &reason)) {
        document = config_document_new (path, text, length);
        check_end (document, text, length);
        return document;
    }
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the configuration %s", reason->message);
    return NULL;
}

const ConfigGroup *
config_document_find (const ConfigDocument *document, const char *name, const char *argument)
{
    for (guint i = 0; i < document->groups->len; i++) {
        const ConfigGroup *group = document->groups->pdata[i];

        if (strcmp (group->shape->name, name) == 0
            && (argument == NULL || g_strcmp0 (group->argument, argument) == 0))
            return group;
    }
    return NULL;
}

guint
config_document_count_processes (const ConfigDocument *document)
{
    const ConfigGroup *server = config_document_find (document, "server", NULL);

    return server != NULL ? (guint) config_group_get_number (server, "processes") : 0;
}

static const ConfigSlot *
get_slot (const ConfigGroup *group, const char *name)
{
    for (guint i = 0; i < group->shape->n_keys; i++) {
        if (strcmp (group->shape->keys[i].name, name) == 0)
            return &group->slots[i];
    }
    g_error ("[%s] has no key %s", group->shape->name, name);
}

gboolean
config_group_has (const ConfigGroup *group, const char *key)
{
    return get_slot (group, key)->line > 0;
}

gint64
config_group_get_number (const ConfigGroup *group, const char *key)
{
    return get_slot (group, key)->value.number;
}

const char *
config_group_get_text (const ConfigGroup *group, const char *key)
{
    return get_slot (group, key)->value.text;
}

const char *const *
config_group_get_list (const ConfigGroup *group, const char *key)
{
    return (const char *const *) get_slot (group, key)->value.list;
}

guint
config_group_get_line (const ConfigGroup *group, const char *key)
{
    guint line = get_slot (group, key)->line;

    return line > 0 ? line : group->line;
}
