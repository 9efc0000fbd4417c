/* SPDX-License-Identifier: MIT */

#include "suite.h"

#include <stdarg.h>
#include <stdlib.h>

void
suite_add_case (Suite *suite, const char *name, ...)
{
    TCase *tcase = tcase_create (name);
    const TTest *test;
    va_list tests;

    va_start (tests, name);
    while ((test = va_arg (tests, const TTest *)) != NULL)
        tcase_add_test (tcase, test);
    va_end (tests);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
suite_run (const char *name, void (*add) (Suite *suite))
{
    Suite *suite = suite_create (name);
    SRunner *runner = srunner_create (suite);
    int failed;

    add (suite);
    srunner_run_all (runner, CK_ENV);
    failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

char *
suite_dup_vector_path (const char *relative)
{
    const char *folder = g_getenv ("H3_VECTORS");
    const char *top_srcdir = g_getenv ("top_srcdir");
    g_autofree char *beside =
        g_build_filename (top_srcdir != NULL ? top_srcdir : ".", "..", "shared", "vectors", NULL);
    g_autofree char *path = NULL;

    if (folder == NULL || *folder == '\0')
        folder = beside;
    path = g_build_filename (folder, relative, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    g_print ("SKIP: no published vectors at %s; set H3_VECTORS to their folder\n", path);
    return NULL;
}

guint
suite_count_descriptors (void)
{
    g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
    guint count = 0;

    if (folder == NULL)
        return 0;
    while (g_dir_read_name (folder) != NULL)
        count++;
    return count - 1; /* the folder's own */
}
