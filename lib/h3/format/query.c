/* SPDX-License-Identifier: MIT */

#include "query.h"

#include <h3/base/character.h>
#include <h3/format/percent.h>

typedef struct {
    const char *name;  /* borrowed: the query's arena */
    const char *value; /* borrowed: the query's arena */
    guint32 hash;      /* of the name */
    guint32 next;      /* the next pair of the same name, counted from 1; 0 for none */
} Pair;

struct _H3Query {
    guint n_pairs;
    guint slot_mask; /* slots less one, a power of two at least twice the pairs */
    Pair *pairs;     /* borrowed: the arena */
    /* Open addressing: the first pair of each name, counted from 1; 0 is a free slot. The hash is
     * keyed, so that a peer cannot choose names that share a slot. */
    guint32 *slots; /* borrowed: the arena */
};

gboolean
h3_query_next (H3View *rest, H3View *out_name, H3View *out_value)
{
    H3View pair;

    while (h3_view_split (rest, '&', &pair)) {
        gssize equals;

        if (pair.length == 0)
            continue;
        equals = h3_view_find (pair, '=');
        if (equals < 0) {
            *out_name = pair;
            *out_value = H3_VIEW_EMPTY;
        } else {
            *out_name = h3_view (pair.data, (gsize) equals);
            *out_value = h3_view (pair.data + equals + 1, pair.length - (gsize) equals - 1);
        }
        return TRUE;
    }
    return FALSE;
}

/* The number of pairs, or one more than `max_pairs` at the first that is too many. */
static guint
count_pairs (H3View text, guint max_pairs)
{
    H3View name, value;
    guint count = 0;

    while (count <= max_pairs && h3_query_next (&text, &name, &value))
        count++;
    return count;
}

/* Decodes `part` to `*to`, moves that behind the NUL and sets `*out_text`. An escape of NUL counts
 * as text that cannot be, not as one that does not parse. */
static H3QueryError
decode_part (H3View part, char **to, const char **out_text)
{
    gsize length;

    if (!h3_percent_decode_form (part, *to, &length)) {
        for (gsize i = 0; i < part.length; i++) {
            if (part.data[i] == '%'
                && (part.length - i < 3 || !g_ascii_isxdigit (part.data[i + 1])
                    || !g_ascii_isxdigit (part.data[i + 2])))
                return H3_QUERY_BAD_ESCAPE;
        }
        return H3_QUERY_BAD_TEXT;
    }
    if (!character_all_text (*to, length))
        return H3_QUERY_BAD_TEXT;
    *out_text = *to;
    *to += length + 1;
    return H3_QUERY_OK;
}

/* Decodes all pairs; each part with its NUL takes no more than it took with its separator. */
static H3QueryError
decode_pairs (H3Query *query, H3View text, char *to)
{
    H3QueryError problem = H3_QUERY_OK;
    H3View name, value;

    for (guint i = 0; h3_query_next (&text, &name, &value); i++) {
        Pair *pair = &query->pairs[i];

        problem = decode_part (name, &to, &pair->name);
        if (problem != H3_QUERY_OK)
            return problem;
        pair->value = "";
        if (value.length > 0)
            problem = decode_part (value, &to, &pair->value);
        if (problem != H3_QUERY_OK)
            return problem;
        pair->hash = h3_string_hash (pair->name);
        pair->next = 0;
    }
    return H3_QUERY_OK;
}

/* The slot of `name`: that of its first pair, or the free one where that would go. */
static guint32 *
find_slot (const H3Query *query, const char *name, guint32 hash)
{
    for (guint32 at = hash;; at++) {
        guint32 *slot = &query->slots[at & query->slot_mask];
        const Pair *pair;

        if (*slot == 0)
            return slot;
        pair = &query->pairs[*slot - 1];
        if (pair->hash == hash && strcmp (pair->name, name) == 0)
            return slot;
    }
}

