/* SPDX-License-Identifier: MIT */

#include "run.h"

#include <h3/h3.h>

#include <stdlib.h>
#include <string.h>

int
run_run (int argc, char **argv)
{
    g_set_prgname ("h3d run");
    if (argc == 2 && strcmp (argv[1], "--help") == 0) {
        g_print ("Usage:\n  h3d run FILE\n\nServes as the key file FILE says. h3d check FILE says "
                 "what is wrong with it,\nh3d check --keys what can stand in it. SIGHUP reads it "
                 "anew, SIGTERM ends it.\n");
        return EXIT_SUCCESS;
    }
    if (argc == 2 && argv[1][0] != '-')
        return h3_config_run (argv[1]);
    g_printerr ("h3d run: %s: h3d run FILE\n", argc < 2   ? "the file to follow is missing"
                                               : argc > 2 ? "one file is followed"
                                                          : "there are no options but --help");
    return EXIT_FAILURE;
}
