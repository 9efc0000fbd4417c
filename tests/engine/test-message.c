/* SPDX-License-Identifier: MIT */

#include "h3/engine/message-inside.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

START_TEST (message_keeps_what_it_was_made_of)
{
    g_autoptr (GBytes) data = g_bytes_new ("text", 4);
    g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
    LiveSnapshot before = live_snapshot_take ();
    H3Message *message = message_new ("7", "news", data);
    H3Message *bare = message_new (NULL, NULL, nothing);

    ck_assert_str_eq (h3_message_get_id (message), "7");
    ck_assert_str_eq (h3_message_get_event (message), "news");
    ck_assert (h3_view_equal (h3_message_get_data (message), H3_VIEW ("text")));
    ck_assert (h3_message_is_text (message));
    ck_assert_ptr_null (h3_message_get_id (bare));
    ck_assert_ptr_null (h3_message_get_event (bare));
    ck_assert_uint_eq (h3_message_get_data (bare).length, 0);
    ck_assert (h3_message_is_text (bare));
    h3_message_unref (message);
    h3_message_unref (bare);
    assert_nothing_left (&before);
}
END_TEST

START_TEST (message_knows_whether_it_is_text)
{
    g_autoptr (GBytes) data = g_bytes_new ("\xff\xfe", 2);
    g_autoptr (H3Message) message = message_new (NULL, NULL, data);

    ck_assert (!h3_message_is_text (message));
}
END_TEST

START_TEST (message_does_not_copy_what_is_large)
{
    g_autoptr (GBytes) data = g_bytes_new_take (g_strnfill (100000, 'x'), 100000);
    H3Message *message = message_new (NULL, NULL, data);
    g_autoptr (GBytes) again = h3_message_dup_bytes (message);

    ck_assert_ptr_eq (h3_message_get_data (message).data, g_bytes_get_data (data, NULL));
    h3_message_unref (message);
    /* The bytes hold it. */
    ck_assert_ptr_eq (g_bytes_get_data (again, NULL), g_bytes_get_data (data, NULL));
    ck_assert_uint_eq (g_bytes_get_size (again), 100000);
}
END_TEST

static guint n_made;

static GBytes *
shout (const H3Message *message)
{
    n_made++;
    return g_bytes_new_take (g_ascii_strup (message->data.data, (gssize) message->data.length),
                             message->data.length);
}

static GBytes *
whisper (const H3Message *message)
{
    n_made++;
    return g_bytes_new_static (".", 1);
}

START_TEST (message_is_brought_into_a_form_once)
{
    g_autoptr (GBytes) data = g_bytes_new ("text", 4);
    g_autoptr (H3Message) message = message_new (NULL, NULL, data);

    n_made = 0;
    for (guint i = 0; i < 3; i++) {
        ck_assert (h3_view_equal (message_get_form (message, shout), H3_VIEW ("TEXT")));
        ck_assert (h3_view_equal (message_get_form (message, whisper), H3_VIEW (".")));
    }
    ck_assert_uint_eq (n_made, 2);
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "message", message_keeps_what_it_was_made_of,
                    message_knows_whether_it_is_text, message_does_not_copy_what_is_large,
                    message_is_brought_into_a_form_once, NULL);
}

int
main (void)
{
    return suite_run ("engine/message", add);
}
