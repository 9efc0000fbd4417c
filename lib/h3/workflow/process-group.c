/* SPDX-License-Identifier: MIT */

#include "process-group.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STAT_SIZE       1024
#define ENVIRONMENT_MAX (4 * 1024 * 1024)

typedef struct {
    gint64 group;
    guint64 start;
} Facts;

/* As proc(5) has it: behind the name, which may have anything in it, the state is field 3. */
static gboolean
parse_stat (const char *text, Facts *out)
{
    const char *at = strrchr (text, ')');

    if (at == NULL || sscanf (at, ") %*c %*d %" G_GINT64_FORMAT, &out->group) != 1)
        return FALSE;
    /* From behind the name to field 22. */
    for (guint i = 0; i < 20 && at != NULL; i++)
        at = strchr (at + 1, ' ');
    return at != NULL && sscanf (at, " %" G_GUINT64_FORMAT, &out->start) == 1;
}

static gboolean
read_facts (const char *process, Facts *out)
{
    char path[64], text[STAT_SIZE];
    gssize n;
    int fd;

    g_snprintf (path, sizeof path, "/proc/%s/stat", process);
    fd = open (path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FALSE;
    while ((n = read (fd, text, sizeof text - 1)) < 0 && errno == EINTR)
        ;
    (void) close (fd);
    if (n <= 0)
        return FALSE;
    text[n] = '\0';
    return parse_stat (text, out);
}

guint64
process_group_get_start (gint64 process)
{
    char name[32];
    Facts facts;

    g_snprintf (name, sizeof name, "%" G_GINT64_FORMAT, process);
    return read_facts (name, &facts) ? facts.start : 0;
}

/* Of a process of ours; what others run we cannot read, nor end. */
static gboolean
has_variable (const char *process, const char *wanted)
{
    g_autofree char *path = g_strdup_printf ("/proc/%s/environ", process);
    g_autofree char *text = NULL;
    gsize length, n = strlen (wanted) + 1;

    if (!g_file_get_contents (path, &text, &length, NULL) || length > ENVIRONMENT_MAX)
        return FALSE;
    for (const char *at = text; at < text + length; at += strlen (at) + 1) {
        if ((gsize) (text + length - at) + 1 >= n && memcmp (at, wanted, n) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_left (gint64 group, guint64 start, const char *run_id)
{
    g_autofree char *wanted = g_strconcat (PROCESS_GROUP_VARIABLE "=", run_id, NULL);
    g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
    const char *name;
    Facts facts;

    while (processes != NULL && (name = g_dir_read_name (processes)) != NULL) {
        if (!g_ascii_isdigit (name[0]) || !read_facts (name, &facts) || facts.group != group)
            continue;
        if (g_ascii_strtoll (name, NULL, 10) == group && facts.start == start && start != 0)
            return TRUE;
        if (has_variable (name, wanted))
            return TRUE;
    }
    return FALSE;
}

gboolean
process_group_end_left (gint64 group, guint64 start, const char *run_id)
{
    return group > 1 && is_left (group, start, run_id) && kill ((pid_t) -group, SIGKILL) == 0;
}
