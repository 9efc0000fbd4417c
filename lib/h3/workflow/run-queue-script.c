/* SPDX-License-Identifier: MIT */

#include "run-queue-script.h"

#include <h3/store/redis-command.h>

#include <stdarg.h>

/* A run's hash has: `doc` what was published last, `owner` who runs it, `begun` once somebody has,
 * `cancel` where somebody wants it ended, `ended` when it has. Who is named by `owner` has the run,
 * whatever the group says: that tells who is silent. */

/* KEYS: the stream. ARGV: the group; milliseconds. Consumers that have nothing and were silent for
 * so long are forgotten. */
static const char begin[] =
    "local r = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')\n"
    "if r.err and not string.find(r.err, 'BUSYGROUP') then return r end\n"
    "for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do\n"
    "  local f = {}\n"
    "  for i = 1, #c, 2 do f[c[i]] = c[i + 1] end\n"
    "  if f.pending == 0 and f.idle > tonumber(ARGV[2]) then\n"
    "    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], f.name)\n"
    "  end\n"
    "end\n"
    "return 1\n";

/* KEYS: the stream, the run. ARGV: id, run, document, ttl, how many there may be. */
static const char add[] = "if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end\n"
                          "if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[5]) then return 0 end\n"
                          "redis.call('XADD', KEYS[1], '*', 'id', ARGV[1], 'run', ARGV[2])\n"
                          "redis.call('HSET', KEYS[2], 'doc', ARGV[3])\n"
                          "redis.call('PEXPIRE', KEYS[2], ARGV[4])\n"
                          "return 1\n";

/* KEYS: the stream, the run. ARGV: who, ttl, group, entry. Answers 0: it has ended; else 1, whether
 * it was begun, whether it is to be cancelled, the document. */
static const char take[] =
    "local h = redis.call('HMGET', KEYS[2], 'ended', 'begun', 'cancel', 'doc')\n"
    "if h[1] then\n"
    "  redis.call('XACK', KEYS[1], ARGV[3], ARGV[4])\n"
    "  redis.call('XDEL', KEYS[1], ARGV[4])\n"
    "  return {0}\n"
    "end\n"
    "redis.call('HSET', KEYS[2], 'owner', ARGV[1], 'begun', '1')\n"
    "redis.call('PEXPIRE', KEYS[2], ARGV[2])\n"
    "return {1, h[2] and 1 or 0, h[3] and 1 or 0, h[4] or ''}\n";

/* KEYS: the stream. ARGV: what runs are called before their ids, who, ttl, group; an entry and an
 * id for each run. Answers the ids of those that another has. A server that was begun anew knows
 * nothing of a run, and is told. */
static const char renew[] =
    "local lost = {}\n"
    "for i = 5, #ARGV, 2 do\n"
    "  local key = ARGV[1] .. ARGV[i + 1]\n"
    "  local owner = redis.call('HGET', key, 'owner')\n"
    "  if owner and owner ~= ARGV[2] then\n"
    "    lost[#lost + 1] = ARGV[i + 1]\n"
    "  else\n"
    "    redis.call('HSET', key, 'owner', ARGV[2], 'begun', '1')\n"
    "    redis.call('PEXPIRE', key, ARGV[3])\n"
    "    redis.call('XCLAIM', KEYS[1], ARGV[4], ARGV[2], 0, ARGV[i], 'JUSTID')\n"
    "  end\n"
    "end\n"
    "return lost\n";

/* KEYS: the run. ARGV: who, ttl, document. */
static const char publish[] =
    "local owner = redis.call('HGET', KEYS[1], 'owner')\n"
    "if owner and owner ~= ARGV[1] then return 0 end\n"
    "redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'begun', '1', 'doc', ARGV[3])\n"
    "redis.call('PEXPIRE', KEYS[1], ARGV[2])\n"
    "return 1\n";

/* KEYS: the stream, the run. ARGV: who, ttl, group, entry, document or nothing. */
static const char end[] = "local owner = redis.call('HGET', KEYS[2], 'owner')\n"
                          "if owner and owner ~= ARGV[1] then return 0 end\n"
                          "redis.call('HSET', KEYS[2], 'ended', '1', 'owner', ARGV[1])\n"
                          "if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'doc', ARGV[5]) end\n"
                          "redis.call('PEXPIRE', KEYS[2], ARGV[2])\n"
                          "redis.call('XACK', KEYS[1], ARGV[3], ARGV[4])\n"
                          "redis.call('XDEL', KEYS[1], ARGV[4])\n"
                          "return 1\n";

