/* SPDX-License-Identifier: MIT */

#include "h3/base/error.h"
#include "h3/base/version.h"
#include "h3/store/store-url.h"
#include "h3/store/store.h"
#include "tests/support/suite.h"

static StoreUrl *
parse (const char *text)
{
    GError *error = NULL;
    StoreUrl *url = store_url_parse (text, &error);

    ck_assert_msg (url != NULL, "%s: %s", text, error != NULL ? error->message : "");
    return url;
}

START_TEST (store_url_of_memory_has_bounds)
{
    g_autoptr (StoreUrl) plain = parse ("memory:");
    g_autoptr (StoreUrl) bounded = parse ("memory:?max-entries=7&max-bytes=64M");
    g_autoptr (StoreUrl) bytes = parse ("memory:?max-bytes=4096");

    ck_assert_int_eq (plain->kind, STORE_URL_MEMORY);
    ck_assert_uint_eq (plain->max_entries, 100000);
    ck_assert_uint_eq (plain->max_bytes, 64 << 20);
    ck_assert_uint_eq (bounded->max_entries, 7);
    ck_assert_uint_eq (bounded->max_bytes, 64 << 20);
    ck_assert_uint_eq (bytes->max_bytes, 4096);
}
END_TEST

START_TEST (store_url_of_redis_says_where_and_how)
{
    g_autoptr (StoreUrl) plain = parse ("redis://localhost");
    g_autoptr (StoreUrl) full = parse ("redis://us%40er:pass%2Fword@[::1]:7000/3"
                                       "?timeout=250&prefix=shop%3A&max-waiting=9");
    g_autoptr (StoreUrl) password = parse ("redis://:only@10.0.0.1/");

    ck_assert_int_eq (plain->kind, STORE_URL_REDIS);
    ck_assert_str_eq (plain->host, "localhost");
    ck_assert_uint_eq (plain->port, 6379);
    ck_assert_uint_eq (plain->database, 0);
    ck_assert_uint_eq (plain->timeout, 1000);
    ck_assert_str_eq (plain->prefix, "");
    ck_assert_ptr_null (plain->password);
    ck_assert_str_eq (full->host, "::1");
    ck_assert_uint_eq (full->port, 7000);
    ck_assert_uint_eq (full->database, 3);
    ck_assert_str_eq (full->user, "us@er");
    ck_assert_str_eq (full->password, "pass/word");
    ck_assert_str_eq (full->prefix, "shop:");
    ck_assert_uint_eq (full->timeout, 250);
    ck_assert_uint_eq (full->max_waiting, 9);
    ck_assert_ptr_null (password->user);
    ck_assert_str_eq (password->password, "only");
}
END_TEST

START_TEST (store_url_of_a_socket_has_its_path)
{
    g_autoptr (StoreUrl) plain = parse ("redis+unix:/run/redis/redis%20a.sock?db=2");
    g_autoptr (StoreUrl) password = parse ("redis+unix://user:secret@/run/redis.sock");

    ck_assert_ptr_null (plain->host);
    ck_assert_str_eq (plain->path, "/run/redis/redis a.sock");
    ck_assert_uint_eq (plain->database, 2);
    ck_assert_str_eq (password->path, "/run/redis.sock");
    ck_assert_str_eq (password->user, "user");
    ck_assert_str_eq (password->password, "secret");
}
END_TEST

START_TEST (store_url_that_cannot_be_is_refused)
{
    static const char *const texts[] = { "",
                                         "memory",
                                         "memory:x",
                                         "memory://x",
                                         "memory:?max-entries=0",
                                         "memory:?max-entries=",
                                         "memory:?max-entries=-1",
                                         "memory:?max-entries=2147483648",
                                         "memory:?max-entries=1&max-entries=1",
                                         "memory:?max-bytes=4095",
                                         "memory:?max-bytes=M",
                                         "memory:?max-bytes=64m",
                                         "memory:?max-bytes=9000000000G",
                                         "memory:?timeout=1",
                                         "memory:?max-entries=%zz",
                                         "memory:#x",
                                         "redis:",
                                         "redis://",
                                         "redis:/x",
                                         "redis://h:0",
                                         "redis://h:65536",
                                         "redis://h/x",
                                         "redis://h/1/2",
                                         "redis://h/-1",
                                         "redis://h/2147483648",
                                         "redis://password@h",
                                         "redis://h?timeout=0",
                                         "redis://h?timeout=600001",
                                         "redis://h?timeout=1&timeout=2",
                                         "redis://h?db=1",
                                         "redis://h?other=1",
                                         "redis://h#x",
                                         "redis://a%0Ab",
                                         "redis://a b",
                                         "rediss://h",
                                         "http://h/",
                                         "redis+unix:",
                                         "redis+unix:relative",
                                         "redis+unix:/",
                                         "redis+unix://host/path",
                                         "redis+unix:/a%00b",
                                         "redis+unix:/x?db=x",
                                         "redis://:p@ss@h@",
                                         NULL };

    for (guint i = 0; texts[i] != NULL; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (StoreUrl) url = store_url_parse (texts[i], &error);

        ck_assert_msg (url == NULL, "%s is taken", texts[i]);
        ck_assert (error != NULL && error->domain == H3_ERROR);
    }
}
END_TEST

START_TEST (store_url_keeps_its_password_to_itself)
{
    g_autoptr (StoreUrl) url = parse ("redis://user:hunter2@[fe80::1]:7000/3?prefix=hunter2");
    g_autoptr (StoreUrl) socket = parse ("redis+unix://user:hunter2@/run/redis.sock");
    g_autofree char *label = store_url_dup_label (url);
    g_autofree char *socket_label = store_url_dup_label (socket);
    g_autoptr (GError) error = NULL;

    ck_assert_str_eq (label, "redis://[fe80::1]:7000/3");
    ck_assert_str_eq (socket_label, "redis+unix:/run/redis.sock");
    ck_assert_ptr_null (store_url_parse ("redis://user:hunter2@h:x?hunter2=hunter2", &error));
    ck_assert_ptr_null (strstr (error->message, "hunter2"));
    g_clear_error (&error);
    ck_assert_ptr_null (store_url_parse ("redis://user:hunter2@h?hunter2=hunter2", &error));
    ck_assert_ptr_null (strstr (error->message, "hunter2"));
}
END_TEST

START_TEST (store_on_a_redis_server_says_where_the_library_was_built_without)
{
    static const char *const urls[] = { "redis://127.0.0.1:1", "redis+unix:/run/none.sock" };

    for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (H3Store) store = h3_store_new_from_url (urls[i], &error);

        ck_assert_int_eq (store != NULL, h3_has_feature ("redis"));
        if (store == NULL) {
            ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_UNSUPPORTED));
            ck_assert_ptr_nonnull (strstr (error->message, "--with-redis"));
        }
    }
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "url", store_url_of_memory_has_bounds,
                    store_url_of_redis_says_where_and_how, store_url_of_a_socket_has_its_path,
                    store_url_that_cannot_be_is_refused, store_url_keeps_its_password_to_itself,
                    store_on_a_redis_server_says_where_the_library_was_built_without, NULL);
}

int
main (void)
{
    return suite_run ("store/url", add);
}
