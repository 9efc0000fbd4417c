/* SPDX-License-Identifier: MIT */

#include "json.h"

/* One step of a path: a name, or an index. */
typedef struct {
    const char *name; /* borrowed: the path, or the document that `quoted` is; NULL: an index */
    gsize length;
    gsize index;
    json_t *quoted; /* owned; NULL: the name had no escapes */
} Step;

static void
clear_step (Step *step)
{
    g_clear_pointer (&step->quoted, json_decref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Step, clear_step)

/* Takes `["a.b"]` off the front of `*path`: a text as in JSON. */
static gboolean
take_quoted (const char **path, Step *step)
{
    const char *start = *path + 1, *at = start + 1;
    gboolean has_escapes = FALSE;

    for (; *at != '"' && *at != '\0'; at++) {
        has_escapes |= *at == '\\';
        if (*at == '\\' && *++at == '\0')
            return FALSE;
    }
    if (at[0] == '\0' || at[1] != ']')
        return FALSE;
    *path = at + 2;
    step->name = start + 1;
    step->length = (gsize) (at - start - 1);
    if (!has_escapes)
        return TRUE;
    step->quoted = h3_json_parse (h3_view (start, (gsize) (at + 1 - start)), 0, NULL);
    step->name = json_string_value (step->quoted);
    step->length = json_string_length (step->quoted);
    return step->quoted != NULL;
}

/* Takes "[12]" off the front of `*path`. */
static gboolean
take_index (const char **path, Step *step)
{
    gsize length = strcspn (*path, "]");
    guint64 index;

    if ((*path)[length] == '\0'
        || !h3_view_parse_uint (h3_view (*path + 1, length - 1), G_MAXUINT32, &index))
        return FALSE;
    *path += length + 1;
    step->name = NULL;
    step->index = (gsize) index;
    return TRUE;
}

/* Takes the next step of a path that is not used up; `is_first`: no dot stands before it. */
static gboolean
take_step (const char **path, gboolean is_first, Step *step)
{
    clear_step (step);
    if (**path == '[')
        return (*path)[1] == '"' ? take_quoted (path, step) : take_index (path, step);
    if (!is_first && *(*path)++ != '.')
        return FALSE;
    step->name = *path;
    step->length = strcspn (*path, ".[");
    *path += step->length;
    return step->length > 0;
}

static json_t *
follow (const json_t *value, const Step *step)
{
    if (step->name == NULL)
        return json_array_get (value, step->index);
    return json_object_getn (value, step->name, step->length);
}

json_t *
h3_json_get (const json_t *root, const char *path)
{
    g_auto (Step) step = { 0 };
    json_t *value = (json_t *) root;
    const char *at = path;

    g_return_val_if_fail (path != NULL, NULL);
    while (*at != '\0' && value != NULL) {
        if (!take_step (&at, at == path, &step))
            return NULL;
        value = follow (value, &step);
    }
    return value;
}

/* Puts `value` (transfer full) where `step` leads, where that can be. */
static gboolean
put (json_t *into, const Step *step, json_t *value)
{
    if (step->name != NULL && json_is_object (into))
        return json_object_setn_new (into, step->name, step->length, value) == 0;
    if (step->name == NULL && step->index == json_array_size (into) && json_is_array (into))
        return json_array_append_new (into, value) == 0;
    if (step->name == NULL && json_is_array (into))
        return json_array_set_new (into, step->index, value) == 0;
    json_decref (value);
    return FALSE;
}

/* Whether the whole path is well formed, so that nothing is made for one that is not. */
static gboolean
is_path (const char *path)
{
    g_auto (Step) step = { 0 };
    const char *at = path;

    while (*at != '\0') {
        if (!take_step (&at, at == path, &step))
            return FALSE;
    }
    return at != path;
}

gboolean
h3_json_set (json_t *root, const char *path, json_t *value)
{
    g_autoptr (json_t) owned = value;
    g_auto (Step) step = { 0 };
    const char *at = path;
    json_t *into = root;

    g_return_val_if_fail (root != NULL && path != NULL, FALSE);
    if (value == NULL || !is_path (path))
        return FALSE;
    for (;;) {
        json_t *next;

        (void) take_step (&at, at == path, &step);
        if (*at == '\0')
            return put (into, &step, g_steal_pointer (&owned));
        next = follow (into, &step);
        if (next == NULL) {
            next = at[0] == '[' && at[1] != '"' ? json_array () : json_object ();
            if (!put (into, &step, next))
                return FALSE;
        }
        into = next;
    }
}
