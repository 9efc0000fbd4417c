/* SPDX-License-Identifier: MIT */

#include "schema-value.h"

#include <h3/base/view.h>

#include <jansson.h>

#define MAX_DEPTH 1024

/* Arrays up to here are compared item by item: a table would cost more. */
#define FEW 8

/* 2^63: the first double that no gint64 holds, and the last one below all. */
#define BEYOND_INT64 9223372036854775808.0

/* A decimal: `digits` * 10^`exponent`, without zeros at its end. */
typedef struct {
    guint64 digits;
    int exponent;
} Decimal;

gboolean
schema_value_is_whole (const json_t *number)
{
    double real;

    if (json_is_integer (number))
        return TRUE;
    real = json_real_value (number);
    if (real >= BEYOND_INT64 || real < -BEYOND_INT64)
        return TRUE;
    return (double) (gint64) real == real;
}

static int
compare_doubles (double a, double b)
{
    return (a > b) - (a < b);
}

static int
compare_with_double (gint64 a, double b)
{
    gint64 whole;

    if (b >= BEYOND_INT64)
        return -1;
    if (b < -BEYOND_INT64)
        return 1;
    whole = (gint64) b;
    if (a != whole)
        return a < whole ? -1 : 1;
    return compare_doubles (0, b - (double) whole);
}

int
schema_value_compare (const json_t *a, const json_t *b)
{
    if (json_is_integer (a) && json_is_integer (b)) {
        gint64 one = json_integer_value (a), other = json_integer_value (b);

        return (one > other) - (one < other);
    }
    if (json_is_integer (a))
        return compare_with_double (json_integer_value (a), json_real_value (b));
    if (json_is_integer (b))
        return -compare_with_double (json_integer_value (b), json_real_value (a));
    return compare_doubles (json_real_value (a), json_real_value (b));
}

/* The shortest text that reads as `real`. */
static void
write_shortest (double real, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
    static const char *const formats[] = { "%.15e", "%.16e" };

    (void) g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, "%.14e", real);
    for (gsize i = 0; i < G_N_ELEMENTS (formats) && g_ascii_strtod (text, NULL) != real; i++)
        (void) g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], real);
}

/* Its sign does not matter here. */
static Decimal
read_decimal (const json_t *number)
{
    Decimal decimal = { 0, 0 };

    if (json_is_integer (number)) {
        gint64 value = json_integer_value (number);

        decimal.digits = value < 0 ? -(guint64) value : (guint64) value;
    } else {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        const char *at = text;

        write_shortest (json_real_value (number), text);
        for (gboolean is_fraction = FALSE; *at != 'e' && *at != '\0'; at++) {
            if (*at == '.')
                is_fraction = TRUE;
            if (!g_ascii_isdigit (*at))
                continue;
            decimal.digits = decimal.digits * 10 + (guint64) (*at - '0');
            decimal.exponent -= is_fraction;
        }
        if (*at == 'e')
            decimal.exponent += (int) g_ascii_strtoll (at + 1, NULL, 10);
    }
    while (decimal.digits != 0 && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    return decimal;
}

/* `a` + `b` modulo `modulus`, which is at most 2^63; both are less than that. */
static guint64
add_modulo (guint64 a, guint64 b, guint64 modulus)
{
    return (a + b) % modulus;
}

gboolean
schema_value_is_multiple (const json_t *number, const json_t *unit)
{
    Decimal dividend = read_decimal (number), divisor = read_decimal (unit);
    guint64 rest;

    if (dividend.digits == 0)
        return TRUE;
    if (divisor.digits == 0)
        return FALSE;
    /* The digits of the dividend do not end with 0, so no power of ten divides them. */
    if (dividend.exponent < divisor.exponent)
        return FALSE;
    rest = dividend.digits % divisor.digits;
    for (int i = dividend.exponent - divisor.exponent; i > 0 && rest != 0; i--) {
        guint64 twice = add_modulo (rest, rest, divisor.digits);
        guint64 five = add_modulo (add_modulo (twice, twice, divisor.digits), rest, divisor.digits);

        rest = add_modulo (five, five, divisor.digits);
    }
    return rest == 0;
}

static gboolean is_equal (const json_t *a, const json_t *b, guint depth);

static gboolean
are_objects_equal (const json_t *a, const json_t *b, guint depth)
{
    json_t *object = (json_t *) a;

    if (json_object_size (a) != json_object_size (b))
        return FALSE;
    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        const json_t *other =
            json_object_getn (b, json_object_iter_key (at), json_object_iter_key_len (at));

        if (other == NULL || !is_equal (json_object_iter_value (at), other, depth))
            return FALSE;
    }
    return TRUE;
}

