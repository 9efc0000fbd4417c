/* SPDX-License-Identifier: MIT */

#include "request-inside.h"

H3Method
h3_request_get_method (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, H3_METHOD_OTHER);
    return request->method;
}

/* The reader has put a NUL behind the method and the target, whose blanks nobody needs. */
const char *
h3_request_get_method_name (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->base + request->head.start;
}

const char *
h3_request_get_target (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->base + request->head.target;
}

const char *
h3_request_get_path (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->path;
}

const char *
h3_request_get_query_string (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->query != 0 ? request->base + request->query : NULL;
}

guint
h3_request_get_minor_version (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, 1);
    return request->head.minor;
}

/* Behind a name stands its colon, behind a value a blank or the CR of its line: once the head has
 * been read nobody needs those bytes, so a NUL takes their place when a string is asked for. */
static const char *
terminate (H3View view)
{
    char *end = (char *) view.data + view.length;

    if (*end != '\0')
        *end = '\0';
    return view.data;
}

const char *
h3_request_get_host (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    if (request->host.data == NULL)
        return "";
    return terminate (request->host);
}

/* Most fields are passed over for their length, most others for their first letter. */
static gssize
find_field (const H3Request *request, H3View name)
{
    const HeadField *fields = request->head.fields;
    guint n = request->head.n_fields;
    char first;

    if (name.length == 0)
        return -1;
    first = name.data[0] | 0x20;
    for (guint i = 0; i < n; i++) {
        if (fields[i].name_length == name.length && (request->base[fields[i].name] | 0x20) == first
            && h3_view_equal_ignore_case (request_field_name (request, i), name))
            return i;
    }
    return -1;
}

const char *
h3_request_get_header (const H3Request *request, const char *name)
{
    gssize i;

    g_return_val_if_fail (request != NULL && name != NULL, NULL);
    i = find_field (request, h3_view_of (name));
    return i >= 0 ? terminate (request_field_value (request, (guint) i)) : NULL;
}

H3View
h3_request_get_header_view (const H3Request *request, H3View name)
{
    gssize i;

    g_return_val_if_fail (request != NULL, H3_VIEW_EMPTY);
    i = find_field (request, name);
    return i >= 0 ? request_field_value (request, (guint) i) : (H3View){ NULL, 0 };
}

H3View
request_join_field (const H3Request *request, H3View name, const char *separator, H3Arena *arena)
{
    gssize first = find_field (request, name);
    gsize gap = strlen (separator);
    H3View all = { NULL, 0 };
    gsize length;
    char *joined;

    if (first < 0)
        return all;
    all = request_field_value (request, (guint) first);
    length = all.length;
    for (guint i = (guint) first + 1; i < request->head.n_fields; i++) {
        if (h3_view_equal_ignore_case (request_field_name (request, i), name))
            length += gap + request_field_value (request, i).length;
    }
    if (length == all.length)
        return all;
    joined = h3_arena_alloc (arena, length);
    memcpy (joined, all.data, all.length);
    for (guint i = (guint) first + 1; i < request->head.n_fields; i++) {
        H3View value = request_field_value (request, i);

        if (!h3_view_equal_ignore_case (request_field_name (request, i), name))
            continue;
        memcpy (joined + all.length, separator, gap);
        memcpy (joined + all.length + gap, value.data, value.length);
        all.length += gap + value.length;
    }
    return h3_view (joined, length);
}

guint
h3_request_count_headers (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, 0);
    return request->head.n_fields;
}

gboolean
h3_request_get_header_at (const H3Request *request, guint index, const char **out_name,
                          const char **out_value)
{
    g_return_val_if_fail (request != NULL && out_name != NULL && out_value != NULL, FALSE);
    if (index >= request->head.n_fields)
        return FALSE;
    *out_name = terminate (request_field_name (request, index));
    *out_value = terminate (request_field_value (request, index));
    return TRUE;
}

H3Headers *
h3_request_get_headers (H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    if (request->headers == NULL) {
        request->headers = h3_headers_new ();
        for (guint i = 0; i < request->head.n_fields; i++)
            h3_headers_add_view (request->headers, request_field_name (request, i),
                                 request_field_value (request, i));
    }
    return request->headers;
}

gboolean
h3_request_has_body (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, FALSE);
    return request->has_body;
}

gint64
h3_request_get_content_length (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, 0);
    return request->chunked ? -1 : (gint64) request->content_length;
}

GBytes *
h3_request_get_body (const H3Request *request)
{
    g_return_val_if_fail (request != NULL, NULL);
    return request->body;
}

const char *
h3_request_get_trailer (const H3Request *request, const char *name)
{
    g_return_val_if_fail (request != NULL && name != NULL, NULL);
    return request->trailers != NULL ? h3_headers_get (request->trailers, name) : NULL;
}

void
request_init_unread (H3Request *request)
{
    static char nothing[] = "";

    request_clear (request);
    memset (request, 0, sizeof *request);
    request->base = nothing;
    request->path = nothing;
    request->head.minor = 1;
    request->is_kept = TRUE;
}

void
request_keep (H3Request *request, H3Arena *arena)
{
    HeadIndex *head = &request->head;
    HeadField *fields;
    char *copy;

    if (request->is_kept)
        return;
    request->is_kept = TRUE;
    copy = h3_arena_alloc (arena, head->length);
    fields = h3_arena_alloc (arena, head->n_fields * sizeof *fields);
    memcpy (copy, request->base, head->length);
    memcpy (fields, head->fields, head->n_fields * sizeof *fields);
    if (head->known[KNOWN_HOST] != 0 && request->host.data != NULL)
        request->host.data = copy + (request->host.data - request->base);
    request->base = copy;
    head->fields = fields;
}

/* What is known of a field lies as many places ahead as lines before it go. */
static void
forget_line (HeadIndex *head, guint i)
{
    memmove (&head->fields[i], &head->fields[i + 1],
             (head->n_fields - i - 1u) * sizeof head->fields[0]);
    head->n_fields--;
    for (guint known = 0; known < N_KNOWN; known++) {
        if (head->known[known] == i + 1)
            head->known[known] = 0;
        else if (head->known[known] > i + 1)
            head->known[known]--;
    }
}

void
request_remove_field (H3Request *request, H3View name)
{
    g_autofree char *text = h3_view_dup (name);
    gssize i;

    while ((i = find_field (request, name)) >= 0)
        forget_line (&request->head, (guint) i);
    if (request->headers != NULL)
        h3_headers_remove (request->headers, text);
}

void
request_add_trailer (H3Request *request, H3View name, H3View value)
{
    if (request->trailers == NULL)
        request->trailers = h3_headers_new ();
    h3_headers_add_view (request->trailers, name, value);
}

void
request_take_body (H3Request *request, GBytes *body)
{
    g_clear_pointer (&request->body, g_bytes_unref);
    request->body = body;
}

void
request_clear (H3Request *request)
{
    g_clear_pointer (&request->headers, h3_headers_unref);
    g_clear_pointer (&request->trailers, h3_headers_unref);
    g_clear_pointer (&request->body, g_bytes_unref);
}
