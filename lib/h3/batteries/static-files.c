/* SPDX-License-Identifier: MIT */

#include "static-files-inside.h"

#include <h3/batteries/file-codings.h>
#include <h3/batteries/file-listing.h>
#include <h3/format/mime.h>
#include <h3/format/path.h>
#include <h3/format/percent.h>
#include <h3/http/answer-inside.h>
#include <h3/http/answer.h>
#include <h3/http/event-inside.h>
#include <h3/http/failure.h>
#include <h3/http/work.h>

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct _H3StaticFiles {
    atomic_int refs;
    BeneathRoot *root;   /* owned */
    char *directory;     /* owned */
    char *index;         /* owned; NULL: none */
    char *cache_control; /* owned; NULL: none */
    gboolean listing, dot_files, precompressed;
};

G_DEFINE_BOXED_TYPE (H3StaticFiles, h3_static_files, h3_static_files_ref, h3_static_files_unref)

H3StaticFiles *
static_files_new (const char *directory, BeneathWay way, GError **error)
{
    BeneathRoot *root = beneath_root_new (directory, way, error);
    H3StaticFiles *files;

    if (root == NULL)
        return NULL;
    files = g_new0 (H3StaticFiles, 1);
    atomic_init (&files->refs, 1);
    files->root = root;
    files->directory = g_canonicalize_filename (directory, NULL);
    files->index = g_strdup ("index.html");
    files->precompressed = TRUE;
    return files;
}

H3StaticFiles *
h3_static_files_new (const char *directory, GError **error)
{
    g_return_val_if_fail (directory != NULL, NULL);
    return static_files_new (directory, BENEATH_BEST, error);
}

H3StaticFiles *
h3_static_files_ref (H3StaticFiles *files)
{
    g_return_val_if_fail (files != NULL, NULL);
    atomic_fetch_add_explicit (&files->refs, 1, memory_order_relaxed);
    return files;
}

void
h3_static_files_unref (H3StaticFiles *files)
{
    if (files == NULL || atomic_fetch_sub_explicit (&files->refs, 1, memory_order_acq_rel) != 1)
        return;
    beneath_root_free (files->root);
    g_free (files->directory);
    g_free (files->index);
    g_free (files->cache_control);
    g_free (files);
}

const char *
h3_static_files_get_directory (const H3StaticFiles *files)
{
    g_return_val_if_fail (files != NULL, NULL);
    return files->directory;
}

gboolean
h3_static_files_set_index (H3StaticFiles *files, const char *name)
{
    g_return_val_if_fail (files != NULL, FALSE);
    if (name != NULL
        && (*name == '\0' || strchr (name, '/') != NULL || strlen (name) > NAME_MAX
            || strcmp (name, ".") == 0 || strcmp (name, "..") == 0))
        return FALSE;
    g_free (files->index);
    files->index = g_strdup (name);
    return TRUE;
}

void
h3_static_files_set_listing (H3StaticFiles *files, gboolean listing)
{
    g_return_if_fail (files != NULL);
    files->listing = listing;
}

void
h3_static_files_set_dot_files (H3StaticFiles *files, gboolean dot_files)
{
    g_return_if_fail (files != NULL);
    files->dot_files = dot_files;
}

void
h3_static_files_set_precompressed (H3StaticFiles *files, gboolean precompressed)
{
    g_return_if_fail (files != NULL);
    files->precompressed = precompressed;
}

gboolean
h3_static_files_set_cache_control (H3StaticFiles *files, const char *directives)
{
    g_return_val_if_fail (files != NULL, FALSE);
    if (directives != NULL && !h3_headers_is_value (h3_view_of (directives)))
        return FALSE;
    g_free (files->cache_control);
    files->cache_control = g_strdup (directives);
    return TRUE;
}

/* Segments that are empty are none of a file's path, and would make it absolute; one with a dot in
 * front is hidden. The last may be empty: the path is a directory's. */
static gboolean
may_be_served (const H3StaticFiles *files, const char *path)
{
    H3View rest = h3_view_of (path), name;

    while (h3_view_split (&rest, '/', &name)) {
        if (name.length == 0 && rest.data != NULL)
            return FALSE;
        if (!files->dot_files && name.length > 0 && name.data[0] == '.'
            && (name.data != path || !h3_view_equal (name, H3_VIEW (".well-known"))))
            return FALSE;
    }
    return TRUE;
}

/* What the route's last parameter says, decoded; NULL where no file can be meant: "%2F" and "%5C"
 * are part of a name that other systems take for a way. */
static const char *
get_path (const H3StaticFiles *files, const H3Event *event)
{
    const char *path = event->params[event->n_params - 1].value;

    if (strstr (event->request.path, "%2F") != NULL || strstr (event->request.path, "%5C") != NULL
        || !may_be_served (files, path))
        return NULL;
    return path;
}

/* Where the path as it was asked for has a slash at its end, or is the root's. */
static gboolean
has_slash (const H3Event *event)
{
    return event->request.path[event->request.path_length - 1] == '/';
}

static void
send_open (const H3StaticFiles *files, H3Event *event, const char *path, int fd, struct stat *info)
{
    H3Response *response = &event->response;
    const char *type = h3_mime_from_path (path);
    FileCopy copy;

    if (!event_claim (event)) {
        (void) close (fd);
        return;
    }
    response_set_type_literal (response, type);
    if (files->precompressed && h3_mime_is_compressible (type)) {
        H3View accept =
            request_join_field (&event->request, H3_VIEW ("Accept-Encoding"), ", ", event->arena);

        h3_response_add_vary (response, "Accept-Encoding");
        if (file_codings_open (files->root, path, info, accept, event->arena, &copy)) {
            h3_response_set_header (response, "Content-Encoding", copy.coding);
            (void) close (fd);
            fd = copy.fd;
            info = &copy.info;
        }
    }
    h3_response_set_header (response, "X-Content-Type-Options", "nosniff");
    if (files->cache_control != NULL)
        h3_response_set_header (response, "Cache-Control", files->cache_control);
    answer_send_open_file (event, fd, info);
}

