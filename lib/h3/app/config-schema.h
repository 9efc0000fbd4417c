/* SPDX-License-Identifier: MIT
 *
 * What a configuration may say: each group, each of its keys, with its kind, range and default and
 * a sentence about it. What is read, what is listed and what docs/configuration.md says come from
 * these tables alone. Static; any thread, but for config_schema_list (), which first makes the rows
 * of the limits: the main thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConfigBuild ConfigBuild;
typedef struct _ConfigGroup ConfigGroup;

typedef enum {
    CONFIG_SWITCH,  /* yes or no */
    CONFIG_NUMBER,  /* digits */
    CONFIG_SIZE,    /* bytes: 512, 64K, 16M, 2G */
    CONFIG_TIME,    /* milliseconds: 0, 500ms, 30s, 5min, 2h, 1d */
    CONFIG_SECONDS, /* the same in whole seconds */
    CONFIG_TEXT,
    CONFIG_FILE,    /* a path, from the folder of the configuration where it is relative */
    CONFIG_LIST,    /* texts with ; between */
    CONFIG_CHOICE,  /* one of the words of `choices`: its place among them */
    CONFIG_CHOICES, /* several: bits by their places */
    N_CONFIG_KINDS,
} ConfigKind;

typedef enum {
    CONFIG_OPTIONAL = 0,
    CONFIG_REQUIRED = 1 << 0,     /* the group is nothing without it */
    CONFIG_WITH_NAME = 1 << 1,    /* behind the key stands a name of its own: `header X-A = b` */
    CONFIG_MAY_BE_EMPTY = 1 << 2, /* an empty value says something */
} ConfigKeyFlags;

typedef struct {
    const char *name;
    ConfigKind kind;
    ConfigKeyFlags flags;
    gint64 minimum, maximum; /* of numbers, sizes, times */
    const char *standard;    /* (nullable): what holds where it is not given, as it is written */
    const char *choices;     /* (nullable): words with blanks between */
    const char *needs;       /* (nullable): it has no effect unless this key, of the same group, is
                                given; behind a !: unless that is not given */
    const char *what;
} ConfigKey;

/* When the groups of a kind act: middleware stands in this order, whatever the file's. */
typedef enum {
    CONFIG_PHASE_SERVER,
    CONFIG_PHASE_STORES,
    CONFIG_PHASE_FIRST,
    CONFIG_PHASE_LOG,
    CONFIG_PHASE_FIELDS,
    CONFIG_PHASE_LIMITS,
    CONFIG_PHASE_WHO,
    CONFIG_PHASE_LIMITS_OF_USERS,
    CONFIG_PHASE_ONCE,
    CONFIG_PHASE_ROUTES,
    CONFIG_PHASE_END,
    N_CONFIG_PHASES,
} ConfigPhase;

typedef struct {
    const char *name;
    const char *argument; /* (nullable): what stands behind the name: "NAME", "PREFIX", "PATTERN" */
    const char *what;
    const ConfigKey *keys;
    guint n_keys;
    /* Called for each group in each phase where it asks for some; tells faults of `build`. */
    void (*apply) (ConfigBuild *build, const ConfigGroup *group, ConfigPhase phase);
    guint phases; /* 1 << phase */
} ConfigShape;

/* All of them, in the order of the manual. */
const ConfigShape *const *config_schema_list (guint *out_n);
const ConfigShape *config_schema_find (const char *name);
/* The key of an entry: `name` is what stands before the =. `*out_rest` is the name behind a key
 * that has one, else NULL. */
const ConfigKey *config_schema_find_key (const ConfigShape *shape, const char *name,
                                         const char **out_rest);

/* (transfer full): every key with all that is known of it, for people; as the rows of the tables of
 * docs/configuration.md. */
char *config_schema_to_text (void);
char *config_schema_to_markdown (void);

G_END_DECLS
