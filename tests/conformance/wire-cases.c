/* SPDX-License-Identifier: MIT */

#include "wire-cases.h"

void
wire_groups_foreach (WireGroupFunction function, gpointer user_data)
{
    const struct {
        const WireGroup *groups;
        guint n;
    } tables[] = {
        { wire_line_groups, n_wire_line_groups },
        { wire_target_groups, n_wire_target_groups },
        { wire_field_groups, n_wire_field_groups },
        { wire_framing_groups, n_wire_framing_groups },
        { wire_chunk_groups, n_wire_chunk_groups },
        { wire_smuggling_groups, n_wire_smuggling_groups },
        { wire_answered_groups, n_wire_answered_groups },
        { wire_accepted_groups, n_wire_accepted_groups },
    };

    for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
        for (guint k = 0; k < tables[i].n; k++)
            function (&tables[i].groups[k], user_data);
    }
}

typedef struct {
    WireCaseFunction function;
    gpointer user_data;
} Visit;

static void
visit_rows (const WireGroup *group, gpointer user_data)
{
    const Visit *visit = user_data;

    for (guint i = 0; i < group->n; i++)
        visit->function (&group->rows[i], visit->user_data);
}

void
wire_cases_foreach (WireCaseFunction function, gpointer user_data)
{
    Visit visit = { function, user_data };

    wire_groups_foreach (visit_rows, &visit);
}
