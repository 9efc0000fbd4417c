/* SPDX-License-Identifier: MIT */

#include "headers-inside.h"

#include <h3/base/character.h>
#include <h3/base/counters.h>

#include <stdatomic.h>

typedef struct _Entry Entry;
struct _Entry {
    GList link;       /* of the table's order; its data is the entry */
    const char *name; /* borrowed: the key of the field */
    char *value;      /* owned */
    Entry *next;      /* borrowed: the next of the same field */
};

/* All values of one name: what the hash table holds. */
typedef struct {
    H3Headers *headers; /* borrowed: the table it is in */
    Entry *first;       /* owned, with those behind it; never NULL in the table */
    Entry *last;        /* borrowed: the end of that list */
} Field;

struct _H3Headers {
    GHashTable *fields;    /* owned: owned names to owned Fields */
    GQueue order;          /* links of the entries, which their fields own */
    atomic_int references; /* a table that workers share is referenced by all of them */
};

static void
free_entries (H3Headers *headers, Entry *entry)
{
    while (entry != NULL) {
        Entry *next = entry->next;

        g_queue_unlink (&headers->order, &entry->link);
        g_free (entry->value);
        g_free (entry);
        entry = next;
    }
}

static void
field_free (gpointer data)
{
    Field *field = data;

    free_entries (field->headers, field->first);
    g_free (field);
}

static Field *
find_field (const H3Headers *headers, const char *name)
{
    return g_hash_table_lookup (headers->fields, name);
}

/* Takes the value. Both kinds of a field's memory are asked for without zeros: that goes by the
 * allocator's quick way, which zeros do not. */
static Entry *
push_entry (H3Headers *headers, const char *name, char *value)
{
    Entry *entry = g_new (Entry, 1);

    *entry = (Entry){ .link = { .data = entry }, .name = name, .value = value };
    g_queue_push_tail_link (&headers->order, &entry->link);
    return entry;
}

/* A name that is not there yet; takes both strings. */
static void
begin_field (H3Headers *headers, char *name, char *value)
{
    Field *field = g_new (Field, 1);
    Entry *entry = push_entry (headers, name, value);

    *field = (Field){ headers, entry, entry };
    g_hash_table_insert (headers->fields, name, field);
}

/* Appends to the order; takes both strings. */
static void
append_take (H3Headers *headers, char *name, char *value)
{
    Field *field = find_field (headers, name);
    Entry *entry;

    if (field == NULL) {
        begin_field (headers, name, value);
        return;
    }
    entry = push_entry (headers, field->first->name, value);
    field->last->next = entry;
    field->last = entry;
    g_free (name);
}

/* Takes both strings. */
static void
replace_take (H3Headers *headers, char *name, char *value)
{
    Field *field = find_field (headers, name);

    if (field == NULL) {
        begin_field (headers, name, value);
        return;
    }
    free_entries (headers, g_steal_pointer (&field->first->next));
    field->last = field->first;
    g_free (field->first->value);
    field->first->value = value;
    g_free (name);
}

/* The bytes are not shown: they are what must not reach a log either. */
static gboolean
check_field (const char *function, H3View name, H3View value)
{
    if (!h3_headers_is_name (name)) {
        g_critical ("%s: refused: the name of the field is not a token", function);
        return FALSE;
    }
    if (!h3_headers_is_value (value)) {
        g_critical ("%s: refused: the value of %.*s has a control character", function,
                    H3_VIEW_ARGS (name));
        return FALSE;
    }
    return TRUE;
}

H3Headers *
h3_headers_new (void)
{
    H3Headers *headers = g_new0 (H3Headers, 1);

    atomic_init (&headers->references, 1);
    headers->fields = g_hash_table_new_full (h3_name_hash, h3_name_equal, g_free, field_free);
    g_queue_init (&headers->order);
    counters_add (COUNTER_HEADERS_LIVE, 1);
    return headers;
}

H3Headers *
h3_headers_ref (H3Headers *headers)
{
    g_return_val_if_fail (headers != NULL, NULL);
    atomic_fetch_add_explicit (&headers->references, 1, memory_order_relaxed);
    return headers;
}

void
h3_headers_unref (H3Headers *headers)
{
    if (headers == NULL
        || atomic_fetch_sub_explicit (&headers->references, 1, memory_order_acq_rel) != 1)
        return;
    g_hash_table_unref (headers->fields);
    g_free (headers);
    counters_add (COUNTER_HEADERS_LIVE, -1);
}

const char *
h3_headers_get (const H3Headers *headers, const char *name)
{
    const Field *field;

    g_return_val_if_fail (headers != NULL && name != NULL, NULL);
    field = find_field (headers, name);
    return field != NULL ? field->first->value : NULL;
}

