/* SPDX-License-Identifier: MIT
 *
 * A picture, the night ferry, in four media types. */

#include "demo.h"

#include "demo-route.h"

#include <jansson.h>

/* Drawn for this program; the others are the same picture, in base64. */
static const char svg[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"80\" viewBox=\"0 0 120 "
    "80\">\n"
    "  <title>The night ferry</title>\n"
    "  <rect width=\"120\" height=\"80\" fill=\"#123\"/>\n"
    "  <circle cx=\"92\" cy=\"18\" r=\"9\" fill=\"#fe9\"/>\n"
    "  <path d=\"M18 46h84l-10 16H28z\" fill=\"#c43\"/>\n"
    "  <path d=\"M34 46V34h50v12z\" fill=\"#eee\"/>\n"
    "  <path d=\"M52 34V22h10v12z\" fill=\"#456\"/>\n"
    "  <path d=\"M40 38h5v4h-5zm9 0h5v4h-5zm9 0h5v4h-5zm9 0h5v4h-5z\" fill=\"#fc4\"/>\n"
    "  <path d=\"M0 60h120v20H0z\" fill=\"#247\"/>\n"
    "</svg>\n";

static const char png[] =
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAABQCAYAAADSm7GJAAAFFElEQVR4AeybX2gcRRzHv7mkiiLaUzRYUNKTVEvblHJE"
    "K4IvJr4IKgqhFC31pSK2Wn0RQSttH4y+NNr4oIg9aglSELTiU+tL0SrUUmwEbWqD+qCUpBwp/Zcjd+l9D9LdbG/b3Z2Z"
    "vdnJrzDt7M7M7/ebz+cmzUCSyxeKs9LcZZCD/HGagAh2Wi8ggkWw4wQc356cYBHsOAHHtycnWAQ7SWDBbEpOsGHVyx/I"
    "Y8uLPSh90Iffv1/faOxvfmEVOGY4vVyTTAG++aZ2bNvci8Mjz2P762vx9BMFLOm8rdHY37H10cbYu6/2oqPD3DkzF9kU"
    "uQzEXdF9Z13ec9i6cQ3a28MRc+yNl9bgUOkZrHrwLiM7C89uJJ37QW+9pQN7P3wS3V35yJvteehulAb7sWiRfh36I0be"
    "lpsT33mlF0vvuz325rjm7ZeLsdfdaIEIvhGhGOMP93Ri07oVMVbMn/rahtV4ZHXn/JeKTyJYEaB/+aZ1K5HLJUfKtRue"
    "Xe4PqdxPXo1yavcCLOu6Q3lT3V2LlWP4AwQE+4ekH5fA/Uvi/98bzLFsqQgOMrHm+fL0jHItOmL4i5AT7Keh2B89eVYx"
    "AqAjhr8IEeynodgfHZtUjFAXrCGGvwgR7Keh2B/5bgzTleRfpiuVKvYdOKlYxfzlzgkuFouI0uZj0PP01z9TGCr9ljjY"
    "4GfHMP7vucTrmy10TnCzTab5blfpOE79XY6d8sSfE/h4b/IPR1hCERxGJuH7SqWGN9//MdbqarWGLTsPo1abjbUuymQR"
    "3KCk96+fjv2Pe9Z+jl17joPywqJzbKh+4u997Avt3z3P5RTBcyQ0/zszU8POT47i8fVfY9vQzzjwwzj+O3O+0dh/76Nf"
    "GmM7ho+CczWnvxpOBF9FYabzx+kyhveNYuNbh7DyqZFGY3/3lyfAMTNZvagi2GPhZE8EO6nV25QI9lg42RPBTmr1NiWC"
    "PRZO9kSwk1q9TV1fsDfPeO/0rweho+3/dBBRmo5czWIYBxUzgTWCY9Yt0yMSEMERQWV1mgjOqrmIdVsvOD8+gGAL7i04"
    "zmdTc4JxbX+2XrDtAG2vTwTbbkixPhGsCND25dYLLhf2I9iCUIPjfFaa48sZjJO1Z+sFZw2obfWKYNuMaK5HBGsGals4"
    "bYK3d87iYAGJ2/hAP1xoKgzm1pKlrg+KNsG7J9twqaarrIUbhwzJUhcBbYInq0CprP/nenVtNCtxyJAsddWrTTAL+maq"
    "DWPT7ElLQoDsyDDJ2rA1WgXzK/TQBFCVgxzGO/Q9mZEdGYZOSjAQS3CU+KcqwLdTYjgKK/8cMiM7/zsdfe2CWdSechsm"
    "kv8WJUMsqEZWZGZi00YEX64f4OFJE+W6GZOsyMzE7owIZqFHLgJHLtRN80FaKAEyIqvQCYoDxgSzLt7neK9jX9q1BMiG"
    "jK4d0ffGqGDe53iv01euW5HIhoxM7sqoYBbOex3vd+xL8wiQCdl4b8z0jAvmvY73O97zzGwhe1HJgkzIxnT1xgVzA7zf"
    "8Z7Hfhab7prJgkx0x20WL5cv9CGN9tXifgygT1qdAVmkwZw5UjnBzT5Z8i4dAiI4Hc4tyyKCW4Y+ncQiOB3OLcsigluG"
    "Pp3EIjgdzi3LIoJbhj6dxCqC06lQsigREMFK+OxfLILtd6RUoQhWwmf/YhFsvyOlCkWwEj77F4tg+x0pVSiClfDZv1gE"
    "x3eUqRUiOFO64hcrguMzy9QKEZwpXfGLvQIAAP//DdzoDgAAAAZJREFUAwDRgwbu2hF4sgAAAABJRU5ErkJggg==";

static const char jpeg[] =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4"
    "UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj"
    "Y2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCABQAHgDASIAAhEBAxEB/8QAGwABAAMBAQEBAAAAAAAAAAAAAAMEBQYCAQf/"
    "xAA4EAABAgMEBwYEBQUAAAAAAAAAAQIDBBEFEhMUBiExUaGi0RUiMmFiYxZBU4E0Q1Ryc1KRo7HB/8QAGQEBAQEBAQEA"
    "AAAAAAAAAAAAAAMCAQQF/8QAJhEAAgEDAgYCAwAAAAAAAAAAAAECAxESBBQhMUFRkaEyUhOx0f/aAAwDAQACEQMRAD8A"
    "44AFSQAAAAAAAAAAAABu6MWClsTD3x1c2WheJW7XLuO2+H7JwsLIQbu+mv8AvtIVK8YOxSMG1c/LAbuk9hdjzDHwFc6W"
    "i+FXbWruMIrGSkrow1Z2YABo4AAAAAAAAASQ4T4tbja026z6+XisarnNoieaFizvzPt/0nnPwz/t/sAywAAdvoBNw8vM"
    "yaqiRUfiom9KInCnE68/HpeYjSsZsaXiuhRG7HNWim58ZWthXL0G9/Xh6+nA8dXTylLKJaNRJWZrafzcPLy0miosW/iK"
    "m5KKnGvA4glmJiNNRnRpiI6JEdtc5aqpEeinDCOJOTu7gAFDIAAABPClI8Zl+Gy83Z4kPfZ819LmTqZc4rqUVKo1dRfg"
    "7HRvR6y56wpaZmZXEjPvXnYjkrRyompF3IaDNF7BetGydV/lidSDRu0ZWRsKWlpmLhxmXrzbqrSrlVNaJuU0WWvZbFq2"
    "PRf2O6EJTeSxat1KqjK3GL8EMLR2xIb1bDlaOXamI/5fc+xNH7GdWE+WrX5Yj+pKlr2Wj7yR+9vuO6BbXstX3lj97fcd"
    "0MZ1Lc1e/r+mvwu/xfgqv0XsFi0dJ0X+WJ1PfwnYn6L/ACv6k77Xst61dHqv7HdD325Z36jkd0NxnK7yat0OOjK3CL8H"
    "HaZ2TI2Xk8lAwsS/f77nVpdptVd6nMHY6ZxodqZPJOxcO/f1XaVu0203Kcx2fNfS5k6llONuZN0al/i/BVBPFlI8Fl+I"
    "y63Z4kIDSafInKLi7SVgADpkAs5X18BlfXwN4SOZI9WfM4Eajl7j9S+XmbZhZX18C/AmnQoTWOS+rdVa0PNW08pO8UfQ"
    "0mrjBYzfAvAq532+YZ32+YjtqvY9m9ofb0y0Crnfb5hnfb5htqvYb2h9vTLQKud9vmGd9vmG2q9hvaH29MtAq532+Yjj"
    "zTosJzGpcV2qtahaar2OPW0UuD/ZStCZx41Gr3Gak8/MqFnK+vgMr6+B7Y03FWR8edTOTkysCzlfXwBrCRjJFgAFyYAA"
    "AAAAAAAAAAAAAAAAAAB//9k=";

static const char webp[] =
    "UklGRhQCAABXRUJQVlA4IAgCAACQDwCdASp4AFAAPtFgqE6oJaOiLNIJWQAaCUAac0Tb89Ah3v055V6otuJ5gPPd0zne"
    "i0aCEAswBsc4+5VRXLeo5hvzugE3l/8FeSvWrOdP45HFL8y/1Lru2eg+/wSdGu5AvECyNVBbPx/8UYoPgI496/GU+mAh"
    "uvvJoOlyef2wVudpKuIAAP7y6z5f0r3t/7MB+tk7xBkt/gRFdS0/Vctst8sElHrqlMpOk5ut5Sj6lAU1sq2/xzzCGpHx"
    "EmK/B61D6MhrkmPJwG+1ededxugU/cGTYIMUSY5JVqLQRiebscBOThWL3DaiUKhBjjv9sdladJRGxRHSso/XKINdm7ga"
    "QJfFmJPLVmDjyLreZ42AbVy+u3DGMrGsM0jEtNDNxj9EVjcJo9/rHVx00KADfg8ttXWWpDsT///5Pq28AqYf6quu1lKv"
    "UnconbhYN2I911cH8CUWfSNR4RKeAOs26in1wrpPU4LgEg4PTj7MCzw4ZzHNoAyoFk/jMqQJsQWQEOguH9lzApb9Tr5A"
    "ptklhyxkudngsai5Qs3u8EHtpOsYkO3Q+gX/0JLq/uqMxkhun/CLimKgYf9fRl87+MNcXwHypJWK51m+RHnYR3+fbIk7"
    "EQUTrOJCJwpTfk6a8U71H/yMxFJuzWFjSWR40I/fw/0CTMqapO7FvEYecFYwFEg2NS5AAAAAAAAA";

typedef struct {
    const char *path;
    const char *type;
    const char *text;
    gboolean is_base64;
} Picture;

/* In the order in which `/image` prefers them. */
static const Picture pictures[] = {
    { "/image/webp", "image/webp", webp, TRUE },
    { "/image/svg", "image/svg+xml", svg, FALSE },
    { "/image/jpeg", "image/jpeg", jpeg, TRUE },
    { "/image/png", "image/png", png, TRUE },
};

#define USUAL (&pictures[G_N_ELEMENTS (pictures) - 1])

static void
send_picture (H3Event *event, gpointer user_data)
{
    const Picture *picture = user_data;
    g_autoptr (GBytes) bytes = NULL;
    gsize length;

    if (picture->is_base64) {
        guchar *data = g_base64_decode (picture->text, &length);

        bytes = g_bytes_new_take (data, length);
    } else {
        bytes = g_bytes_new_static (picture->text, strlen (picture->text));
    }
    h3_event_send_bytes (event, picture->type, bytes);
}

/* Whether the field names `type`, or any image, whatever it thinks of it. */
static gboolean
names (const char *accept, const char *type)
{
    H3View rest = h3_view_of (accept), item;

    while (h3_view_split (&rest, ',', &item)) {
        H3MediaType named;

        if (h3_media_type_parse (item, &named)
            && h3_view_equal_ignore_case (named.essence, h3_view_of (type)))
            return TRUE;
    }
    return FALSE;
}

static void
refuse (H3Event *event)
{
    h3_event_set_status (event, 406);
    demo_send_json (event, json_pack ("{s:s, s:[s, s, s, s, s]}", "message",
                                      "The client takes none of these media types.", "accept",
                                      "image/webp", "image/svg+xml", "image/jpeg", "image/png",
                                      "image/*"));
}

/* As httpbin chooses: a picture that is named goes before one that is only allowed, and who would
 * take anything at all has not asked for a picture. */
static void
send_accepted (H3Event *event, gpointer user_data)
{
    const char *accept = h3_request_get_header (h3_event_get_request (event), "Accept");

    h3_event_set_header (event, "Vary", "Accept");
    for (guint i = 0; accept != NULL && i < G_N_ELEMENTS (pictures); i++) {
        if (names (accept, pictures[i].type)) {
            send_picture (event, (gpointer) &pictures[i]);
            return;
        }
    }
    if (accept == NULL || names (accept, "image/*"))
        send_picture (event, (gpointer) USUAL);
    else
        refuse (event);
}

void
demo_add_image (H3App *app)
{
    for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
        demo_add (app, "GET", pictures[i].path, send_picture, (gpointer) &pictures[i],
                  "A picture of that type");
    demo_add (app, "GET", "/image", send_accepted, NULL, "A picture of a type that Accept names");
    /* Browsers ask for it unbidden, and call its lack an error in each page's console. */
    demo_add (app, "GET", "/favicon.ico", send_picture, (gpointer) USUAL, "The icon of the pages");
}
