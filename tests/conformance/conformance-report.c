/* SPDX-License-Identifier: MIT */

#include "conformance-report.h"

#include "conformance-exchanges.h"
#include "wire-limits.h"

#include <sys/mman.h>

#define MAX_CASES     1024
#define MAX_EXCHANGES 128

typedef struct {
    guint8 cases[MAX_CASES][N_WAYS];
    guint8 limits[N_WIRE_LIMITS * 3][N_WAYS];
    guint8 exchanges[MAX_EXCHANGES];
} Marks;

static Marks *marks; /* owned: shared with the processes of the tests */

void
conformance_report_init (void)
{
    void *shared =
        mmap (NULL, sizeof *marks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    g_assert (shared != MAP_FAILED);
    marks = shared;
}

/* What was once broken stays so. */
static void
set_mark (guint8 *mark, gboolean holds)
{
    if (!holds)
        *mark = MARK_BROKEN;
    else if (*mark == MARK_NONE)
        *mark = MARK_HELD;
}

void
conformance_report_mark_case (guint row, Way way, gboolean holds)
{
    g_assert (row < MAX_CASES);
    set_mark (&marks->cases[row][way], holds);
}

void
conformance_report_mark_limit (guint row, Way way, gboolean holds)
{
    set_mark (&marks->limits[row][way], holds);
}

/* One that fails does not come back. */
void
conformance_report_begin_exchange (guint row)
{
    g_assert (row < MAX_EXCHANGES);
    marks->exchanges[row] = MARK_BROKEN;
}

void
conformance_report_end_exchange (guint row)
{
    marks->exchanges[row] = MARK_HELD;
}

static void
count_row (const WireCase *wire_case, gpointer user_data)
{
    ++*(guint *) user_data;
}

gboolean
conformance_report_is_whole (void)
{
    guint n = 0;

    wire_cases_foreach (count_row, &n);
    for (guint i = 0; i < n * N_WAYS; i++) {
        if (marks->cases[i / N_WAYS][i % N_WAYS] == MARK_NONE)
            return FALSE;
    }
    for (guint i = 0; i < N_WIRE_LIMITS * 3 * N_WAYS; i++) {
        if (marks->limits[i / N_WAYS][i % N_WAYS] == MARK_NONE)
            return FALSE;
    }
    for (guint i = 0; i < conformance_exchanges_count (); i++) {
        if (marks->exchanges[i] == MARK_NONE)
            return FALSE;
    }
    return TRUE;
}

static const char *
show_mark (guint8 mark)
{
    return mark == MARK_HELD ? "yes" : mark == MARK_BROKEN ? "**NO**" : "";
}

/* What a name may hold that would end a cell or be taken for a mark. */
static void
append_cell (GString *page, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr ("|\\`*_<>#~", *text) != NULL)
            g_string_append_c (page, '\\');
        g_string_append_c (page, *text);
    }
}

typedef struct {
    GString *page;       /* borrowed */
    const char *section; /* borrowed: the one to be written */
    guint row, n_cuts;
} Writing;

static void
append_expected (GString *page, const WireCase *row)
{
    if (row->status == 0)
        g_string_append (page, "taken");
    else
        g_string_append_printf (page, "%u", row->status);
    if (row->other != 0)
        g_string_append_printf (page, " or %u", row->other);
    if (row->ends)
        g_string_append (page, ", close");
}

static void
append_case (Writing *writing, const WireGroup *group, const WireCase *row)
{
    const guint8 *ways = marks->cases[writing->row];
    GString *page = writing->page;
    const char *reference = row->reference != NULL ? row->reference : group->reference;
    guint n_cuts = (guint) row->bytes.length - 1;

    g_string_append_printf (page, "| %s | ", group->part);
    append_cell (page, row->name);
    g_string_append_printf (page, " | %s | ", reference);
    append_expected (page, row);
    g_string_append_printf (page, " | %s | ", show_mark (ways[WAY_WHOLE]));
    if (ways[WAY_SPLIT] == MARK_HELD)
        g_string_append_printf (page, "%u", n_cuts);
    else
        g_string_append (page, show_mark (ways[WAY_SPLIT]));
    g_string_append_printf (page, " | %s | %s |\n", show_mark (ways[WAY_BYTES]),
                            show_mark (ways[WAY_BEHIND]));
    writing->n_cuts += n_cuts;
}

static void
append_group (const WireGroup *group, gpointer user_data)
{
    Writing *writing = user_data;

    for (guint i = 0; i < group->n; i++, writing->row++) {
        if (strcmp (group->section, writing->section) == 0)
            append_case (writing, group, &group->rows[i]);
    }
}

