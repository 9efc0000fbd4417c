/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "h3/base/version.h"

guint
h3_get_major_version (void)
{
    return H3_MAJOR_VERSION;
}

guint
h3_get_minor_version (void)
{
    return H3_MINOR_VERSION;
}

guint
h3_get_micro_version (void)
{
    return H3_MICRO_VERSION;
}

/* Variables, because a compiler warns of a comparison with zero that is one for good. */
const char *
h3_check_version (guint required_major, guint required_minor, guint required_micro)
{
    const guint major = H3_MAJOR_VERSION, minor = H3_MINOR_VERSION, micro = H3_MICRO_VERSION;

    if (required_major < major)
        return "h3-glib " H3_VERSION_STRING " is too new: its major version is another";
    if (required_major > major)
        return "h3-glib " H3_VERSION_STRING " is too old: its major version is another";
    if (required_minor > minor)
        return "h3-glib " H3_VERSION_STRING " is too old: its minor version is smaller";
    if (required_minor == minor && required_micro > micro)
        return "h3-glib " H3_VERSION_STRING " is too old: its micro version is smaller";
    return NULL;
}

gboolean
h3_has_feature (const char *feature)
{
    static const char *const features[] = {
#ifdef HAVE_BROTLI
        "brotli",
#endif
#ifdef HAVE_HIREDIS
        "redis",
#endif
#ifdef HAVE_ZSTD
        "zstd",
#endif
        NULL,
    };

    g_return_val_if_fail (feature != NULL, FALSE);
    return g_strv_contains (features, feature);
}
