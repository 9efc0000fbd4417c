/* SPDX-License-Identifier: MIT
 *
 * What the files of the app share: what is registered, and what it is frozen to. */

#pragma once

#include "app-plan.h"
#include "app.h"

#include <h3/engine/server-inside.h>
#include <h3/http/event-inside.h>
#include <h3/http/forwarded.h>
#include <h3/route/route-cache.h>
#include <h3/route/route-inside.h>
#include <h3/route/router.h>

G_BEGIN_DECLS

typedef struct _AppTable AppTable;
typedef struct _AppCache AppCache;
typedef struct _AppCaches AppCaches;

/* A middleware and where it stands. */
typedef struct {
    char *prefix;             /* owned; NULL: `route` alone */
    H3Route *route;           /* borrowed: the app's; NULL: by prefix */
    H3Middleware *middleware; /* owned */
} AppUse;

typedef struct {
    char *methods, *pattern; /* owned */
    H3Handler handler;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
    H3Route *route;         /* ref: what the program was given */
} AppRoute;

typedef struct {
    char *prefix; /* owned */
    H3App *child; /* ref */
} AppMount;

typedef enum { HOOK_REQUEST, HOOK_SEND, HOOK_RESPONSE, HOOK_ERROR } HookKind;

typedef struct {
    HookKind kind;
    GCallback function;
    gpointer user_data;
    GDestroyNotify destroy; /* of user_data */
} AppHook;

struct _H3App {
    GObject parent_instance;
    H3Preset preset;
    GPtrArray *routes;                      /* owned: AppRoute */
    GPtrArray *uses, *mounts, *hooks;       /* owned: AppUse, AppMount, AppHook */
    GPtrArray *rules;                       /* owned: AppRule */
    GPtrArray *components, *all_components; /* owned: AppComponent; borrowed: mounted apps' too */
    Router *shapes;  /* owned: what was registered here, so that a slip is found at once */
    GError *problem; /* owned; the first thing that cannot be */
    H3TrustedProxies *trusted;   /* owned; NULL: nobody */
    AppCaches *caches;           /* owned; any thread */
    H3Server *server;            /* owned */
    AppTable *table;             /* owned; NULL before the start */
    const GOptionEntry *options; /* borrowed: static; NULL: none */
    gpointer options_data;       /* borrowed: the program's */
    struct {
        char *usage;                  /* owned; NULL: none are taken */
        H3ArgumentsFunction function; /* NULL: none are taken */
        gpointer user_data;           /* owned, by way of destroy */
        GDestroyNotify destroy;       /* NULL: it is borrowed, the program's */
    } arguments;
    H3App *parent; /* borrowed: holds this one; NULL: not mounted */
    gboolean is_frozen;
};

/* A hook as workers see it. */
typedef struct {
    const AppHook *hook; /* borrowed: its app */
    char *prefix;        /* owned; canonical; NULL: everywhere */
} TableHook;

/* A route as workers see it. */
typedef struct {
    Chain *chain; /* owned */
    H3BodyMode wish;
    guint64 bound;
    guint deadline;
    const char *const *param_names; /* borrowed: the router's route */
    gboolean is_essential;
    atomic_bool uses_pool; /* one of its requests has asked for a thread of the pool; learnt */
} TableRoute;

/* All that was registered, of mounted apps too, in the form that requests are served from. */
struct _AppTable {
    Router *router;                /* owned; targets: TableRoute */
    Chain *fallback;               /* owned: where no route was found */
    GArray *hooks[HOOK_ERROR + 1]; /* owned: TableHook */
    GPtrArray *prefixes;           /* owned: char *, of conditions */
    GPtrArray *unread;             /* owned: H3Middleware *, refs: hear of what cannot be read */
    Rules *rules;                  /* owned; NULL: none */
    GPtrArray *starts;             /* owned: H3Middleware *, refs: hear of workers that begin */
    GPtrArray *plans;              /* owned: AppPlan, of the chains */
    const H3App *app;              /* borrowed: its owner */
    gboolean has_regexes;
    atomic_bool fallback_uses_pool; /* as TableRoute's */
};

/* app.c: whether the app is not frozen yet; else a critical. */
gboolean app_can_register (const H3App *app);
/* What a preset is, but for the address of that for tests. */
void app_set_preset (H3App *app, H3Preset preset);
void app_clear_arguments (H3App *app);
/* The first problem (transfer full) is told when the app is started. */
void app_note_problem (H3App *app, GError *problem);

/* Whether it is the outermost app, whose alone the server is; else FALSE with H3_ERROR_INVALID. */
gboolean app_can_configure (H3App *app, GError **error);

/* Registration ends here. FALSE with H3_ERROR for the first thing that cannot be. */
gboolean app_freeze (H3App *app, GError **error);

/* app-table.c. (transfer full): a prefix as a path without a slash at its end; NULL: it is none. */
char *app_prefix_to_path (const char *prefix);
/* NULL with H3_ERROR. */
AppTable *app_table_new (H3App *app, GError **error);
void app_table_free (AppTable *table);

/* app-dispatch.c: how workers serve from the table of `app`. */
extern const ServerDispatch app_dispatch;
const H3App *app_of_event (const H3Event *event); /* the outermost */
void app_answer_fallback (H3Event *event, gpointer user_data);
/* The step of the chain that is given as data, behind its early middleware. */
void app_gather_body (H3Event *event, gpointer user_data);
/* (transfer full): what start_worker gives, for one request alone: without a cache. */
gpointer app_start_alone (H3App *app);

/* app-cache.c: the route caches of an app's workers. */
AppCaches *app_caches_new (void);
void app_caches_free (AppCaches *caches);

/* (transfer full): a worker's own, warmed up; on its thread, as are the two below. `caches` and
 * `router` outlive it. */
AppCache *app_cache_join (AppCaches *caches, const Router *router);
/* The end of it; NULL is allowed. What was asked of it by then has no effect. */
void app_cache_leave (AppCache *cache);
/* (transfer none): until it leaves. */
RouteCache *app_cache_get (AppCache *cache);

G_END_DECLS
