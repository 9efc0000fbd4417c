/* SPDX-License-Identifier: MIT */

#include "turn-files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define N_PLACES 32

typedef struct {
    TurnFile file;
    guint64 turn; /* when it was asked for; 0: never */
    guint64 owner;
    gboolean has_accept;
    guint16 path_length, accept_length;
    char text[TURN_FILES_MAX_KEY]; /* both */
} Place;

typedef struct {
    guint64 turn;
    gboolean ends; /* the end of this turn is waited for */
    gboolean has_kept;
    Place places[N_PLACES];
} Turn;

static void
drop (TurnFile *file)
{
    g_clear_pointer (&file->headers, h3_headers_unref);
    g_clear_pointer (&file->bytes, g_bytes_unref);
}

static void
free_turn (gpointer data)
{
    Turn *turn = data;

    for (guint i = 0; i < N_PLACES; i++)
        drop (&turn->places[i].file);
    g_free (turn);
}

static GPrivate own = G_PRIVATE_INIT (free_turn);

static Turn *
get_turn (void)
{
    static __thread Turn *turn; /* borrowed: `own`, which frees it with the thread */

    if (G_UNLIKELY (turn == NULL)) {
        turn = g_new0 (Turn, 1);
        turn->turn = 1;
        g_private_set (&own, turn);
    }
    return turn;
}

static void
end_turn (gpointer data)
{
    Turn *turn = data;

    for (guint i = 0; turn->has_kept && i < N_PLACES; i++)
        drop (&turn->places[i].file);
    turn->ends = turn->has_kept = FALSE;
    turn->turn++;
}

static gboolean
is_for (const Place *place, const TurnKey *key)
{
    return place->owner == key->owner && place->has_accept == (key->accept.data != NULL)
           && h3_view_equal (h3_view (place->text, place->path_length), key->path)
           && h3_view_equal (h3_view (place->text + place->path_length, place->accept_length),
                             key->accept);
}

static void
take_place (Place *place, const TurnKey *key)
{
    drop (&place->file);
    place->owner = key->owner;
    place->has_accept = key->accept.data != NULL;
    place->path_length = (guint16) key->path.length;
    place->accept_length = (guint16) key->accept.length;
    memcpy (place->text, key->path.data, key->path.length);
    if (key->accept.length > 0)
        memcpy (place->text + key->path.length, key->accept.data, key->accept.length);
}

TurnFile *
turn_files_ask (Loop *loop, const TurnKey *key)
{
    Turn *turn = get_turn ();
    Place *place = &turn->places[h3_view_hash (key->path) % N_PLACES];

    if (key->path.length + key->accept.length > TURN_FILES_MAX_KEY)
        return NULL;
    if (!turn->ends) {
        turn->ends = TRUE;
        loop_defer (loop, end_turn, turn);
    }
    place->file.is_wanted = place->turn == turn->turn && is_for (place, key);
    if (!place->file.is_wanted)
        take_place (place, key);
    place->turn = turn->turn;
    return &place->file;
}

gboolean
turn_files_keep (TurnFile *file, int fd, gsize length, const char *type, H3Headers *headers)
{
    g_autofree char *data = NULL;
    gsize done = 0;

    if (!file->is_wanted || length == 0 || length > TURN_FILES_MAX_LENGTH)
        return FALSE;
    data = g_malloc (length);
    while (done < length) {
        gssize n = pread (fd, data + done, length - done, (off_t) done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (gsize) n;
    }
    get_turn ()->has_kept = TRUE;
    drop (file);
    file->type = type;
    file->headers = h3_headers_ref (headers);
    file->bytes = g_bytes_new_take (g_steal_pointer (&data), length);
    return TRUE;
}
