/* SPDX-License-Identifier: MIT */

#include "tls-info.h"

#include "content-private.h"

static void
ask_carrier (H3Event *event, EventContent *content)
{
    Carrier *carrier = event->carrier;
    H3TlsInfo info = { 0 };

    if (carrier == NULL)
        return;
    content->has_tls = TRUE;
    if (carrier->functions->get_tls == NULL
        || !carrier->functions->get_tls (carrier, event->arena, &info))
        return;
    content->tls = h3_arena_new0 (event->arena, H3TlsInfo);
    *content->tls = info;
}

const H3TlsInfo *
h3_event_get_tls (H3Event *event)
{
    EventContent *content;

    g_return_val_if_fail (event != NULL, NULL);
    content = content_ensure (event);
    if (!content->has_tls)
        ask_carrier (event, content);
    return content->tls;
}
