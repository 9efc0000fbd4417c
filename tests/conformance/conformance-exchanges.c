/* SPDX-License-Identifier: MIT */

#include "conformance-exchanges.h"

static const ExchangeTable *const tables[] = { &answer_exchanges, &limit_exchanges,
                                               &wait_exchanges };

guint
conformance_exchanges_count (void)
{
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
        n += tables[i]->n;
    return n;
}

const Exchange *
conformance_exchanges_get (guint index)
{
    for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
        if (index < tables[i]->n)
            return &tables[i]->rows[index];
        index -= tables[i]->n;
    }
    g_assert_not_reached ();
}
