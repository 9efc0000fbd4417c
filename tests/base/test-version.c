/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "h3/base/version.h"
#include "tests/support/suite.h"

#if !H3_CHECK_VERSION(H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION)
#error the preprocessor cannot compare versions
#endif

START_TEST (version_is_that_of_the_package)
{
    g_autofree char *numbers =
        g_strdup_printf ("%d.%d.%d", H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION);

    ck_assert_str_eq (numbers, PACKAGE_VERSION);
    ck_assert_str_eq (H3_VERSION_STRING, PACKAGE_VERSION);
    ck_assert_uint_eq (h3_get_major_version (), H3_MAJOR_VERSION);
    ck_assert_uint_eq (h3_get_minor_version (), H3_MINOR_VERSION);
    ck_assert_uint_eq (h3_get_micro_version (), H3_MICRO_VERSION);
}
END_TEST

START_TEST (headers_of_a_later_version_are_told)
{
    ck_assert (H3_CHECK_VERSION (H3_MAJOR_VERSION - 1, H3_MINOR_VERSION + 1, H3_MICRO_VERSION + 1));
    ck_assert (H3_CHECK_VERSION (H3_MAJOR_VERSION, H3_MINOR_VERSION - 1, H3_MICRO_VERSION + 1));
    ck_assert (H3_CHECK_VERSION (H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION));
    ck_assert (!H3_CHECK_VERSION (H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION + 1));
    ck_assert (!H3_CHECK_VERSION (H3_MAJOR_VERSION, H3_MINOR_VERSION + 1, 0));
    ck_assert (!H3_CHECK_VERSION (H3_MAJOR_VERSION + 1, 0, 0));
}
END_TEST

START_TEST (library_of_the_version_wanted_or_a_later_one_will_do)
{
    ck_assert_ptr_null (h3_check_version (H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION));
    ck_assert_ptr_null (h3_check_version (H3_MAJOR_VERSION, 0, 0));
#if H3_MINOR_VERSION > 0
    ck_assert_ptr_null (
        h3_check_version (H3_MAJOR_VERSION, H3_MINOR_VERSION - 1, H3_MICRO_VERSION + 1));
#endif
}
END_TEST

START_TEST (library_that_is_too_old_says_so)
{
    const char *micro = h3_check_version (H3_MAJOR_VERSION, H3_MINOR_VERSION, H3_MICRO_VERSION + 1);
    const char *minor = h3_check_version (H3_MAJOR_VERSION, H3_MINOR_VERSION + 1, 0);
    const char *major = h3_check_version (H3_MAJOR_VERSION + 1, 0, 0);

    ck_assert_ptr_nonnull (strstr (micro, "too old: its micro"));
    ck_assert_ptr_nonnull (strstr (minor, "too old: its minor"));
    ck_assert_ptr_nonnull (strstr (major, "too old: its major"));
}
END_TEST

START_TEST (features_are_known_by_their_names)
{
#ifdef HAVE_BROTLI
    ck_assert (h3_has_feature ("brotli"));
#else
    ck_assert (!h3_has_feature ("brotli"));
#endif
#ifdef HAVE_HIREDIS
    ck_assert (h3_has_feature ("redis"));
#else
    ck_assert (!h3_has_feature ("redis"));
#endif
    ck_assert (!h3_has_feature ("hiredis"));
    ck_assert (!h3_has_feature (""));
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "version", version_is_that_of_the_package,
                    headers_of_a_later_version_are_told,
                    library_of_the_version_wanted_or_a_later_one_will_do,
                    library_that_is_too_old_says_so, features_are_known_by_their_names, NULL);
}

int
main (void)
{
    return suite_run ("base/version", add_tests);
}
