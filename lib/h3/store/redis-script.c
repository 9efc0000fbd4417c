/* SPDX-License-Identifier: MIT */

#include "redis-script.h"

#include <pthread.h>

/* Each reads first with pcall, so that a key of another kind is told in the server's own words, of
 * whatever version. Numbers stay below 2 to the 53rd, where Lua's are exact. Answers begin with 1:
 * done, 0: not done, 2: there is no such key. */

/* ARGV: "1" where something is expected, what; "1" where a value is given, which, its ttl. */
static const char compare[] =
    "local v = redis.pcall('GET', KEYS[1])\n"
    "if type(v) == 'table' then return v end\n"
    "if not v and ARGV[1] == '1' then return {2} end\n"
    "if v and (ARGV[1] ~= '1' or v ~= ARGV[2]) then\n"
    "  return {0, v, redis.call('PTTL', KEYS[1])}\n"
    "end\n"
    "if ARGV[3] == '1' then redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])\n"
    "else redis.call('DEL', KEYS[1]) end\n"
    "return {1}\n";

/* ARGV: amount, bound, ttl. Answers: the number, its time. */
static const char add[] = "local n = redis.pcall('HGET', KEYS[1], 'n')\n"
                          "if type(n) == 'table' then return n end\n"
                          "if not n and redis.call('EXISTS', KEYS[1]) == 1 then\n"
                          "  return redis.error_reply('WRONGTYPE it is no counter')\n"
                          "end\n"
                          "local amount = tonumber(ARGV[1])\n"
                          "local before = tonumber(n or '0')\n"
                          "local sum = math.max(before + amount, 0)\n"
                          "if amount > 0 and sum > tonumber(ARGV[2]) then\n"
                          "  return {0, before, redis.call('PTTL', KEYS[1])}\n"
                          "end\n"
                          "if n or sum > 0 then\n"
                          "  redis.call('HSET', KEYS[1], 'n', string.format('%.0f', sum))\n"
                          "  if not n then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end\n"
                          "end\n"
                          "return {1, sum, redis.call('PTTL', KEYS[1])}\n";

/* As bucket.c does it, by the server's clock. ARGV: amount, capacity, period. Answers: the level in
 * thousandths, milliseconds. */
static const char fill[] =
    "local b = redis.pcall('HMGET', KEYS[1], 'l', 'p', 's')\n"
    "if b.err then return b end\n"
    "if not b[1] and redis.call('EXISTS', KEYS[1]) == 1 then\n"
    "  return redis.error_reply('WRONGTYPE it is no bucket')\n"
    "end\n"
    "local amount, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])\n"
    "local period = tonumber(ARGV[3])\n"
    "local time = redis.call('TIME')\n"
    "local now = time[1] * 1000 + math.floor(time[2] / 1000)\n"
    "local level = 0\n"
    "if b[1] then\n"
    "  level = tonumber(b[1])\n"
    "  if tonumber(b[2]) ~= period then level = math.floor(level / b[2] * period) end\n"
    "  level = math.max(level - math.max(now - b[3], 0) * capacity, 0)\n"
    "end\n"
    "local room = (capacity - amount) * period\n"
    "local done, wait = 1, 0\n"
    "if amount > capacity then done, wait = 0, -1\n"
    "elseif amount > 0 and level > room then\n"
    "  done, wait = 0, math.ceil((level - room) / capacity)\n"
    "else level = math.max(level + amount * period, 0) end\n"
    "local rest = math.ceil(level / capacity)\n"
    "if rest > 0 then\n"
    "  redis.call('HSET', KEYS[1], 'l', string.format('%.0f', level), 'p', ARGV[3],\n"
    "    's', string.format('%.0f', now))\n"
    "  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', rest))\n"
    "elseif b[1] then redis.call('DEL', KEYS[1]) end\n"
    "if done == 1 then wait = rest end\n"
    "return {done, math.floor(level * 1000 / period), wait}\n";

static const H3View texts[N_REDIS_SCRIPTS] = {
    [REDIS_COMPARE] = { compare, sizeof compare - 1 },
    [REDIS_ADD] = { add, sizeof add - 1 },
    [REDIS_FILL] = { fill, sizeof fill - 1 },
};

/* Made once, and only read afterwards. */
static char names[N_REDIS_SCRIPTS][REDIS_SCRIPT_NAME_LENGTH];
static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static void
make_names (void)
{
    for (guint i = REDIS_NO_SCRIPT + 1; i < N_REDIS_SCRIPTS; i++) {
        g_autofree char *name = g_compute_checksum_for_data (
            G_CHECKSUM_SHA1, (const guchar *) texts[i].data, texts[i].length);

        memcpy (names[i], name, REDIS_SCRIPT_NAME_LENGTH);
    }
}

H3View
redis_script_get_text (RedisScript script)
{
    return texts[script];
}

H3View
redis_script_get_name (RedisScript script)
{
    pthread_once (&names_once, make_names);
    return h3_view (names[script], REDIS_SCRIPT_NAME_LENGTH);
}
