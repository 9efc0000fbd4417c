/* SPDX-License-Identifier: MIT
 *
 * Fields of the answer that the client chooses, with a body that shows them. */

#include "demo.h"

#include "demo-route.h"

#include <h3/format/json.h>

#include <jansson.h>
#include <string.h>

typedef struct {
    H3Event *event;    /* borrowed: the handler's */
    json_t *shown;     /* borrowed: the handler's; what the body tells */
    GHashTable *names; /* borrowed: the handler's; name in any case → as it was first written */
    gboolean failed;
} Fields;

static void
show_again (json_t *shown, const char *name, const char *value)
{
    json_t *before = json_object_get (shown, name);

    if (json_is_array (before))
        json_array_append_new (before, json_string (value));
    else
        json_object_set_new (shown, name, json_pack ("[O, s]", before, value));
}

/* Content-Type takes the place of ours: two of them would mean nothing. */
static gboolean
add_field (const char *name, const char *value, gpointer user_data)
{
    Fields *fields = user_data;
    H3Response *response = h3_event_get_response (fields->event);
    const char *first;

    if (!h3_response_can_set_header (response, name, value)) {
        h3_event_fail (fields->event,
                       h3_http_error_new (400, "\"%s\" is no field that can be chosen", name));
        fields->failed = TRUE;
        return FALSE;
    }
    if (g_ascii_strcasecmp (name, "Content-Type") == 0) {
        h3_response_set_content_type (response, value);
        json_object_set_new (fields->shown, "Content-Type", json_string (value));
        return TRUE;
    }
    h3_response_add_header (response, name, value);
    first = g_hash_table_lookup (fields->names, name);
    if (first != NULL) {
        show_again (fields->shown, first, value);
    } else {
        g_hash_table_insert (fields->names, (gpointer) name, (gpointer) name);
        json_object_set_new (fields->shown, name, json_string (value));
    }
    return TRUE;
}

/* (transfer full): as text in which no byte opens a tag, whatever media type it is sent as. */
static char *
write_fields (const json_t *shown)
{
    g_autofree char *text = json_dumps (shown, JSON_SORT_KEYS | JSON_INDENT (2));
    g_autoptr (GString) safe = g_string_new (NULL);

    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '<')
            g_string_append (safe, "\\u003c");
        else
            g_string_append_c (safe, *p);
    }
    g_string_append_c (safe, '\n');
    return g_string_free (g_steal_pointer (&safe), FALSE);
}

/* The length is told in the text, and is that of the text with it. */
static void
send_fields (H3Event *event, json_t *shown)
{
    g_autofree char *text = NULL;
    gsize told, length = 0;

    do {
        g_autofree char *digits = g_strdup_printf ("%" G_GSIZE_FORMAT, length);

        told = length;
        json_object_set_new (shown, "Content-Length", json_string (digits));
        g_free (text);
        text = write_fields (shown);
        length = strlen (text);
    } while (length != told);
    h3_event_send_data (event, NULL, text, length);
}

static void
answer_fields (H3Event *event, gpointer user_data)
{
    g_autoptr (json_t) shown = json_pack ("{s:s}", "Content-Type", "application/json");
    g_autoptr (GHashTable) names = g_hash_table_new (h3_name_hash, h3_name_equal);
    Fields fields = { event, shown, names, FALSE };

    h3_response_set_content_type (h3_event_get_response (event), "application/json");
    h3_query_foreach (h3_event_get_query_table (event), add_field, &fields);
    if (!fields.failed)
        send_fields (event, shown);
}

void
demo_add_field (H3App *app)
{
    demo_add (app, "GET POST", "/response-headers", answer_fields, NULL,
              "An answer with the fields that the query names, and a list of them");
}
