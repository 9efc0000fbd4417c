/* SPDX-License-Identifier: MIT */

#include "h3/batteries/auth-memory.h"
#include "h3/batteries/auth-nonce.h"
#include "h3/loop/clock.h"
#include "tests/support/suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static AuthNonces *
new_nonces (guint max_used)
{
    AuthNonces *nonces = auth_nonces_new (NULL, 60 * 1000, max_used, NULL);

    clock_take_control ();
    ck_assert_ptr_nonnull (nonces);
    return nonces;
}

START_TEST (a_nonce_is_fresh_once_for_each_count)
{
    g_autoptr (AuthNonces) nonces = new_nonces (10);
    g_autofree char *nonce = auth_nonces_make (nonces, NULL);

    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 1), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 1), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 3), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 2), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 3), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 2), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 0), NONCE_STALE);
}
END_TEST

/* Requests overtake one another, but not by far. */
START_TEST (counts_may_come_in_any_order_within_a_window)
{
    g_autoptr (AuthNonces) nonces = new_nonces (10);
    g_autofree char *nonce = auth_nonces_make (nonces, NULL);

    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 100), NONCE_FRESH);
    for (guint32 count = 99; count > 36; count--)
        ck_assert_int_eq (auth_nonces_use (nonces, nonce, count), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 36), NONCE_STALE);
    for (guint32 count = 1; count <= 100; count++)
        ck_assert_int_eq (auth_nonces_use (nonces, nonce, count), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, G_MAXUINT32), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, G_MAXUINT32), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, G_MAXUINT32 - 63), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, G_MAXUINT32 - 64), NONCE_STALE);
}
END_TEST

START_TEST (a_nonce_ends)
{
    g_autoptr (AuthNonces) nonces = new_nonces (10);
    g_autofree char *nonce = auth_nonces_make (nonces, NULL);

    clock_drive (59 * 1000);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 1), NONCE_FRESH);
    clock_drive (2 * 1000);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 2), NONCE_STALE);
    clock_drive (1000 * 1000);
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 3), NONCE_STALE);
}
END_TEST

START_TEST (what_was_not_made_here_is_alien)
{
    g_autoptr (AuthNonces) nonces = new_nonces (10);
    g_autoptr (AuthNonces) others = new_nonces (10);
    g_autofree char *alien = auth_nonces_make (others, NULL);
    g_autofree char *nonce = auth_nonces_make (nonces, NULL);
    g_autofree char *longer = g_strconcat (nonce, "AA", NULL);

    ck_assert_int_eq (auth_nonces_use (nonces, alien, 1), NONCE_ALIEN);
    ck_assert_int_eq (auth_nonces_use (nonces, longer, 1), NONCE_ALIEN);
    ck_assert_int_eq (auth_nonces_use (nonces, "", 1), NONCE_ALIEN);
    ck_assert_int_eq (auth_nonces_use (nonces, "abc", 1), NONCE_ALIEN);
    for (gsize i = 0; i < strlen (nonce); i++) {
        char kept = nonce[i];

        nonce[i] = kept == 'A' ? 'E' : 'A';
        ck_assert_int_eq (auth_nonces_use (nonces, nonce, 1), NONCE_ALIEN);
        nonce[i] = kept;
    }
    ck_assert_int_eq (auth_nonces_use (nonces, nonce, 1), NONCE_FRESH);
}
END_TEST

START_TEST (servers_of_one_secret_take_one_anothers_nonces)
{
    g_autoptr (GBytes) secret = g_bytes_new ("0123456789abcdef0123456789abcdef", 32);
    g_autoptr (AuthNonces) here = auth_nonces_new (secret, 60 * 1000, 10, NULL);
    g_autoptr (AuthNonces) there = auth_nonces_new (secret, 60 * 1000, 10, NULL);
    g_autofree char *nonce = auth_nonces_make (here, NULL);
    g_autofree char *other = auth_nonces_make (here, NULL);

    ck_assert_int_eq (auth_nonces_use (there, nonce, 1), NONCE_FRESH);
    ck_assert_str_eq (auth_nonces_get_opaque (here), auth_nonces_get_opaque (there));
    ck_assert_str_ne (nonce, other);
}
END_TEST

/* The memory is full: the nonce that had to go must not be good once more, nor may one that is as
 * old and of which nobody knows. */
START_TEST (a_nonce_that_was_forgotten_is_stale)
{
    g_autoptr (AuthNonces) nonces = new_nonces (2);
    g_autofree char *first = auth_nonces_make (nonces, NULL);
    g_autofree char *unused = auth_nonces_make (nonces, NULL);
    g_autofree char *second = NULL;
    g_autofree char *third = NULL;

    clock_drive (2000);
    second = auth_nonces_make (nonces, NULL);
    third = auth_nonces_make (nonces, NULL);
    ck_assert_int_eq (auth_nonces_use (nonces, first, 1), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, second, 1), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, third, 1), NONCE_FRESH);
    ck_assert_int_eq (auth_nonces_use (nonces, first, 1), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, first, 2), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, unused, 1), NONCE_STALE);
    ck_assert_int_eq (auth_nonces_use (nonces, second, 2), NONCE_FRESH);
}
END_TEST

