/* SPDX-License-Identifier: MIT
 *
 * The program that the suite asks: it answers with all that it sees of a request,
 *
 *     POST /params/x/y?query (a=x)(b=y) [Name: value] [Name: value] <body>{Trailer: value}
 *
 * so that nothing of another request can hide, and in the ways that answers differ. Its functions
 * run on workers. */

#pragma once

#include "h3/app/app.h"

/* Registers all of it. */
void conformance_program_add (H3App *app);
