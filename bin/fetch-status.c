/* SPDX-License-Identifier: MIT */

#include "fetch-status.h"

#include <gio/gio.h>
#include <h3/base/error.h>
#include <string.h>

static const struct {
    H3ClientError code;
    int status;
    const char *advice; /* NULL: none */
    const char *about;  /* what the message must say for that; NULL: whatever it says */
} kinds[] = {
    { H3_CLIENT_ERROR_INVALID_URL, FETCH_URL, NULL },
    { H3_CLIENT_ERROR_NAME, FETCH_NAME, NULL },
    { H3_CLIENT_ERROR_CONNECT, FETCH_CONNECT, NULL },
    { H3_CLIENT_ERROR_TLS, FETCH_TLS, "--cacert FILE names who else is trusted", "trusted here" },
    { H3_CLIENT_ERROR_TIMEOUT, FETCH_TIMEOUT, "--timeout SECONDS gives it another time" },
    { H3_CLIENT_ERROR_CANCELLED, FETCH_READ, NULL }, /* but for Ctrl-C: what was to be sent */
    { H3_CLIENT_ERROR_CLOSED, FETCH_CLOSED, NULL },
    { H3_CLIENT_ERROR_PROTOCOL, FETCH_PROTOCOL, NULL },
    { H3_CLIENT_ERROR_TOO_MANY_REDIRECTS, FETCH_REDIRECTS, "--max-redirects N follows more" },
    { H3_CLIENT_ERROR_TOO_LARGE, FETCH_TOO_LARGE, NULL },
    { H3_CLIENT_ERROR_ENCODING, FETCH_ENCODING, "--no-compression asks for it as it is" },
};

G_DEFINE_QUARK (h3d - fetch - error - quark, fetch_error)

int
fetch_status_of (const GError *error)
{
    if (error->domain == FETCH_ERROR)
        return error->code;
    if (error->domain == G_OPTION_ERROR)
        return FETCH_USAGE;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return FETCH_INTERRUPTED;
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        if (g_error_matches (error, H3_CLIENT_ERROR, (int) kinds[i].code))
            return kinds[i].status;
    }
    return FETCH_FAILED;
}

void
fetch_status_tell (const GError *error)
{
    const char *advice = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        if (g_error_matches (error, H3_CLIENT_ERROR, (int) kinds[i].code)
            && (kinds[i].about == NULL || strstr (error->message, kinds[i].about) != NULL))
            advice = kinds[i].advice;
    }
    if (advice != NULL)
        g_printerr ("h3d fetch: %s (%s)\n", error->message, advice);
    else
        g_printerr ("h3d fetch: %s\n", error->message);
}
