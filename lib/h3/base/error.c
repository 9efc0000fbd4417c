/* SPDX-License-Identifier: MIT */

#include "error.h"

GQuark
h3_error_quark (void)
{
    return g_quark_from_static_string ("h3-error-quark");
}

GQuark
h3_client_error_quark (void)
{
    return g_quark_from_static_string ("h3-client-error-quark");
}