char *
h3_headers_dup_joined (const H3Headers *headers, const char *name)
{
    const Field *field;
    GString *joined;

    g_return_val_if_fail (headers != NULL && name != NULL, NULL);
    field = find_field (headers, name);
    if (field == NULL)
        return NULL;
    joined = g_string_new (field->first->value);
    for (const Entry *entry = field->first->next; entry != NULL; entry = entry->next) {
        g_string_append (joined, ", ");
        g_string_append (joined, entry->value);
    }
    return g_string_free (joined, FALSE);
}

gboolean
h3_headers_has (const H3Headers *headers, const char *name)
{
    g_return_val_if_fail (headers != NULL && name != NULL, FALSE);
    return find_field (headers, name) != NULL;
}

guint
h3_headers_get_size (const H3Headers *headers)
{
    g_return_val_if_fail (headers != NULL, 0);
    return headers->order.length;
}

void
h3_headers_foreach (const H3Headers *headers, H3HeadersFunction function, gpointer user_data)
{
    g_return_if_fail (headers != NULL && function != NULL);
    for (const GList *link = headers->order.head; link != NULL; link = link->next) {
        const Entry *entry = link->data;

        if (!function (entry->name, entry->value, user_data))
            return;
    }
}

void
h3_headers_foreach_value (const H3Headers *headers, const char *name, H3HeadersFunction function,
                          gpointer user_data)
{
    const Field *field;

    g_return_if_fail (headers != NULL && name != NULL && function != NULL);
    field = find_field (headers, name);
    for (const Entry *entry = field != NULL ? field->first : NULL; entry != NULL;
         entry = entry->next) {
        if (!function (entry->name, entry->value, user_data))
            return;
    }
}

gboolean
h3_headers_set_view (H3Headers *headers, H3View name, H3View value)
{
    g_return_val_if_fail (headers != NULL, FALSE);
    if (!check_field (G_STRFUNC, name, value))
        return FALSE;
    replace_take (headers, h3_view_dup (name), h3_view_dup (h3_view_trim (value)));
    return TRUE;
}

gboolean
h3_headers_add_view (H3Headers *headers, H3View name, H3View value)
{
    g_return_val_if_fail (headers != NULL, FALSE);
    if (!check_field (G_STRFUNC, name, value))
        return FALSE;
    append_take (headers, h3_view_dup (name), h3_view_dup (h3_view_trim (value)));
    return TRUE;
}

gboolean
h3_headers_set (H3Headers *headers, const char *name, const char *value)
{
    g_return_val_if_fail (name != NULL && value != NULL, FALSE);
    return h3_headers_set_view (headers, h3_view_of (name), h3_view_of (value));
}

gboolean
h3_headers_add (H3Headers *headers, const char *name, const char *value)
{
    g_return_val_if_fail (name != NULL && value != NULL, FALSE);
    return h3_headers_add_view (headers, h3_view_of (name), h3_view_of (value));
}

gboolean
h3_headers_set_take (H3Headers *headers, char *name, char *value)
{
    g_autofree char *owned_name = name;
    g_autofree char *owned_value = value;
    H3View trimmed;

    g_return_val_if_fail (headers != NULL && name != NULL && value != NULL, FALSE);
    if (!check_field (G_STRFUNC, h3_view_of (name), h3_view_of (value)))
        return FALSE;
    trimmed = h3_view_trim (h3_view_of (value));
    memmove (value, trimmed.data, trimmed.length);
    value[trimmed.length] = '\0';
    replace_take (headers, g_steal_pointer (&owned_name), g_steal_pointer (&owned_value));
    return TRUE;
}

static gboolean
copy_field (const char *name, const char *value, gpointer copy)
{
    append_take (copy, g_strdup (name), g_strdup (value));
    return TRUE;
}

void
headers_own (H3Headers **headers)
{
    H3Headers *copy;

    if (atomic_load_explicit (&(*headers)->references, memory_order_acquire) == 1)
        return;
    copy = h3_headers_new ();
    h3_headers_foreach (*headers, copy_field, copy);
    h3_headers_unref (*headers);
    *headers = copy;
}

guint
h3_headers_remove (H3Headers *headers, const char *name)
{
    guint before;

    g_return_val_if_fail (headers != NULL && name != NULL, 0);
    before = headers->order.length;
    g_hash_table_remove (headers->fields, name);
    return before - headers->order.length;
}

void
h3_headers_clear (H3Headers *headers)
{
    g_return_if_fail (headers != NULL);
    g_hash_table_remove_all (headers->fields);
}

gboolean
h3_headers_is_name (H3View name)
{
    for (gsize i = 0; i < name.length; i++) {
        if (!character_is (name.data[i], CHARACTER_TOKEN))
            return FALSE;
    }
    return name.length > 0;
}

gboolean
h3_headers_is_value (H3View value)
{
    for (gsize i = 0; i < value.length; i++) {
        if (!character_is (value.data[i], CHARACTER_TEXT))
            return FALSE;
    }
    return TRUE;
}

G_DEFINE_BOXED_TYPE (H3Headers, h3_headers, h3_headers_ref, h3_headers_unref)
