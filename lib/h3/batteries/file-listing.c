/* SPDX-License-Identifier: MIT */

#include "file-listing.h"

#include <h3/format/percent.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *name; /* owned */
    gboolean is_directory;
    gint64 size;
    gint64 modified; /* seconds since 1970 */
} Entry;

static void
clear_entry (gpointer data)
{
    g_free (((Entry *) data)->name);
}

/* Directories first, then by name. */
static gint
compare_entries (gconstpointer a, gconstpointer b)
{
    const Entry *one = a, *other = b;

    if (one->is_directory != other->is_directory)
        return one->is_directory ? -1 : 1;
    return strcmp (one->name, other->name);
}

/* Whether a canonical path can say it (h3_path_canonicalize ()), and it may be shown. */
static gboolean
is_for_clients (const FileListing *listing, const char *name)
{
    if (name[0] == '.'
        && (!listing->dot_files || strcmp (name, ".") == 0 || strcmp (name, "..") == 0))
        return FALSE;
    for (const guchar *p = (const guchar *) name; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7f || *p == '\\')
            return FALSE;
    }
    return g_utf8_validate (name, -1, NULL);
}

/* What a link leads to is told only where it lies beneath the root. */
static gboolean
look_through_link (const BeneathRoot *root, const FileListing *listing, const char *name,
                   struct stat *out_info)
{
    g_autofree char *path = g_strconcat (
        listing->path, *listing->path != '\0' && !g_str_has_suffix (listing->path, "/") ? "/" : "",
        name, NULL);
    int fd = beneath_root_open (root, path);
    gboolean known = fd >= 0 && fstat (fd, out_info) == 0;

    if (fd >= 0)
        (void) close (fd);
    return known;
}

static void
add_entry (GArray *entries, const BeneathRoot *root, const FileListing *listing, int folder,
           const char *name)
{
    struct stat info;
    Entry entry;

    if (!is_for_clients (listing, name) || fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0
        || (S_ISLNK (info.st_mode) && !look_through_link (root, listing, name, &info))
        || !(S_ISREG (info.st_mode) || S_ISDIR (info.st_mode)))
        return;
    entry.name = g_strdup (name);
    entry.is_directory = S_ISDIR (info.st_mode);
    entry.size = info.st_size;
    entry.modified = info.st_mtim.tv_sec;
    g_array_append_val (entries, entry);
}

/* 0, or an errno. */
static int
read_entries (GArray *entries, const BeneathRoot *root, const FileListing *listing, DIR *folder,
              GCancellable *cancellable, gboolean *out_more)
{
    const struct dirent *found;

    *out_more = FALSE;
    for (errno = 0; (found = readdir (folder)) != NULL; errno = 0) {
        if (g_cancellable_is_cancelled (cancellable))
            return ECANCELED;
        if (entries->len == FILE_LISTING_MAX) {
            *out_more = TRUE;
            return 0;
        }
        add_entry (entries, root, listing, dirfd (folder), found->d_name);
    }
    return errno;
}

static void
append_escaped (GString *page, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text (text, -1);

    g_string_append (page, escaped);
}

/* "./" before the name, so that one with a colon is no scheme. */
static void
append_entry (GString *page, const Entry *entry)
{
    g_autofree char *link = g_strconcat (entry->name, entry->is_directory ? "/" : "", NULL);
    g_autofree char *escaped = h3_percent_escape (entry->name, H3_PERCENT_SEGMENT);
    g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (entry->modified);
    g_autofree char *date = when != NULL ? g_date_time_format (when, "%Y-%m-%d %H:%M") : NULL;

    g_string_append (page, "<tr><td><a href=\"./");
    append_escaped (page, escaped);
    g_string_append (page, entry->is_directory ? "/\">" : "\">");
    append_escaped (page, link);
    g_string_append (page, "</a></td><td>");
    if (!entry->is_directory)
        g_string_append_printf (page, "%" G_GINT64_FORMAT, entry->size);
    g_string_append_printf (page, "</td><td>%s</td></tr>\n", date != NULL ? date : "");
}

static char *
write_page (const FileListing *listing, GArray *entries, gboolean more)
{
    GString *page = g_string_new (
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
        "max-width:56rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
        "td,th{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid #8884}"
        "td:nth-child(2){text-align:right}</style>\n<title>");

    append_escaped (page, listing->title);
    g_string_append (page, "</title></head>\n<body><h1>");
    append_escaped (page, listing->title);
    g_string_append (page, "</h1>\n<table>\n<tr><th>Name</th><th>Bytes</th>"
                           "<th>Changed (UTC)</th></tr>\n");
    if (*listing->path != '\0')
        g_string_append (page, "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    for (guint i = 0; i < entries->len; i++)
        append_entry (page, &g_array_index (entries, Entry, i));
    g_string_append (page, "</table>\n");
    if (more)
        g_string_append_printf (page, "<p>There are more: these are %d of them.</p>\n",
                                FILE_LISTING_MAX);
    g_string_append (page, "</body>\n</html>\n");
    return g_string_free (page, FALSE);
}

static DIR *
open_folder (const BeneathRoot *root, const char *path)
{
    int fd = beneath_root_open (root, *path != '\0' ? path : ".");
    DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
    int problem = errno;

    if (fd >= 0 && folder == NULL)
        (void) close (fd);
    errno = problem;
    return folder;
}

char *
file_listing_make (const BeneathRoot *root, const FileListing *listing, GCancellable *cancellable,
                   int *out_problem)
{
    g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
    DIR *folder = open_folder (root, listing->path);
    gboolean more;

    if (folder == NULL) {
        *out_problem = errno;
        return NULL;
    }
    g_array_set_clear_func (entries, clear_entry);
    *out_problem = read_entries (entries, root, listing, folder, cancellable, &more);
    (void) closedir (folder);
    if (*out_problem != 0)
        return NULL;
    g_array_sort (entries, compare_entries);
    return write_page (listing, entries, more);
}
