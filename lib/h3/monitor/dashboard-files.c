/* SPDX-License-Identifier: MIT
 *
 * The page and what belongs to it, out of the library: dashboard/ in the sources. */

#include "dashboard-private.h"

#include <h3/crypto/digest.h>
#include <h3/http/answer.h>
#include <h3/http/failure.h>

#include <string.h>

#define FOLDER "/h3/dashboard/"

/* Nothing from anywhere else, nothing inline, and in no frame. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "                \
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

typedef struct {
    const char *name, *type;
} File;

static const File files[] = {
    { "index.html", "text/html; charset=utf-8" },
    { "dashboard.css", "text/css; charset=utf-8" },
    { "dashboard.js", "text/javascript; charset=utf-8" },
    { "charts.js", "text/javascript; charset=utf-8" },
    { "format.js", "text/javascript; charset=utf-8" },
    { "panels.js", "text/javascript; charset=utf-8" },
    { "icon.svg", "image/svg+xml" },
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char etags[G_N_ELEMENTS (files)][H3_DIGEST_MAX_LENGTH]; /* "": none could be made */

static GBytes *
get_bytes (const File *file)
{
    g_autofree char *path = g_strconcat (FOLDER, file->name, NULL);

    return g_resource_lookup_data (dashboard_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                   NULL);
}

/* So many digits of the digest tell one version from another. */
#define ETAG_BYTES 12

static void
make_etags (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autoptr (GBytes) bytes = get_bytes (&files[i]);
        guint8 digest[H3_DIGEST_MAX_LENGTH];
        g_autofree char *hex = NULL;

        g_assert (bytes != NULL);
        if (!h3_digest_compute (H3_DIGEST_SHA256, g_bytes_get_data (bytes, NULL),
                                g_bytes_get_size (bytes), digest, NULL))
            continue;
        hex = h3_digest_to_hex (digest, ETAG_BYTES);
        etags[i][0] = '"';
        (void) g_strlcpy (etags[i] + 1, hex, sizeof etags[i] - 2);
        (void) g_strlcat (etags[i], "\"", sizeof etags[i]);
    }
}

/* Browsers keep them, and ask each time whether they are still so: a new version of the library is
 * seen at once. */
static void
send_file (H3Event *event, guint index)
{
    g_autoptr (GBytes) bytes = NULL;

    (void) pthread_once (&once, make_etags);
    (void) h3_event_set_header (event, "X-Content-Type-Options", "nosniff");
    (void) h3_event_set_header (event, "Referrer-Policy", "no-referrer");
    (void) h3_event_set_header (event, "Content-Security-Policy", POLICY);
    (void) h3_event_set_cache_control (event, "private, no-cache");
    if (*etags[index] != '\0' && h3_event_check_fresh (event, etags[index], -1))
        return;
    bytes = get_bytes (&files[index]);
    h3_event_send_bytes (event, files[index].type, bytes);
}

void
dashboard_send_file (H3Event *event, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
        if (strcmp (files[i].name, name) == 0) {
            send_file (event, i);
            return;
        }
    }
    h3_event_fail_status (event, 404, NULL);
}
