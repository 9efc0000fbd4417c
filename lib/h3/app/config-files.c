/* SPDX-License-Identifier: MIT
 *
 * [files PREFIX]. */

#include "config-shapes.h"

#include <h3/batteries/static-files.h>

static void
set_up (ConfigBuild *build, const ConfigGroup *group, H3StaticFiles *files)
{
    const char *index = config_group_get_text (group, "index");
    const char *directives = config_group_get_text (group, "cache-control");

    h3_static_files_set_listing (files, config_group_get_number (group, "listing") != 0);
    h3_static_files_set_dot_files (files, config_group_get_number (group, "dot-files") != 0);
    h3_static_files_set_precompressed (files,
                                       config_group_get_number (group, "precompressed") != 0);
    if (!h3_static_files_set_index (files, *index != '\0' ? index : NULL))
        config_build_tell (build, group, "index", "'%s' is no name of a file: write it without /",
                           index);
    if (!h3_static_files_set_cache_control (files, directives))
        config_build_tell (build, group, "cache-control",
                           "'%s' cannot stand in a field: write max-age=60", directives);
}

static void
unref_files (gpointer files)
{
    h3_static_files_unref (files);
}

static void
apply_files (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase)
{
    const char *directory = config_group_get_text (group, "directory");
    H3StaticFiles *files;
    GError *error = NULL;

    if (directory == NULL)
        return;
    files = h3_static_files_new (directory, &error);
    if (files == NULL) {
        config_build_tell_error (build, group, "directory", error);
        return;
    }
    set_up (build, group, files);
    (void) config_build_route (build, group, "GET", group->argument, FALSE, h3_static_files_handle,
                               files, unref_files);
}

static const ConfigKey files_keys[] = {
    { "directory", CONFIG_FILE, CONFIG_REQUIRED, 0, 0, NULL, NULL, NULL,
      "whose files are served, and nothing outside of it" },
    { "index", CONFIG_TEXT, CONFIG_MAY_BE_EMPTY, 0, 0, "index.html", NULL, NULL,
      "the file that stands for its directory; empty: none" },
    { "listing", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether a directory without index is answered with a page of what is in it" },
    { "dot-files", CONFIG_SWITCH, 0, 0, 0, "no", NULL, NULL,
      "whether names that begin with a dot are served" },
    { "precompressed", CONFIG_SWITCH, 0, 0, 0, "yes", NULL, NULL,
      "whether x.br, x.zst or x.gz is sent for x to who accepts that" },
    { "cache-control", CONFIG_TEXT, 0, 0, 0, NULL, NULL, NULL,
      "Cache-Control of each file: public, max-age=3600" },
};

const ConfigShape config_shape_files = { .name = "files",
                                         .argument = "PREFIX",
                                         .what = "the files of a directory, at a path and below it",
                                         CONFIG_KEYS (files_keys),
                                         .apply = apply_files,
                                         .phases = 1 << CONFIG_PHASE_ROUTES };
