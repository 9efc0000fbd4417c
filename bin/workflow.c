/* SPDX-License-Identifier: MIT */

#include "workflow.h"

#include "command.h"

static const CommandInfo commands[] = {
    { "check", "says what is wrong with plans, with line and column", workflow_check },
    { "run", "runs a plan here and now, and tells what its steps do", workflow_run_file },
};

int
workflow_run (int argc, char **argv)
{
    return command_run ("h3d workflow", "[OPTION...] FILE", commands, G_N_ELEMENTS (commands), argc,
                        argv);
}