/* One slash in front, so that it leads to no other host; the query stays. */
static void
redirect_to_slash (H3Event *event)
{
    H3View path = request_path (&event->request), rest = path, part;
    H3View query = h3_view_of (h3_request_get_query_string (&event->request));
    GString *location = g_string_sized_new (3 * path.length + query.length + 3);
    char *text = h3_arena_alloc (event->arena, path.length + 1);
    char *escaped = h3_arena_alloc (event->arena, 3 * path.length + 1);

    (void) h3_view_split (&rest, '/', &part); /* what is before the first slash: nothing */
    while (h3_view_split (&rest, '/', &part)) {
        gsize length;

        (void) h3_param_decode (part, text, &length);
        g_string_append_c (location, '/');
        g_string_append_len (
            location, escaped,
            (gssize) h3_percent_encode (h3_view (text, length), H3_PERCENT_SEGMENT, escaped));
    }
    g_string_append_c (location, '/');
    if (query.data != NULL)
        g_string_append_printf (location, "?%.*s", H3_VIEW_ARGS (query));
    h3_event_redirect (event, 301, location->str);
    g_string_free (location, TRUE);
}

/* What is made of a listing on a thread of the pool. */
typedef struct {
    H3StaticFiles *files; /* ref */
    char *path, *title;   /* owned */
    char *page;           /* owned; NULL: `problem` */
    int problem;
} Listing;

static void
free_listing (gpointer data)
{
    Listing *listing = data;

    h3_static_files_unref (listing->files);
    g_free (listing->path);
    g_free (listing->title);
    g_free (listing->page);
    g_free (listing);
}

static void
make_listing (gpointer data, GCancellable *cancellable)
{
    Listing *listing = data;
    FileListing what = { listing->path, listing->title, listing->files->dot_files };

    listing->page = file_listing_make (listing->files->root, &what, cancellable, &listing->problem);
}

/* Nothing that a file is called can do anything in this page. */
static void
send_listing (H3Event *event, gpointer data)
{
    const Listing *listing = data;
    H3Response *response = &event->response;

    if (event->phase != EVENT_OPEN)
        return;
    if (listing->page == NULL) {
        answer_fail_for_errno (event, listing->path, listing->problem);
        return;
    }
    h3_response_set_header (response, "X-Content-Type-Options", "nosniff");
    h3_response_set_header (response, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'");
    h3_event_send_html (event, listing->page);
}

static void
list (H3StaticFiles *files, H3Event *event, const char *path)
{
    Listing *listing = g_new0 (Listing, 1);
    g_autofree char *text = g_malloc (event->request.path_length + 1);
    gsize length;

    (void) h3_param_decode (request_path (&event->request), text, &length);
    listing->files = h3_static_files_ref (files);
    listing->path = g_strdup (path);
    listing->title = g_steal_pointer (&text);
    h3_event_offload (event, make_listing, send_listing, listing, free_listing);
}

/* (transfer none) (nullable): the arena's. */
static const char *
make_index_path (const H3StaticFiles *files, H3Event *event, const char *path)
{
    gsize length = strlen (path);
    gsize index_length;
    char *text, *at;

    if (files->index == NULL)
        return NULL;
    index_length = strlen (files->index);
    text = h3_arena_alloc (event->arena, length + index_length + 2);
    at = text + length;
    memcpy (text, path, length);
    if (length > 0 && path[length - 1] != '/')
        *at++ = '/';
    memcpy (at, files->index, index_length + 1);
    return text;
}

/* A directory tells that it is there only where there is something to show. */
static void
handle_directory (H3StaticFiles *files, H3Event *event, const char *path)
{
    const char *index = make_index_path (files, event, path);
    struct stat info;
    int fd = -1;

    errno = ENOENT;
    if (index != NULL)
        fd = beneath_root_open_file (files->root, index, &info);
    if (fd < 0 && (!files->listing || (errno != ENOENT && errno != EISDIR))) {
        answer_fail_for_errno (event, path, errno == EISDIR ? ENOENT : errno);
        return;
    }
    if (has_slash (event) && fd >= 0) {
        send_open (files, event, index, fd, &info);
        return;
    }
    if (fd >= 0)
        (void) close (fd);
    if (has_slash (event))
        list (files, event, path);
    else
        redirect_to_slash (event);
}

void
h3_static_files_handle (H3Event *event, gpointer user_data)
{
    H3StaticFiles *files = user_data;
    const char *path;
    struct stat info;
    int fd;

    g_return_if_fail (event != NULL && files != NULL && event->n_params > 0);
    path = get_path (files, event);
    if (path == NULL) {
        answer_fail_for_errno (event, "", ENOENT);
        return;
    }
    if (*path == '\0' || path[strlen (path) - 1] == '/') {
        handle_directory (files, event, path);
        return;
    }
    fd = beneath_root_open_file (files->root, path, &info);
    if (fd >= 0)
        send_open (files, event, path, fd, &info);
    else if (errno == EISDIR)
        handle_directory (files, event, path);
    else
        answer_fail_for_errno (event, path, errno);
}
