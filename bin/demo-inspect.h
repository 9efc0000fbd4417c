/* SPDX-License-Identifier: MIT
 *
 * The request as an answer, for routes that answer with it under conditions of their own. */

#pragma once

#include <h3/h3.h>

typedef struct json_t json_t;

typedef enum {
    DEMO_SHOW_HEAD = 0,
    DEMO_SHOW_BODY = 1 << 0,
    DEMO_SHOW_METHOD = 1 << 1,
} DemoShow;

/* (transfer full) (nullable): what `/get`, `/post` and `/anything` answer with. */
json_t *demo_describe_request (H3Event *event, DemoShow what);

/* (transfer full): bytes as a text, or as a data URL of that media type where they are none. */
json_t *demo_describe_content (const char *data, gsize length, const char *type);

/* Answers as `/get` does; status and fields that were set stay. */
void demo_send_request (H3Event *event);