static void
append_exchanges (GString *page, const char *section)
{
    gboolean has_head = FALSE;

    for (guint i = 0; i < conformance_exchanges_count (); i++) {
        const Exchange *exchange = conformance_exchanges_get (i);

        if (strcmp (exchange->section, section) != 0)
            continue;
        if (!has_head)
            g_string_append (page, "\n| part | exchange | reference | expected | holds |\n"
                                   "| --- | --- | --- | --- | --- |\n");
        has_head = TRUE;
        g_string_append_printf (page, "| %s | %s | %s | %s | %s |\n", exchange->part,
                                exchange->name, exchange->reference, exchange->expected,
                                show_mark (marks->exchanges[i]));
    }
}

static guint
append_section (GString *page, const char *section, guint *out_n_cuts)
{
    Writing writing = { .page = page, .section = section };

    g_string_append_printf (page,
                            "\n## %s\n\n"
                            "| part | case | reference | expected | whole | split | one byte at a "
                            "time | behind a good request |\n"
                            "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
                            section);
    wire_groups_foreach (append_group, &writing);
    append_exchanges (page, section);
    *out_n_cuts += writing.n_cuts;
    return writing.row;
}

/* At one of the three sizes: whether all ways held. */
static guint8
get_limit_mark (guint row)
{
    for (guint way = 0; way < N_WAYS; way++) {
        if (marks->limits[row][way] != MARK_HELD)
            return marks->limits[row][way];
    }
    return MARK_HELD;
}

static void
append_limits (GString *page)
{
    H3Limits limits;

    h3_limits_init (&limits);
    g_string_append (page, "\n## How much it takes\n\n"
                           "| what | option | limit | beyond it | limit − 1 | limit | limit + 1 |\n"
                           "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (guint i = 0; i < N_WIRE_LIMITS; i++) {
        const WireLimitRow *row = &wire_limit_rows[i];

        g_string_append_printf (page, "| %s | ", row->name);
        if (row->option != NULL)
            g_string_append_printf (page, "`%s`", row->option);
        g_string_append_printf (
            page, " | %" G_GSIZE_FORMAT " | %s | %s | %s | %s |\n", wire_limit_get (i, &limits),
            row->beyond, show_mark (get_limit_mark (3 * i)), show_mark (get_limit_mark (3 * i + 1)),
            show_mark (get_limit_mark (3 * i + 2)));
    }
    append_exchanges (page, "How much it takes");
}

static void
append_lessons (GString *page)
{
    g_string_append (page, "\n## Lessons\n\n"
                           "What went wrong in other servers and clients, and what proves that it "
                           "does not here.\n\n"
                           "| what | proved by |\n| --- | --- |\n");
    for (guint i = 0; i < n_conformance_lessons; i++)
        g_string_append_printf (page, "| %s | %s |\n", conformance_lessons[i].what,
                                conformance_lessons[i].tests);
}

static const char introduction[] =
    "# Conformance to HTTP/1.1\n\n"
    "Written by `make conformance`; `make check` fails where it is not what the suite finds.\n\n"
    "What the wire refuses, what it takes, and how it answers, each with the rule it follows. A "
    "case is\none request. It is sent *whole* over a socket to a server with two workers; *split* "
    "in two at every\nbyte (the number of splits), the second part sent when the first has been "
    "read, to a connection in\nmemory; *one byte at a time*, both ways; and in one piece *behind a "
    "good request*, and before\nanother where the connection goes on: those are answered in their "
    "order, and their handlers see\nnothing of each other. `close` says that the connection ends "
    "behind the answer, which says so, and\nthat nothing behind the request is read. What is "
    "*taken* is seen by its handler to the byte.\n\n"
    "Every answer is held to this as well: Date; one length, or none where there is no body; no "
    "transfer\ncoding and no interim answer to HTTP/1.0; `Connection: close` before the end, and "
    "only there; Allow\nwith every 405.\n\n"
    "A limit is tried so as well: whole, behind and before good requests, in pieces of one byte (a "
    "body of\nmore than 64 KiB in pieces of 1,000), and split in up to 33 places. What shows only "
    "between several\nmessages, or in time, is an *exchange*; times pass on a clock that the test "
    "drives.\n\n"
    "*Desync 2019* is James Kettle's *HTTP Desync Attacks*, *Funky chunks 2025* Jeppe Bonde "
    "Weikop's\narticle of that name. A CVE names a server or library that once read the message "
    "otherwise.\n";

char *
conformance_report_write (void)
{
    static const char *const sections[] = { "Refused", "And answered", "Accepted" };
    GString *page = g_string_new (introduction);
    GString *tables = g_string_new (NULL);
    guint n_cases = 0, n_cuts = 0;

    for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
        n_cases = append_section (tables, sections[i], &n_cuts);
    append_limits (tables);
    append_lessons (tables);
    g_string_append_printf (page,
                            "\n%u cases, split in %u places; %u limits; %u exchanges; %u "
                            "lessons.\n",
                            n_cases, n_cuts, (guint) N_WIRE_LIMITS, conformance_exchanges_count (),
                            n_conformance_lessons);
    g_string_append_len (page, tables->str, (gssize) tables->len);
    g_string_free (tables, TRUE);
    return g_string_free (page, FALSE);
}
