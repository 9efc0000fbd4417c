/* SPDX-License-Identifier: MIT */

#include "form-collector.h"

#include "form-inside.h"
#include "upload-inside.h"

#include <h3/base/character.h>
#include <h3/format/mime.h>
#include <h3/format/multipart.h>
#include <h3/format/query.h>
#include <h3/http/failure.h>

typedef struct {
    H3Upload *upload; /* ref */
    GByteArray *data; /* owned */
} Write;

struct _FormWrites {
    GArray *list; /* owned; of Write, in their order */
};

struct _FormCollector {
    FormBounds bounds;
    guint max_pairs;
    H3Multipart *reader; /* owned; NULL: the form is urlencoded */
    H3Form *form;        /* owned; NULL: it was taken */
    gint64 total;
    gint64 text;
    gint64 in_memory;    /* bytes of files */
    char *name;          /* owned: of the field that is read */
    gboolean is_foreign; /* it is in another charset */
    H3Upload *upload;    /* owned: the file that is read; NULL: it is a field */
    gint64 size;         /* of the file that is read */
    gboolean is_on_disk; /* that file */
    GByteArray *content; /* owned: what is read and stays in memory; NULL: nothing does */
    FormWrites *writes;  /* owned */
    gsize waiting;
};

static void
clear_write (gpointer data)
{
    Write *write = data;

    h3_upload_unref (write->upload);
    g_byte_array_unref (write->data);
}

static FormWrites *
writes_new (void)
{
    FormWrites *writes = g_new (FormWrites, 1);

    writes->list = g_array_new (FALSE, FALSE, sizeof (Write));
    g_array_set_clear_func (writes->list, clear_write);
    return writes;
}

void
form_writes_free (FormWrites *writes)
{
    if (writes == NULL)
        return;
    g_array_unref (writes->list);
    g_free (writes);
}

