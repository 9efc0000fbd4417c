/* SPDX-License-Identifier: MIT
 *
 * Passwords, kept as what scrypt (RFC 7914) makes of them: a text with all that is needed to verify
 * one, "$scrypt$ln=15,r=8,p=3$salt$hash", as other libraries write it too (the PHC string format).
 * Holds nothing; any thread. To hash and to verify take tenths of a second and tens of megabytes on
 * purpose: not on a worker, see h3_event_offload (). Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3PasswordCost:
 * @log_n: N, the rounds, as the power of two that they are: 15 for 2¹⁵
 * @block_size: r; it takes 128 × N × r bytes of memory
 * @parallel: p, how often all of it is done
 *
 * What a hash costs, and so what each guess costs.
 *
 * Since: 0.1
 */
typedef struct {
    guint log_n;
    guint block_size;
    guint parallel;
} H3PasswordCost;

/**
 * H3_PASSWORD_DEFAULT_COST:
 *
 * What a hash costs where nobody says otherwise: 2¹⁵ rounds of blocks of 8, 3 times, which takes
 * 32 MiB.
 *
 * Since: 0.1
 */
#define H3_PASSWORD_DEFAULT_COST                                                                   \
    {                                                                                              \
        15, 8, 3                                                                                   \
    }

/**
 * H3_PASSWORD_MIN_LOG_N:
 *
 * The least that a new hash costs is 2 to that power.
 *
 * Since: 0.1
 */
#define H3_PASSWORD_MIN_LOG_N 10

/**
 * H3_PASSWORD_MAX_MEMORY:
 *
 * The most memory that a hash may take, in bytes.
 *
 * What costs more is neither made nor verified, so that nobody who can write a hash can have the
 * machine's memory.
 *
 * Since: 0.1
 */
#define H3_PASSWORD_MAX_MEMORY (256 * 1024 * 1024)

/**
 * H3_PASSWORD_MAX_WORK:
 *
 * The most work that a hash may take: N × r × p. What costs more is neither made nor verified.
 *
 * Since: 0.1
 */
#define H3_PASSWORD_MAX_WORK (1u << 23)

/**
 * H3_PASSWORD_MAX_LENGTH:
 *
 * The longest password, in bytes.
 *
 * Since: 0.1
 */
#define H3_PASSWORD_MAX_LENGTH 1024

/**
 * h3_password_hash:
 * @password: bytes up to a NUL; two ways to write one character are two passwords
 * @cost: (nullable): what it is to cost; %NULL: %H3_PASSWORD_DEFAULT_COST
 * @error: %H3_ERROR_INVALID where the password is empty or too long or the cost cannot be,
 *   %H3_ERROR_FAILED without random bytes
 *
 * Makes what is kept of a password: `$scrypt$ln=15,r=8,p=3$salt$hash`. Any thread; it takes long:
 * not on a worker, see h3_event_offload().
 *
 * With a salt of its own, so two hashes of one password differ.
 *
 * Returns: (transfer full) (nullable): the hash; %NULL with @error set
 *
 * Since: 0.1
 */
char *h3_password_hash (const char *password, const H3PasswordCost *cost, GError **error);

/**
 * h3_password_verify:
 * @password: what somebody says it is
 * @hash: (nullable): what h3_password_hash() gave; %NULL where there is nobody of that name:
 *   %FALSE comes after as long a time, which does not tell so
 *
 * Tells whether a password is the one that was hashed. Any thread; it takes long: not on a worker,
 * see h3_event_offload().
 *
 * Returns: %TRUE when it is; %FALSE also where @hash is none or costs too much
 *
 * Since: 0.1
 */
gboolean h3_password_verify (const char *password, const char *hash);

/**
 * h3_password_is_hash:
 * @hash: a text
 *
 * Tells whether a text is a hash that can be verified, so that a file of them is checked when it
 * is read. Any thread.
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean h3_password_is_hash (const char *hash);

/**
 * h3_password_needs_rehash:
 * @hash: what was verified
 * @cost: (nullable): what hashes cost now; %NULL: %H3_PASSWORD_DEFAULT_COST
 *
 * Tells whether a hash should be made anew. Any thread.
 *
 * To be asked while the password is at hand.
 *
 * Returns: %TRUE where it costs something else, or is none
 *
 * Since: 0.1
 */
gboolean h3_password_needs_rehash (const char *hash, const H3PasswordCost *cost);

G_END_DECLS
