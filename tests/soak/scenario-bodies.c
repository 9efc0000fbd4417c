/* SPDX-License-Identifier: MIT
 *
 * Scenarios of clients that send much. */

#include "scenario-bodies.h"

#include <string.h>

void
scenario_add_echo (Plan *plan, guint64 length, gsize piece, guint pause)
{
    g_autofree char *head = g_strdup_printf ("POST /echo HTTP/1.1\r\nHost: a\r\n"
                                             "Content-Length: %" G_GUINT64_FORMAT "\r\n\r\n",
                                             length);

    plan_send (plan, head, 0, 0);
    plan_send_pattern (plan, length, piece, pause);
    plan_expect_pattern (plan, length);
}

void
scenario_echo_much (Plan *plan, GRand *rand)
{
    scenario_add_echo (plan, (guint64) g_rand_int_range (rand, 1 << 20, 8 << 20), 0, 0);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

void
scenario_echo_in_chunks (Plan *plan, GRand *rand)
{
    g_autoptr (GString) text =
        g_string_new ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    g_autoptr (GBytes) bytes = NULL;
    guint64 length = 0;

    for (int i = g_rand_int_range (rand, 0, 40); i > 0; i--) {
        gsize there;
        const char *data = pattern_at (length, (gsize) g_rand_int_range (rand, 1, 9000), &there);

        g_string_append_printf (text, "%" G_GSIZE_MODIFIER "x\r\n", there);
        g_string_append_len (text, data, (gssize) there);
        g_string_append (text, "\r\n");
        length += there;
    }
    g_string_append (text, "0\r\n\r\n");
    bytes = g_bytes_new (text->str, text->len);
    plan_send_bytes (plan, bytes, (gsize) g_rand_int_range (rand, 0, 3) * 1000, 1);
    plan_expect_pattern (plan, length);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* A megabyte nearly, gathered whole, and a larger answer. */
void
scenario_post_much (Plan *plan, GRand *rand)
{
    guint64 length = (guint64) g_rand_int_range (rand, 1, 1 << 20);
    g_autofree char *head = g_strdup_printf ("POST /post HTTP/1.1\r\nHost: a\r\n"
                                             "Content-Length: %" G_GUINT64_FORMAT "\r\n\r\n",
                                             length);

    plan_send (plan, head, 0, 0);
    plan_send_pattern (plan, length, 0, 0);
    plan_expect (plan, 200);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

#define FORM_START "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n"
#define FORM_END   "\r\n--b--\r\n"

/* A form with a file of `length` bytes, up to its first byte. */
void
scenario_begin_form (Plan *plan, guint64 length)
{
    g_autofree char *head =
        g_strdup_printf ("POST /upload HTTP/1.1\r\nHost: a\r\n"
                         "Content-Type: multipart/form-data; boundary=b\r\n"
                         "Content-Length: %" G_GUINT64_FORMAT "\r\n\r\n" FORM_START,
                         length + strlen (FORM_START FORM_END));

    plan_send (plan, head, 0, 0);
}

/* In memory, or on disk. */
void
scenario_send_file (Plan *plan, GRand *rand)
{
    guint64 length = (guint64) g_rand_int_range (rand, 0, 5 << 20);

    scenario_begin_form (plan, length);
    plan_send_pattern (plan, length, 0, 0);
    plan_send (plan, FORM_END, 0, 0);
    plan_expect_has (plan, 200, "\"filename\": \"x\"");
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* More than the kernel keeps: the server has to wait for it. */
void
scenario_read_slowly (Plan *plan, GRand *rand)
{
    plan->receive_buffer = 8192;
    plan->read_piece = 65536;
    plan->read_pause = 5;
    scenario_add_echo (plan, (guint64) g_rand_int_range (rand, 1 << 20, 5 << 20), 0, 0);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}
