/* SPDX-License-Identifier: MIT
 *
 * Orders from the environment, for a program that knows nothing of them: H3_FAULT, as of
 * fault_arm_text (); H3_FAULT_PROGRAM, where set, is the name of the only program meant. */

#define _GNU_SOURCE /* program_invocation_short_name */

#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_meant (const char *program)
{
    const char *own = program_invocation_short_name;

    if (program == NULL)
        return true;
    /* What libtool runs from a build is named so. */
    if (strncmp (own, "lt-", 3) == 0)
        own += 3;
    return strcmp (own, program) == 0;
}

__attribute__ ((constructor)) static void
take_order (void)
{
    const char *text = getenv ("H3_FAULT");

    if (text == NULL || !is_meant (getenv ("H3_FAULT_PROGRAM")))
        return;
    fault_set_verbose ();
    if (fault_arm_text (text))
        return;
    fprintf (stderr, "fault: H3_FAULT is as recv:3:ECONNRESET or recv:3+:SHORT, not %s\n", text);
    exit (EXIT_FAILURE);
}
