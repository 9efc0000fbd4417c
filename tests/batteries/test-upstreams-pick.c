/* SPDX-License-Identifier: MIT */

#include "h3/batteries/upstreams-private.h"
#include "tests/support/suite.h"

#include "h3/loop/clock.h"

#define MAX_SERVERS 16

/* Servers called after their places, with these weights; 0 ends them. */
static H3Upstreams *
new_set (H3Balance strategy, const guint *weights)
{
    H3Upstreams *upstreams = h3_upstreams_new ();

    h3_upstreams_set_strategy (upstreams, strategy);
    for (guint i = 0; weights[i] != 0; i++) {
        g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", 8000 + i);

        ck_assert (h3_upstreams_add (upstreams, url, weights[i], NULL));
    }
    ck_assert (upstreams_freeze (upstreams, NULL));
    return upstreams;
}

static guint
get_place (const H3Upstreams *upstreams, const Upstream *upstream)
{
    guint place;

    ck_assert (g_ptr_array_find (upstreams->servers, upstream, &place));
    return place;
}

static guint
choose_for (H3Upstreams *upstreams, const H3Address *client, UpstreamUse *out_use)
{
    Upstream *upstream = upstreams_choose (upstreams, client, NULL, 0, out_use);

    ck_assert_ptr_nonnull (upstream);
    return get_place (upstreams, upstream);
}

static guint
choose (H3Upstreams *upstreams, const H3Address *client)
{
    UpstreamUse use;
    guint place = choose_for (upstreams, client, &use);

    upstream_use_end (&use, NULL);
    return place;
}

/* Letters after the places, in the order of being chosen. */
static char *
choose_many (H3Upstreams *upstreams, guint n)
{
    GString *order = g_string_new (NULL);

    for (guint i = 0; i < n; i++)
        g_string_append_c (order, (char) ('a' + choose (upstreams, NULL)));
    return g_string_free (order, FALSE);
}

static void
assert_order (H3Balance strategy, const guint *weights, const char *expected)
{
    H3Upstreams *upstreams = new_set (strategy, weights);
    g_autofree char *order = choose_many (upstreams, (guint) strlen (expected));

    ck_assert_str_eq (order, expected);
    h3_upstreams_unref (upstreams);
}

static void
set_down (H3Upstreams *upstreams, guint place, gboolean is_down)
{
    atomic_store (&upstreams_get (upstreams, place)->is_down, is_down);
}

START_TEST (round_robin_goes_round)
{
    assert_order (H3_BALANCE_ROUND_ROBIN, (const guint[]){ 1, 9, 1, 0 }, "abcabcabc");
}
END_TEST

START_TEST (weighted_turns_are_spread_evenly)
{
    assert_order (H3_BALANCE_WEIGHTED, (const guint[]){ 5, 1, 1, 0 }, "aabacaaaabacaa");
    assert_order (H3_BALANCE_WEIGHTED, (const guint[]){ 1, 1, 1, 0 }, "abcabc");
    assert_order (H3_BALANCE_WEIGHTED, (const guint[]){ 2, 4, 0 }, "babbab");
}
END_TEST