/* From the last to the first, so that each pair is put before those of its name, all of which lie
 * behind it. */
static void
index_pairs (H3Query *query)
{
    for (guint i = query->n_pairs; i > 0; i--) {
        Pair *pair = &query->pairs[i - 1];
        guint32 *slot = find_slot (query, pair->name, pair->hash);

        pair->next = *slot;
        *slot = i;
    }
}

static const Pair *
find_pair (const H3Query *query, const char *name)
{
    guint32 first = *find_slot (query, name, h3_string_hash (name));

    return first > 0 ? &query->pairs[first - 1] : NULL;
}

H3Query *
h3_query_parse (H3Arena *arena, H3View text, guint max_pairs, H3QueryError *out_problem)
{
    H3QueryError problem = H3_QUERY_OK;
    guint n_pairs, n_slots = 2;
    H3Query *query;

    g_return_val_if_fail (arena != NULL && max_pairs <= G_MAXINT32 / 4, NULL);
    n_pairs = count_pairs (text, max_pairs);
    if (n_pairs > max_pairs) {
        if (out_problem != NULL)
            *out_problem = H3_QUERY_TOO_MANY;
        return NULL;
    }
    while (n_slots < 2 * n_pairs)
        n_slots *= 2;
    query = h3_arena_new0 (arena, H3Query);
    query->n_pairs = n_pairs;
    query->slot_mask = n_slots - 1;
    query->slots = h3_arena_alloc0 (arena, n_slots * sizeof *query->slots);
    query->pairs = h3_arena_alloc (arena, n_pairs * sizeof *query->pairs);
    problem = decode_pairs (query, text, h3_arena_alloc (arena, text.length + 1));
    if (out_problem != NULL)
        *out_problem = problem;
    if (problem != H3_QUERY_OK)
        return NULL;
    index_pairs (query);
    return query;
}

guint
h3_query_get_n_pairs (const H3Query *query)
{
    g_return_val_if_fail (query != NULL, 0);
    return query->n_pairs;
}

const char *
h3_query_get (const H3Query *query, const char *name)
{
    const Pair *pair;

    g_return_val_if_fail (query != NULL && name != NULL, NULL);
    pair = find_pair (query, name);
    return pair != NULL ? pair->value : NULL;
}

const char **
h3_query_get_all (const H3Query *query, const char *name, H3Arena *arena)
{
    const Pair *first;
    const char **values;
    guint count = 0;

    g_return_val_if_fail (query != NULL && name != NULL && arena != NULL, NULL);
    first = find_pair (query, name);
    for (const Pair *pair = first; pair != NULL;
         pair = pair->next > 0 ? &query->pairs[pair->next - 1] : NULL)
        count++;
    values = h3_arena_alloc (arena, (count + 1) * sizeof *values);
    count = 0;
    for (const Pair *pair = first; pair != NULL;
         pair = pair->next > 0 ? &query->pairs[pair->next - 1] : NULL)
        values[count++] = pair->value;
    values[count] = NULL;
    return values;
}

void
h3_query_foreach (const H3Query *query, H3QueryFunc function, gpointer user_data)
{
    g_return_if_fail (query != NULL && function != NULL);
    for (guint i = 0; i < query->n_pairs; i++) {
        if (!function (query->pairs[i].name, query->pairs[i].value, user_data))
            return;
    }
}

void
h3_query_append (GString *text, const char *name, const char *value)
{
    g_autofree char *escaped_name = NULL;
    g_autofree char *escaped_value = NULL;

    g_return_if_fail (text != NULL && name != NULL && value != NULL);
    escaped_name = h3_percent_escape (name, H3_PERCENT_QUERY);
    escaped_value = h3_percent_escape (value, H3_PERCENT_QUERY);
    if (text->len > 0)
        g_string_append_c (text, '&');
    g_string_append (text, escaped_name);
    g_string_append_c (text, '=');
    g_string_append (text, escaped_value);
}
