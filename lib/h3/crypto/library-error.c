/* SPDX-License-Identifier: MIT */

#include "library-error.h"

#include <openssl/err.h>

void
library_error_set (GError **error, H3Error code, const char *what)
{
    const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

    if (reason != NULL)
        g_set_error (error, H3_ERROR, (gint) code, "%s (OpenSSL: %s)", what, reason);
    else
        g_set_error_literal (error, H3_ERROR, (gint) code, what);
    ERR_clear_error ();
}