typedef struct {
    AuthNonces *nonces;
    const char *nonce;
    atomic_uint n_fresh;
} Shared;

static void *
use_all (void *data)
{
    Shared *shared = data;

    for (guint32 count = 1; count <= 60; count++)
        if (auth_nonces_use (shared->nonces, shared->nonce, count) == NONCE_FRESH)
            atomic_fetch_add (&shared->n_fresh, 1);
    return NULL;
}

START_TEST (threads_use_each_count_once)
{
    g_autoptr (AuthNonces) nonces = new_nonces (10);
    g_autofree char *nonce = auth_nonces_make (nonces, NULL);
    Shared shared = { nonces, nonce, 0 };
    pthread_t threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, use_all, &shared), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
    ck_assert_uint_eq (atomic_load (&shared.n_fresh), 60);
}
END_TEST

static AuthMemoryKey
key_of (AuthMemory *memory, const char *scheme, const char *credentials)
{
    AuthMemoryKey key;

    ck_assert (auth_memory_make_key (memory, scheme, h3_view_of (credentials), &key));
    return key;
}

static void
assert_recalls (AuthMemory *memory, const AuthMemoryKey *key, guint64 generation, const char *name)
{
    g_autoptr (H3Principal) principal = auth_memory_get (memory, key, generation);

    ck_assert_str_eq (principal != NULL ? h3_principal_get_name (principal) : "nobody", name);
}

START_TEST (what_is_remembered_ends)
{
    g_autoptr (AuthMemory) memory = auth_memory_new (2, 1000);
    g_autoptr (H3Principal) anna = h3_principal_new ("basic", "anna", NULL);
    AuthMemoryKey one = key_of (memory, "Basic", "one");
    AuthMemoryKey two = key_of (memory, "Basic", "two");
    AuthMemoryKey three = key_of (memory, "Bearer", "one");

    clock_take_control ();
    assert_recalls (memory, &one, 0, "nobody");
    auth_memory_put (memory, &one, 0, anna);
    assert_recalls (memory, &one, 0, "anna");
    assert_recalls (memory, &one, 1, "nobody");
    assert_recalls (memory, &two, 0, "nobody");
    assert_recalls (memory, &three, 0, "nobody");
    auth_memory_put (memory, &two, 0, anna);
    auth_memory_put (memory, &three, 0, anna);
    assert_recalls (memory, &one, 0, "nobody");
    clock_drive (999);
    assert_recalls (memory, &two, 0, "anna");
    clock_drive (1);
    assert_recalls (memory, &two, 0, "nobody");
}
END_TEST

/* Who finds a key in one memory cannot use it in another, nor tell whose it is. */
START_TEST (keys_are_those_of_one_memory)
{
    g_autoptr (AuthMemory) memory = auth_memory_new (2, 1000);
    g_autoptr (AuthMemory) other = auth_memory_new (2, 1000);
    AuthMemoryKey here = key_of (memory, "Basic", "one");
    AuthMemoryKey again = key_of (memory, "Basic", "one");
    AuthMemoryKey there = key_of (other, "Basic", "one");

    ck_assert_int_eq (memcmp (&here, &again, sizeof here), 0);
    ck_assert_int_ne (memcmp (&here, &there, sizeof here), 0);
}
END_TEST

static void *
remember_and_recall (void *data)
{
    AuthMemory *memory = data;

    for (guint i = 0; i < 300; i++) {
        g_autofree char *name = g_strdup_printf ("user %u", i % 7);
        g_autoptr (H3Principal) principal = h3_principal_new ("basic", name, NULL);
        AuthMemoryKey key = key_of (memory, "Basic", name);
        g_autoptr (H3Principal) found = auth_memory_get (memory, &key, 0);

        ck_assert (found == NULL || g_str_equal (h3_principal_get_name (found), name));
        auth_memory_put (memory, &key, 0, principal);
    }
    return NULL;
}

START_TEST (threads_share_a_memory)
{
    g_autoptr (AuthMemory) memory = auth_memory_new (4, 60000);
    pthread_t threads[4];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, remember_and_recall, memory), 0);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "nonces", a_nonce_is_fresh_once_for_each_count,
                    counts_may_come_in_any_order_within_a_window, a_nonce_ends,
                    what_was_not_made_here_is_alien, servers_of_one_secret_take_one_anothers_nonces,
                    a_nonce_that_was_forgotten_is_stale, threads_use_each_count_once, NULL);
    suite_add_case (suite, "memory", what_is_remembered_ends, keys_are_those_of_one_memory,
                    threads_share_a_memory, NULL);
}

int
main (void)
{
    return suite_run ("batteries/auth-nonce", add_tests);
}
