/* SPDX-License-Identifier: MIT
 *
 * [compression] and [decoding]: bodies in codings, both ways. */

#include "config-shapes.h"

#include <h3/batteries/compression.h>
#include <h3/batteries/decoding.h>

static void
take (ConfigBuild *build, const ConfigGroup *group, H3Middleware *middleware, GError *error)
{
    if (middleware == NULL)
        config_build_tell_error (build, group, "codings", error);
    else
        config_build_use (build, group, middleware);
}

static void
apply_compression (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autofree char *codings = g_strjoinv (" ", (char **) config_group_get_list (group, "codings"));
    H3CompressionOptions options;
    H3Middleware *middleware;
    GError *error = NULL;

    h3_compression_options_init (&options);
    options.codings = codings;
    options.least_size = (gsize) config_group_get_number (group, "least-size");
    options.brotli_level = (int) config_group_get_number (group, "brotli-level");
    options.zstd_level = (int) config_group_get_number (group, "zstd-level");
    options.gzip_level = (int) config_group_get_number (group, "gzip-level");
    middleware = h3_compression_new_full (&options, &error);
    take (build, group, middleware, error);
}

static const ConfigKey compression_keys[] = {
    CONFIG_PATH_KEY,
    { "codings", CONFIG_LIST, 0, 0, 0, "br;zstd;gzip", NULL, NULL,
      "which; of those that a client likes equally the first is taken" },
    { "least-size", CONFIG_SIZE, 0, 0, 1 << 30, "1K", NULL, NULL,
      "bodies that are known to be shorter go out as they are" },
    { "brotli-level", CONFIG_NUMBER, 0, 0, 11, "4", NULL, NULL, "from quick to small and slow" },
    { "zstd-level", CONFIG_NUMBER, 0, 1, 19, "3", NULL, NULL, "likewise" },
    { "gzip-level", CONFIG_NUMBER, 0, 1, 9, "6", NULL, NULL, "likewise" },
};

const ConfigShape config_shape_compression = {
    .name = "compression",
    .what = "answers in the coding that the client likes best",
    CONFIG_KEYS (compression_keys),
    .apply = apply_compression,
    .phases = 1 << CONFIG_PHASE_FIELDS
};

static void
apply_decoding (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    g_autofree char *codings = g_strjoinv (" ", (char **) config_group_get_list (group, "codings"));
    H3DecodingOptions options;
    H3Middleware *middleware;
    GError *error = NULL;

    h3_decoding_options_init (&options);
    options.codings = codings;
    options.max_ratio = (guint) config_group_get_number (group, "max-ratio");
    middleware = h3_decoding_new_full (&options, &error);
    take (build, group, middleware, error);
}

static const ConfigKey decoding_keys[] = {
    CONFIG_PATH_KEY,
    { "codings", CONFIG_LIST, 0, 0, 0, "gzip;deflate;br;zstd", NULL, NULL, "which are taken" },
    { "max-ratio", CONFIG_NUMBER, 0, 0, G_MAXINT32, "200", NULL, NULL,
      "how many times as long as it came a body may be, beyond its first 64 KiB; 0: any" },
};

const ConfigShape config_shape_decoding = {
    .name = "decoding",
    .what = "bodies of requests that come in a coding are handed on decoded",
    CONFIG_KEYS (decoding_keys),
    .apply = apply_decoding,
    .phases = 1 << CONFIG_PHASE_FIELDS
};
