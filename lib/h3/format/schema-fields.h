/* SPDX-License-Identifier: MIT
 *
 * Fields that came as texts (queries, forms, parameters of paths) as the document that a schema of
 * an object wants: numbers, booleans and arrays, where it says so. Any thread. */

#pragma once

#include "schema.h"

G_BEGIN_DECLS

/* Adds a field to `object`. Its text becomes a number or a boolean where the schema allows one and
 * it reads as one in JSON; else it stays a text, and the schema will say what is wrong. Fields of
 * one name make an array, as does a single one where the schema allows nothing else. */
void schema_fields_add (const H3Schema *schema, json_t *object, const char *name,
                        const char *value);

/* Adds what the schema says by `default` of properties that `object` has not. */
void schema_fields_add_defaults (const H3Schema *schema, json_t *object);

G_END_DECLS