gboolean
form_writes_run (FormWrites *writes, const char *directory, GError **error)
{
    for (guint i = 0; i < writes->list->len; i++) {
        Write *write = &g_array_index (writes->list, Write, i);

        if (!upload_write (write->upload, (const char *) write->data->data, write->data->len,
                           directory, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
refuse (GError **error, guint status, const char *why)
{
    g_propagate_error (error, h3_http_error_new (status, "%s", why));
    return FALSE;
}

FormCollector *
form_collector_new (H3View content_type, const FormBounds *bounds, const H3Limits *limits,
                    GError **error)
{
    H3MultipartLimits part_limits = { (guint) limits->parts, (guint) limits->part_fields,
                                      (gsize) limits->part_head, (gsize) limits->part_name };
    char boundary[H3_MULTIPART_MAX_BOUNDARY + 1];
    gboolean is_multipart, is_right = FALSE;
    FormCollector *collector;
    H3MediaType type;

    if (content_type.data == NULL)
        (void) refuse (error, 400, "A Content-Type is missing.");
    else if (!h3_media_type_parse (content_type, &type))
        (void) refuse (error, 400, "The Content-Type is no media type.");
    else if ((is_multipart = h3_media_type_matches (&type, "multipart/form-data"))
             && !h3_multipart_find_boundary (content_type, boundary))
        (void) refuse (error, 400, "The form names no boundary that can be one.");
    else if (!is_multipart && !h3_media_type_matches (&type, "application/x-www-form-urlencoded"))
        (void) refuse (error, 415, "This media type is not taken here.");
    else
        is_right = TRUE;
    if (!is_right)
        return NULL;
    collector = g_new0 (FormCollector, 1);
    collector->bounds = *bounds;
    collector->max_pairs = (guint) limits->query_fields;
    collector->form = form_new ();
    collector->writes = writes_new ();
    if (is_multipart)
        collector->reader = h3_multipart_new (boundary, &part_limits);
    else
        collector->content = g_byte_array_new ();
    return collector;
}

void
form_collector_free (FormCollector *collector)
{
    if (collector == NULL)
        return;
    if (collector->content != NULL)
        g_byte_array_unref (collector->content);
    h3_multipart_free (collector->reader);
    h3_upload_unref (collector->upload);
    h3_form_unref (collector->form);
    form_writes_free (collector->writes);
    g_free (collector->name);
    g_free (collector);
}

/* Whether text is in UTF-8, of which ASCII is a part, as far as the media type says. */
static gboolean
is_in_utf8 (const char *media_type)
{
    H3MediaType type;
    char buffer[16];
    H3View charset;

    if (media_type == NULL || !h3_media_type_parse_string (media_type, &type)
        || !h3_media_type_get_parameter (&type, H3_VIEW ("charset"), buffer, sizeof buffer,
                                         &charset))
        return TRUE;
    return h3_view_equal_ignore_case (charset, H3_VIEW ("utf-8"))
           || h3_view_equal_ignore_case (charset, H3_VIEW ("us-ascii"));
}

static void
begin_part (FormCollector *collector)
{
    const H3MultipartPart *part = h3_multipart_get_part (collector->reader);

    collector->content = g_byte_array_new ();
    collector->size = 0;
    collector->is_on_disk = FALSE;
    collector->is_foreign = !is_in_utf8 (part->type);
    if (part->filename != NULL)
        collector->upload = upload_new (part);
    else
        collector->name = g_strdup (part->name);
}

/* The bytes wait for the disk, behind what waits of the same file. */
static void
add_write (FormCollector *collector, H3View data)
{
    GArray *list = collector->writes->list;
    Write *last = list->len > 0 ? &g_array_index (list, Write, list->len - 1) : NULL;

    if (last == NULL || last->upload != collector->upload) {
        Write write = { h3_upload_ref (collector->upload), g_byte_array_new () };

        g_array_append_val (list, write);
        last = &g_array_index (list, Write, list->len - 1);
    }
    g_byte_array_append (last->data, (const guint8 *) data.data, (guint) data.length);
    collector->waiting += data.length;
}

/* From here on the file that is read goes to the disk, with what has come of it. */
static void
move_to_disk (FormCollector *collector)
{
    g_autoptr (GByteArray) content = g_steal_pointer (&collector->content);

    collector->is_on_disk = TRUE;
    collector->in_memory -= content->len;
    add_write (collector, h3_view ((const char *) content->data, content->len));
}

static gboolean
add_to_file (FormCollector *collector, H3View data, GError **error)
{
    collector->size += (gint64) data.length;
    if (collector->size > collector->bounds.file)
        return refuse (error, 413, "A file of the form is larger than is taken here.");
    if (!collector->is_on_disk
        && collector->in_memory + (gint64) data.length > collector->bounds.memory)
        move_to_disk (collector);
    if (collector->is_on_disk) {
        add_write (collector, data);
        return TRUE;
    }
    collector->in_memory += (gint64) data.length;
    g_byte_array_append (collector->content, (const guint8 *) data.data, (guint) data.length);
    return TRUE;
}

static gboolean
add_to_text (FormCollector *collector, H3View data, GError **error)
{
    collector->text += (gint64) data.length;
    if (collector->text > collector->bounds.text)
        return refuse (error, 413, "The text of the form is longer than is taken here.");
    g_byte_array_append (collector->content, (const guint8 *) data.data, (guint) data.length);
    return TRUE;
}

static void
end_file (FormCollector *collector)
{
    g_autoptr (H3Upload) upload = g_steal_pointer (&collector->upload);

    if (collector->content != NULL)
        upload_take_bytes (upload,
                           g_byte_array_free_to_bytes (g_steal_pointer (&collector->content)));
    if (collector->size > 0 || *h3_upload_get_filename (upload) != '\0')
        form_add_file (collector->form, g_steal_pointer (&upload));
}

/* A form may say in a field of this name which charset the others are in (RFC 7578 §4.6). */
static gboolean
names_another_charset (const char *name, const char *value)
{
    return strcmp (name, "_charset_") == 0 && g_ascii_strcasecmp (value, "utf-8") != 0
           && g_ascii_strcasecmp (value, "us-ascii") != 0;
}

static gboolean
end_field (FormCollector *collector, GError **error)
{
    g_autoptr (GByteArray) content = g_steal_pointer (&collector->content);
    g_autofree char *name = g_steal_pointer (&collector->name);
    char *value;

    if (collector->is_foreign)
        return refuse (error, 415, "The text of a form is taken in UTF-8 only.");
    if (!character_all_text ((const char *) content->data, content->len))
        return refuse (error, 400, "A field of the form has a control or is not UTF-8.");
    value = g_strndup ((const char *) content->data, content->len);
    if (names_another_charset (name, value)) {
        g_free (value);
        return refuse (error, 415, "The text of a form is taken in UTF-8 only.");
    }
    form_add_field (collector->form, g_steal_pointer (&name), value);
    return TRUE;
}

static gboolean
take (FormCollector *collector, H3MultipartResult result, H3View data, GError **error)
{
    switch (result) {
    case H3_MULTIPART_PART:
        begin_part (collector);
        return TRUE;
    case H3_MULTIPART_DATA:
        return collector->upload != NULL ? add_to_file (collector, data, error)
                                         : add_to_text (collector, data, error);
    case H3_MULTIPART_PART_END:
        if (collector->upload == NULL)
            return end_field (collector, error);
        end_file (collector);
        return TRUE;
    default:
        return refuse (error, h3_multipart_get_status (collector->reader),
                       h3_multipart_get_problem (collector->reader));
    }
}

gboolean
form_collector_add (FormCollector *collector, const char *data, gsize length, GError **error)
{
    H3View rest = h3_view (data, length), piece;
    H3MultipartResult result;

    collector->total += (gint64) length;
    if (collector->total > collector->bounds.total)
        return refuse (error, 413, "The form is larger than is taken here.");
    if (collector->reader == NULL)
        return add_to_text (collector, rest, error);
    while ((result = h3_multipart_read (collector->reader, &rest, &piece)) != H3_MULTIPART_MORE) {
        if (!take (collector, result, piece, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_pair (const char *name, const char *value, gpointer user_data)
{
    form_add_field (user_data, g_strdup (name), g_strdup (value));
    return TRUE;
}

static gboolean
end_urlencoded (FormCollector *collector, GError **error)
{
    g_autoptr (H3Arena) arena = h3_arena_new ();
    H3View text = h3_view ((const char *) collector->content->data, collector->content->len);
    H3QueryError problem;
    const H3Query *query = h3_query_parse (arena, text.length > 0 ? text : H3_VIEW_EMPTY,
                                           collector->max_pairs, &problem);

    if (query == NULL)
        return refuse (error, 400,
                       problem == H3_QUERY_TOO_MANY ? "The form has too many fields."
                       : problem == H3_QUERY_BAD_ESCAPE
                           ? "The form has a malformed escape."
                           : "The form has a control or is not UTF-8.");
    h3_query_foreach (query, add_pair, collector->form);
    return TRUE;
}

gboolean
form_collector_end (FormCollector *collector, GError **error)
{
    if (collector->reader == NULL)
        return end_urlencoded (collector, error);
    return h3_multipart_end (collector->reader)
           || refuse (error, h3_multipart_get_status (collector->reader),
                      h3_multipart_get_problem (collector->reader));
}

gsize
form_collector_get_waiting (const FormCollector *collector)
{
    return collector->waiting;
}

FormWrites *
form_collector_take_writes (FormCollector *collector)
{
    FormWrites *writes = g_steal_pointer (&collector->writes);

    collector->writes = writes_new ();
    collector->waiting = 0;
    return writes;
}

H3Form *
form_collector_steal_form (FormCollector *collector)
{
    return g_steal_pointer (&collector->form);
}
