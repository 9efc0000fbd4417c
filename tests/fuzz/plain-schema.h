/* SPDX-License-Identifier: MIT
 *
 * JSON Schema read plainly, in the few keywords where that is short. */

#pragma once

#include <jansson.h>

/* 1: it is as it must be; 0: it is not; -1: the schema has more than is read here. */
int plain_schema_judge (const json_t *schema, const json_t *document);
