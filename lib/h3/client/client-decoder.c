/* SPDX-License-Identifier: MIT */

#include "client-decoder.h"

#define ROOM 16384

/* One coding, and what the one before it in the way has made. */
typedef struct {
    Coder *coder;       /* owned */
    char *room;         /* owned; NULL for the first, which reads what came */
    H3View waiting;     /* borrowed: `room`; not read yet */
    gboolean is_behind; /* the one before it has more of what it took already */
    gboolean has_ended; /* nothing follows what waits */
} Stage;

struct _ClientDecoder {
    guint n_stages;
    guint64 max_output;
    Stage stages[CLIENT_DECODER_MAX_CODINGS]; /* in the order in which they are undone */
};

static void
add_stage (ClientDecoder *decoder, Coding coding)
{
    Stage *stage = &decoder->stages[decoder->n_stages];

    stage->coder = coder_new_decoding (coding, 0);
    stage->room = decoder->n_stages > 0 ? g_malloc (ROOM) : NULL;
    stage->waiting = H3_VIEW_EMPTY;
    decoder->n_stages++;
}

/* What is wrong with the list, or NULL. It names them as they were applied: the last is undone
 * first. */
static const char *
read_list (const char *list, Coding codings[CLIENT_DECODER_MAX_CODINGS], guint *out_count)
{
    H3View rest = h3_view_of (list), token;
    guint count = 0;

    while (h3_view_split (&rest, ',', &token)) {
        token = h3_view_trim (token);
        if (token.length == 0 || h3_view_equal_ignore_case (token, H3_VIEW ("identity")))
            continue;
        if (count == CLIENT_DECODER_MAX_CODINGS)
            return "its body has more than 3 codings";
        if (!coding_parse (token, &codings[count]) || !coding_is_supported (codings[count]))
            return "its body is in a coding that is not known";
        count++;
    }
    *out_count = count;
    return NULL;
}

ClientDecoder *
client_decoder_new (const char *codings, guint64 max_output, const char **out_problem)
{
    Coding list[CLIENT_DECODER_MAX_CODINGS];
    ClientDecoder *decoder;
    guint count = 0;

    *out_problem = read_list (codings, list, &count);
    if (*out_problem != NULL || count == 0)
        return NULL;
    decoder = g_new0 (ClientDecoder, 1);
    decoder->max_output = max_output;
    for (guint i = count; i > 0; i--)
        add_stage (decoder, list[i - 1]);
    for (guint i = 0; i < count; i++)
        coder_set_bounds (decoder->stages[i].coder, i + 1 < count ? G_MAXUINT64 : max_output,
                          CLIENT_DECODER_MAX_RATIO);
    return decoder;
}

void
client_decoder_free (ClientDecoder *decoder)
{
    if (decoder == NULL)
        return;
    for (guint i = 0; i < decoder->n_stages; i++) {
        coder_free (decoder->stages[i].coder);
        g_free (decoder->stages[i].room);
    }
    g_free (decoder);
}

static CoderResult pull (ClientDecoder *decoder, guint index, H3View *input, CoderAim aim,
                         char *room, gsize size, gsize *out_length);

/* FALSE, with the reason, where the stage before `stage` cannot go on. */
static gboolean
fill (ClientDecoder *decoder, guint index, H3View *input, CoderAim aim, CoderResult *out_problem)
{
    Stage *stage = &decoder->stages[index];
    CoderResult result;
    gsize length;

    if (stage->waiting.length > 0 || stage->has_ended)
        return TRUE;
    result = pull (decoder, index - 1, input, aim, stage->room, ROOM, &length);
    stage->waiting = h3_view (stage->room, length);
    stage->is_behind = result == CODER_FULL;
    stage->has_ended = result == CODER_READY && aim == CODER_FINISH;
    *out_problem = result;
    return result == CODER_READY || result == CODER_FULL;
}

/* What one stage gives, with all before it. CODER_FULL may leave room: there is more. */
static CoderResult
pull (ClientDecoder *decoder, guint index, H3View *input, CoderAim aim, char *room, gsize size,
      gsize *out_length)
{
    Stage *stage = &decoder->stages[index];
    CoderResult result;

    if (index == 0)
        return coder_step (stage->coder, input, aim, room, size, out_length);
    *out_length = 0;
    do {
        if (!fill (decoder, index, input, aim, &result))
            return result;
        result = coder_step (stage->coder, &stage->waiting,
                             stage->has_ended ? CODER_FINISH : CODER_FEED, room, size, out_length);
    } while (result == CODER_READY && *out_length == 0 && stage->is_behind);
    return result == CODER_READY && stage->is_behind ? CODER_FULL : result;
}

/* Each stage has its bound; all together have none that is larger. */
static gboolean
is_too_much (const ClientDecoder *decoder)
{
    guint64 taken = coder_get_taken (decoder->stages[0].coder);
    guint64 given = coder_get_given (decoder->stages[decoder->n_stages - 1].coder);

    return given > CODER_RATIO_GRACE && given / CLIENT_DECODER_MAX_RATIO > taken;
}

CoderResult
client_decoder_step (ClientDecoder *decoder, H3View *input, gboolean is_last, char *room,
                     gsize size, gsize *out_length)
{
    CoderResult result;

    *out_length = 0;
    if (input->length == 0 && coder_get_taken (decoder->stages[0].coder) == 0)
        return CODER_READY;
    result = pull (decoder, decoder->n_stages - 1, input, is_last ? CODER_FINISH : CODER_FEED, room,
                   size, out_length);
    return decoder->n_stages > 1 && is_too_much (decoder) ? CODER_TOO_LARGE : result;
}