START_TEST (who_is_down_gives_its_turns_to_all_others)
{
    H3Upstreams *upstreams = new_set (H3_BALANCE_ROUND_ROBIN, (const guint[]){ 1, 1, 1, 0 });
    g_autofree char *without = NULL, *with = NULL;

    set_down (upstreams, 1, TRUE);
    without = choose_many (upstreams, 6);
    ck_assert_str_eq (without, "acacac");
    set_down (upstreams, 1, FALSE);
    with = choose_many (upstreams, 6);
    ck_assert_str_eq (with, "abcabc");
    set_down (upstreams, 0, TRUE);
    set_down (upstreams, 1, TRUE);
    set_down (upstreams, 2, TRUE);
    ck_assert_ptr_null (upstreams_choose (upstreams, NULL, NULL, 0, &(UpstreamUse){ 0 }));
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (least_connections_fill_by_weight)
{
    const guint weights[] = { 3, 1, 2, 0 };
    H3Upstreams *upstreams = new_set (H3_BALANCE_LEAST_CONNECTIONS, weights);
    UpstreamUse uses[60];
    guint n[3] = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
        n[choose_for (upstreams, NULL, &uses[i])]++;
    ck_assert_uint_eq (n[0], 30);
    ck_assert_uint_eq (n[1], 10);
    ck_assert_uint_eq (n[2], 20);
    /* Whoever gets rid of two of its requests gets the next two. */
    for (guint i = 0, ended = 0; ended < 2; i++) {
        if (uses[i].upstream == upstreams_get (upstreams, 1)) {
            upstream_use_end (&uses[i], NULL);
            ended++;
            ck_assert_uint_eq (choose_for (upstreams, NULL, &uses[i]), 1);
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
        upstream_use_end (&uses[i], NULL);
    for (guint i = 0; i < 3; i++)
        ck_assert_uint_eq (atomic_load (&upstreams_get (upstreams, i)->in_flight), 0);
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (with_nothing_under_way_least_connections_are_turns_by_weight)
{
    assert_order (H3_BALANCE_LEAST_CONNECTIONS, (const guint[]){ 2, 1, 0 }, "abaaba");
}
END_TEST

static void
seed_set (H3Upstreams *upstreams)
{
    guint32 seed = g_random_int ();

    g_print ("seed %u\n", seed);
    atomic_store (&upstreams->random, seed);
}

/* Within six standard deviations of what is expected. */
static void
assert_share (guint n, guint total, double share, const char *what)
{
    double expected = total * share, variance = expected * (1 - share);
    double off = n - expected;

    ck_assert_msg (off * off <= 36 * variance, "%s: %u of %u, expected %.0f", what, n, total,
                   expected);
}

#define DRAWS 60000

START_TEST (random_draws_by_weight)
{
    /* With nothing under way the first of the two that are drawn is taken. */
    const guint weights[] = { 1, 2, 3, 0 };
    H3Upstreams *upstreams = new_set (H3_BALANCE_RANDOM, weights);
    guint n[3] = { 0 };

    seed_set (upstreams);
    for (guint i = 0; i < DRAWS; i++)
        n[choose (upstreams, NULL)]++;
    for (guint i = 0; i < 3; i++)
        assert_share (n[i], DRAWS, weights[i] / 6.0, "draws");
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (of_two_drawn_that_with_less_under_way_is_taken)
{
    H3Upstreams *upstreams = new_set (H3_BALANCE_RANDOM, (const guint[]){ 1, 1, 1, 0 });
    guint n[3] = { 0 };

    seed_set (upstreams);
    atomic_store (&upstreams_get (upstreams, 1)->in_flight, 100);
    for (guint i = 0; i < DRAWS; i++)
        n[choose (upstreams, NULL)]++;
    ck_assert_uint_eq (n[1], 0);
    assert_share (n[0], DRAWS, 0.5, "the others");
    /* Nobody else is there. */
    set_down (upstreams, 0, TRUE);
    set_down (upstreams, 2, TRUE);
    ck_assert_uint_eq (choose (upstreams, NULL), 1);
    h3_upstreams_unref (upstreams);
}
END_TEST

static H3Address
nth_address (guint32 n)
{
    H3Address address = { .family = H3_ADDRESS_IPV4 };

    n = GUINT32_TO_BE (n);
    memcpy (address.bytes, &n, 4);
    return address;
}

#define CLIENTS 20000

static void
choose_for_all (H3Upstreams *upstreams, guint32 first, guint8 *out_places)
{
    for (guint i = 0; i < CLIENTS; i++) {
        H3Address client = nth_address (first + i);

        out_places[i] = (guint8) choose (upstreams, &client);
    }
}

static void
assert_shares (const guint8 *places, const guint *weights, const char *what)
{
    guint n[MAX_SERVERS] = { 0 };
    double total = 0;

    for (guint i = 0; weights[i] != 0; i++)
        total += weights[i];
    for (guint i = 0; i < CLIENTS; i++)
        n[places[i]]++;
    for (guint i = 0; weights[i] != 0; i++)
        assert_share (n[i], CLIENTS, weights[i] / total, what);
}

/* One of the servers goes, and one comes: nobody else's clients move. */
static void
assert_only_own_share_moves (const guint *weights, const guint *more)
{
    H3Upstreams *upstreams = new_set (H3_BALANCE_ADDRESS_HASH, weights);
    H3Upstreams *bigger = new_set (H3_BALANCE_ADDRESS_HASH, more);
    g_autofree guint8 *before = g_malloc (CLIENTS), *after = g_malloc (CLIENTS);
    guint32 first = g_random_int ();
    guint newest = h3_upstreams_count (bigger) - 1;

    g_print ("seed %u\n", first);
    choose_for_all (upstreams, first, before);
    assert_shares (before, weights, "clients");
    set_down (upstreams, 1, TRUE);
    choose_for_all (upstreams, first, after);
    for (guint i = 0; i < CLIENTS; i++)
        ck_assert (before[i] == 1 ? after[i] != 1 : after[i] == before[i]);
    memcpy (bigger->hash_key, upstreams->hash_key, sizeof bigger->hash_key);
    for (guint i = 0; i <= newest; i++)
        upstream_settle (upstreams_get (bigger, i));
    choose_for_all (bigger, first, after);
    assert_shares (after, more, "clients of one more");
    for (guint i = 0; i < CLIENTS; i++)
        ck_assert (after[i] == newest || after[i] == before[i]);
    h3_upstreams_unref (bigger);
    h3_upstreams_unref (upstreams);
}

START_TEST (by_address_only_the_share_of_who_comes_or_goes_moves)
{
    assert_only_own_share_moves ((const guint[]){ 1, 1, 1, 1, 0 },
                                 (const guint[]){ 1, 1, 1, 1, 1, 0 });
    assert_only_own_share_moves ((const guint[]){ 1, 3, 2, 0 }, (const guint[]){ 1, 3, 2, 4, 0 });
    /* Weights that become unlike move nobody else either. */
    assert_only_own_share_moves ((const guint[]){ 2, 2, 2, 0 }, (const guint[]){ 2, 2, 2, 1, 0 });
}
END_TEST

static guint
choose_at (H3Upstreams *upstreams, const char *text)
{
    H3Address address;

    ck_assert (h3_address_parse_string (text, &address));
    return choose (upstreams, &address);
}

START_TEST (a_client_s_network_is_one_client)
{
    H3Upstreams *upstreams =
        new_set (H3_BALANCE_ADDRESS_HASH, (const guint[]){ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 });

    for (guint i = 0; i < 50; i++) {
        g_autofree char *text = g_strdup_printf ("2001:db8::%x:1", i + 1);
        g_autofree char *plain = g_strdup_printf ("192.0.2.%u", i);
        g_autofree char *mapped = g_strdup_printf ("::ffff:192.0.2.%u", i);

        ck_assert_uint_eq (choose_at (upstreams, text), choose_at (upstreams, "2001:db8::"));
        ck_assert_uint_eq (choose_at (upstreams, plain), choose_at (upstreams, mapped));
    }
    h3_upstreams_unref (upstreams);
}
END_TEST

START_TEST (who_has_no_address_goes_round)
{
    H3Upstreams *upstreams = new_set (H3_BALANCE_ADDRESS_HASH, (const guint[]){ 1, 1, 1, 0 });
    const H3Address local = { .family = H3_ADDRESS_UNIX };
    g_autofree char *order = choose_many (upstreams, 3);

    ck_assert_str_eq (order, "abc");
    ck_assert_uint_eq (choose (upstreams, &local), 0);
    ck_assert_uint_eq (choose (upstreams, &local), 1);
    h3_upstreams_unref (upstreams);
}
END_TEST

/* Places of the first clients, as letters. */
static char *
places_with_key (const char *key)
{
    H3Upstreams *upstreams = h3_upstreams_new ();
    GString *places = g_string_new (NULL);

    h3_upstreams_set_strategy (upstreams, H3_BALANCE_ADDRESS_HASH);
    h3_upstreams_set_hash_key (upstreams, key);
    for (guint i = 0; i < 8; i++) {
        g_autofree char *url = g_strdup_printf ("http://[::1]:%u/", 8000 + i);

        ck_assert (h3_upstreams_add (upstreams, url, 1, NULL));
    }
    ck_assert (upstreams_freeze (upstreams, NULL));
    for (guint i = 0; i < 64; i++) {
        H3Address client = nth_address (i);

        g_string_append_c (places, (char) ('a' + choose (upstreams, &client)));
    }
    h3_upstreams_unref (upstreams);
    return g_string_free (places, FALSE);
}

START_TEST (places_by_address_follow_from_a_key)
{
    g_autofree char *one = places_with_key ("one"), *again = places_with_key ("one");
    g_autofree char *two = places_with_key ("two");
    g_autofree char *drawn = places_with_key (NULL), *other = places_with_key (NULL);

    ck_assert_str_eq (one, again);
    ck_assert_str_ne (one, two);
    ck_assert_str_ne (drawn, other);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "turns", round_robin_goes_round, weighted_turns_are_spread_evenly,
                    who_is_down_gives_its_turns_to_all_others, NULL);
    suite_add_case (suite, "least", least_connections_fill_by_weight,
                    with_nothing_under_way_least_connections_are_turns_by_weight, NULL);
    suite_add_case (suite, "random", random_draws_by_weight,
                    of_two_drawn_that_with_less_under_way_is_taken, NULL);
    suite_add_case (suite, "address", by_address_only_the_share_of_who_comes_or_goes_moves,
                    a_client_s_network_is_one_client, who_has_no_address_goes_round,
                    places_by_address_follow_from_a_key, NULL);
}

int
main (void)
{
    return suite_run ("batteries/upstreams-pick", add_cases);
}