/* KEYS: the stream, the run. ARGV: who, group, entry, milliseconds, whether it was begun, document
 * or nothing. */
static const char release[] =
    "if redis.call('HGET', KEYS[2], 'owner') ~= ARGV[1] then return 0 end\n"
    "redis.call('HDEL', KEYS[2], 'owner')\n"
    "if ARGV[5] == '' then redis.call('HDEL', KEYS[2], 'begun') end\n"
    "if ARGV[6] ~= '' then redis.call('HSET', KEYS[2], 'doc', ARGV[6]) end\n"
    "redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[1], 0, ARGV[3], 'IDLE', ARGV[4], 'JUSTID')\n"
    "return 1\n";

/* KEYS: the run. ARGV: id, what processes' streams are called before their names, ttl of those.
 * Answers 0: there is none, 1: so it will be, 2: it has ended. */
static const char cancel[] =
    "if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end\n"
    "local h = redis.call('HMGET', KEYS[1], 'ended', 'owner')\n"
    "if h[1] then return 2 end\n"
    "redis.call('HSET', KEYS[1], 'cancel', '1')\n"
    "if h[2] then\n"
    "  local to = ARGV[2] .. h[2]\n"
    "  redis.call('XADD', to, 'MAXLEN', '~', '1000', '*', 'cancel', ARGV[1])\n"
    "  redis.call('PEXPIRE', to, ARGV[3])\n"
    "end\n"
    "return 1\n";

/* KEYS: the stream, the process's own. ARGV: who, group. One that still has runs stays known: else
 * they would be nobody's, and never claimed. */
static const char leave[] =
    "redis.call('DEL', KEYS[2])\n"
    "if #redis.call('XPENDING', KEYS[1], ARGV[2], '-', '+', '1', ARGV[1]) == 0 then\n"
    "  redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[2], ARGV[1])\n"
    "end\n"
    "return 1\n";

static const char *const texts[N_RUN_SCRIPTS] = {
    [RUN_SCRIPT_BEGIN] = begin,     [RUN_SCRIPT_ADD] = add,         [RUN_SCRIPT_TAKE] = take,
    [RUN_SCRIPT_RENEW] = renew,     [RUN_SCRIPT_PUBLISH] = publish, [RUN_SCRIPT_END] = end,
    [RUN_SCRIPT_RELEASE] = release, [RUN_SCRIPT_CANCEL] = cancel,   [RUN_SCRIPT_LEAVE] = leave,
};

const char *
run_script_get_text (RunScript script)
{
    return texts[script];
}

static GString *
write_words (const GArray *words)
{
    GString *out = g_string_new (NULL);

    redis_write_words (out, words->len, (const H3View *) (void *) words->data);
    return out;
}

static void
add_word (GArray *words, const char *word)
{
    H3View view = h3_view_of (word);

    g_array_append_val (words, view);
}

static void
add_rest (GArray *words, va_list rest)
{
    const char *word;

    while ((word = va_arg (rest, const char *)) != NULL)
        add_word (words, word);
}

GString *
run_words_new (const char *first, ...)
{
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (H3View));
    va_list rest;

    add_word (words, first);
    va_start (rest, first);
    add_rest (words, rest);
    va_end (rest);
    return write_words (words);
}

GString *
run_words_new_script (RunScript script, guint n_keys, ...)
{
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (H3View));
    g_autofree char *n = g_strdup_printf ("%u", n_keys);
    va_list rest;

    add_word (words, "EVAL");
    add_word (words, texts[script]);
    add_word (words, n);
    va_start (rest, n_keys);
    add_rest (words, rest);
    va_end (rest);
    return write_words (words);
}

GString *
run_words_new_script_of (RunScript script, guint n_keys, guint n, const char *const *given)
{
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (H3View));
    g_autofree char *number = g_strdup_printf ("%u", n_keys);

    add_word (words, "EVAL");
    add_word (words, texts[script]);
    add_word (words, number);
    for (guint i = 0; i < n; i++)
        add_word (words, given[i]);
    return write_words (words);
}
