/* SPDX-License-Identifier: MIT
 *
 * A list of books as JSON. What comes in is held against a schema before a handler sees it; all
 * workers share the list, so a mutex guards it. */

#include <h3/h3.h>
#include <jansson.h>

static const char book_schema[] =
    "{\"type\":\"object\",\"required\":[\"title\"],\"additionalProperties\":false,\"properties\":{"
    "\"title\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},"
    "\"year\":{\"type\":\"integer\",\"minimum\":1450,\"maximum\":2100}}}";

typedef struct {
    GMutex mutex;  /* guards the books */
    json_t *books; /* owned: an array */
} Library;

static void
list_books (H3Event *event, gpointer user_data)
{
    Library *library = user_data;
    json_t *copy;

    g_mutex_lock (&library->mutex);
    copy = json_deep_copy (library->books);
    g_mutex_unlock (&library->mutex);
    h3_event_send_json (event, copy);
}

static void
show_book (H3Event *event, gpointer user_data)
{
    Library *library = user_data;
    json_t *book = NULL;
    guint64 number;

    if (h3_view_parse_uint (h3_view_of (h3_event_get_param (event, "number")), G_MAXUINT32,
                            &number)) {
        g_mutex_lock (&library->mutex);
        book = json_deep_copy (json_array_get (library->books, number));
        g_mutex_unlock (&library->mutex);
    }
    if (book != NULL)
        h3_event_send_json (event, book);
    else
        h3_event_fail_status (event, 404, "There is no such book.");
}

static void
add_book (H3Event *event, gpointer user_data)
{
    Library *library = user_data;
    json_t *book = json_deep_copy (h3_event_get_valid_body (event));
    g_autofree char *place = NULL;

    g_mutex_lock (&library->mutex);
    place = g_strdup_printf ("/books/%zu", json_array_size (library->books));
    (void) json_array_append (library->books, book);
    g_mutex_unlock (&library->mutex);
    h3_event_set_status (event, 201);
    h3_event_set_header (event, "Location", place);
    h3_event_send_json (event, book);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (H3Schema) schema = h3_schema_new_from_text (book_schema, &error);
    Library library = { .books = json_array () };
    H3ValidationOptions options;
    int status;

    g_assert_no_error (error);
    g_mutex_init (&library.mutex);
    h3_validation_options_init (&options);
    options.json = schema;
    h3_app_get (app, "/books", list_books, &library);
    h3_app_get (app, "/books/:number", show_book, &library);
    h3_app_use_for (app, h3_app_post (app, "/books", add_book, &library),
                    h3_validation_new (&options));
    status = h3_app_run (app, argc, argv);
    json_decref (library.books);
    g_mutex_clear (&library.mutex);
    return status;
}
