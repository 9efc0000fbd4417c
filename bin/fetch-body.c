/* SPDX-License-Identifier: MIT */

#include "fetch-body.h"

#include "fetch-status.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORM_TYPE "application/x-www-form-urlencoded"

static gboolean
fail (GError **error, const char *name)
{
    g_set_error (error, FETCH_ERROR, FETCH_READ, "cannot read \"%s\": %s", name,
                 g_strerror (errno));
    return FALSE;
}

/* How many bytes are still to come from it; -1: not known. */
static gint64
measure (int fd)
{
    struct stat status;
    off_t at;

    if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || (at = lseek (fd, 0, SEEK_CUR)) < 0)
        return -1;
    return MAX (status.st_size - at, 0);
}

static gboolean
is_directory (int fd)
{
    struct stat status;

    return fstat (fd, &status) == 0 && S_ISDIR (status.st_mode);
}

/* `name` "-": the standard input. */
static gboolean
set_file (H3ClientRequest *request, const char *type, const char *name, GError **error)
{
    g_autoptr (GInputStream) stream = NULL;
    int fd = STDIN_FILENO;

    if (strcmp (name, "-") != 0) {
        fd = open (name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            return fail (error, name);
    }
    stream = g_unix_input_stream_new (fd, fd != STDIN_FILENO);
    if (is_directory (fd)) {
        errno = EISDIR;
        return fail (error, name);
    }
    h3_client_request_set_body_stream (request, type, stream, measure (fd));
    return TRUE;
}

static gboolean
set_text (H3ClientRequest *request, const char *type, const char *text, GError **error)
{
    if (text[0] == '@')
        return set_file (request, type, text + 1, error);
    h3_client_request_set_body_text (request, type, text);
    return TRUE;
}

/* What --header says of the type counts. */
static const char *
choose_type (const H3ClientRequest *request, const char *type)
{
    return h3_client_request_get_header (request, "Content-Type") == NULL ? type : NULL;
}

static gboolean
set_data (H3ClientRequest *request, char **data, GError **error)
{
    g_autofree char *joined = NULL;

    if (data[0][0] == '@')
        return set_file (request, choose_type (request, "application/octet-stream"), data[0] + 1,
                         error);
    joined = g_strjoinv ("&", data);
    h3_client_request_set_body_text (request, choose_type (request, FORM_TYPE), joined);
    return TRUE;
}

static gboolean
set_json (H3ClientRequest *request, const char *json, GError **error)
{
    if (h3_client_request_get_header (request, "Accept") == NULL)
        h3_client_request_set_header (request, "Accept", "application/json");
    return set_text (request, choose_type (request, "application/json"), json, error);
}

gboolean
fetch_body_set (H3ClientRequest *request, const FetchOptions *options, GError **error)
{
    if (options->data != NULL)
        return set_data (request, options->data, error);
    if (options->json != NULL)
        return set_json (request, options->json, error);
    for (guint i = 0; options->form != NULL && options->form[i] != NULL; i++) {
        const char *equals = strchr (options->form[i], '=');
        g_autofree char *name = g_strndup (options->form[i], (gsize) (equals - options->form[i]));

        h3_client_request_add_form_field (request, name, equals + 1);
    }
    return TRUE;
}
