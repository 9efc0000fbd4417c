/* SPDX-License-Identifier: MIT
 *
 * The option for an access log, which all commands that serve have. Its user data is the app. */

#pragma once

#include <h3/h3.h>

gboolean access_log_option_take (const char *name, const char *value, gpointer app, GError **error);

/* For the entries of h3_app_add_options (). */
#define ACCESS_LOG_OPTION                                                                          \
    {                                                                                              \
        "access-log", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) access_log_option_take,              \
            "Write a line for each request: common, combined, traced or json", "FORMAT[:FILE]"     \
    }