static gboolean
are_arrays_equal (const json_t *a, const json_t *b, guint depth)
{
    if (json_array_size (a) != json_array_size (b))
        return FALSE;
    for (gsize i = 0; i < json_array_size (a); i++) {
        if (!is_equal (json_array_get (a, i), json_array_get (b, i), depth))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_equal (const json_t *a, const json_t *b, guint depth)
{
    if (json_is_number (a) && json_is_number (b))
        return schema_value_compare (a, b) == 0;
    if (json_typeof (a) != json_typeof (b) || depth == 0)
        return FALSE;
    if (json_is_object (a))
        return are_objects_equal (a, b, depth - 1);
    if (json_is_array (a))
        return are_arrays_equal (a, b, depth - 1);
    return json_equal (a, b);
}

gboolean
schema_value_is_equal (const json_t *a, const json_t *b)
{
    return is_equal (a, b, MAX_DEPTH);
}

static guint
hash_number (const json_t *number)
{
    double real = json_is_real (number) ? json_real_value (number) : 0;
    gint64 whole = json_is_real (number) ? 0 : json_integer_value (number);

    if (json_is_real (number) && real < BEYOND_INT64 && real >= -BEYOND_INT64
        && schema_value_is_whole (number)) {
        whole = (gint64) real;
        real = 0;
    }
    if (real != 0)
        return h3_view_hash (h3_view ((const char *) &real, sizeof real));
    return h3_view_hash (h3_view ((const char *) &whole, sizeof whole));
}

static guint
hash_pair (guint a, guint b)
{
    guint pair[2] = { a, b };

    return h3_view_hash (h3_view ((const char *) pair, sizeof pair));
}

static guint hash (const json_t *value, guint depth, guint *work);

/* The sum does not depend on the order. */
static guint
hash_object (json_t *object, guint depth, guint *work)
{
    guint sum = JSON_OBJECT;

    for (void *at = json_object_iter (object); at != NULL;
         at = json_object_iter_next (object, at)) {
        H3View name = h3_view (json_object_iter_key (at), json_object_iter_key_len (at));

        sum += hash_pair (h3_view_hash (name), hash (json_object_iter_value (at), depth, work));
    }
    return sum;
}

static guint
hash (const json_t *value, guint depth, guint *work)
{
    guint sum = JSON_ARRAY;

    if (depth == 0 || *work == 0) {
        *work = 0;
        return 0;
    }
    (*work)--;
    switch (json_typeof (value)) {
    case JSON_OBJECT:
        return hash_object ((json_t *) value, depth - 1, work);
    case JSON_ARRAY:
        for (gsize i = 0; i < json_array_size (value); i++)
            sum = hash_pair (sum, hash (json_array_get (value, i), depth - 1, work));
        return sum;
    case JSON_STRING:
        return h3_view_hash (h3_view (json_string_value (value), json_string_length (value)));
    case JSON_INTEGER:
    case JSON_REAL:
        return hash_number (value);
    default:
        return (guint) json_typeof (value);
    }
}

guint
schema_value_hash (const json_t *value, guint *work)
{
    return hash (value, MAX_DEPTH, work);
}

typedef struct {
    const json_t *value; /* borrowed: the array */
    guint hash;
} Item;

static guint
hash_item (gconstpointer item)
{
    return ((const Item *) item)->hash;
}

static gboolean
is_item_equal (gconstpointer a, gconstpointer b)
{
    return schema_value_is_equal (((const Item *) a)->value, ((const Item *) b)->value);
}

static gboolean
has_few_different (const json_t *array)
{
    for (gsize i = 1; i < json_array_size (array); i++) {
        for (gsize j = 0; j < i; j++) {
            if (schema_value_is_equal (json_array_get (array, i), json_array_get (array, j)))
                return FALSE;
        }
    }
    return TRUE;
}

gboolean
schema_value_is_set (const json_t *array, guint *work)
{
    gsize size = json_array_size (array);
    g_autofree Item *items = NULL;
    g_autoptr (GHashTable) seen = NULL;
    gboolean holds_values = FALSE;

    for (gsize i = 0; i < size && !holds_values; i++)
        holds_values =
            json_is_object (json_array_get (array, i)) || json_is_array (json_array_get (array, i));
    if (size <= FEW && !holds_values)
        return has_few_different (array);
    items = g_new (Item, size);
    seen = g_hash_table_new (hash_item, is_item_equal);
    for (gsize i = 0; i < size; i++) {
        items[i] = (Item){ json_array_get (array, i), 0 };
        items[i].hash = schema_value_hash (items[i].value, work);
        if (*work == 0 || !g_hash_table_add (seen, &items[i]))
            return FALSE;
    }
    return TRUE;
}
