/* SPDX-License-Identifier: MIT
 *
 * A login: sessions, a password that is dear to guess and checked on the pool of threads, tokens
 * against forged requests, and so many tries and no more. The one user is ada, her password is
 * sesame. */

#include <h3/h3.h>
#include <jansson.h>

#include <string.h>

static const char page[] =
    "<!doctype html><title>Login</title>{{#if user}}<p>Hello, {{user}}!</p>"
    "<form method=post action=/logout>"
    "<input type=hidden name=csrf_token value=\"{{token}}\"><button>Log out</button></form>"
    "{{else}}<form method=post action=/login>"
    "<input type=hidden name=csrf_token value=\"{{token}}\">"
    "<input name=user><input type=password name=password><button>Log in</button></form>{{/if}}";

static char *hash; /* owned: of the one password */

static void
show_page (H3Event *event, gpointer templates)
{
    const char *user = h3_session_get_string (h3_event_get_session (event), "user");
    g_autoptr (GError) error = NULL;
    const char *token = h3_event_get_csrf_token (event, &error);

    if (token == NULL)
        h3_event_fail (event, g_steal_pointer (&error));
    else
        h3_event_send_template (event, templates, "page",
                                json_pack ("{s:s?, s:s}", "user", user, "token", token));
}

/* What is checked, on a thread that knows no event. */
typedef struct {
    char *password; /* owned */
    gboolean is_right;
} Check;

static void
check_password (gpointer data, GCancellable *cancellable)
{
    Check *check = data;

    check->is_right = h3_password_verify (check->password, hash);
}

static void
check_free (gpointer data)
{
    Check *check = data;

    explicit_bzero (check->password, strlen (check->password));
    g_free (check->password);
    g_free (check);
}

/* Another id for the session: one that others knew before is of no use to them. */
static void
let_in (H3Event *event, gpointer data)
{
    const Check *check = data;
    H3Session *session = h3_event_get_session (event);
    g_autoptr (GError) error = NULL;

    if (!check->is_right)
        h3_event_fail_status (event, 403, "The name or the password is wrong.");
    else if (h3_session_regenerate (session, &error)
             && h3_session_set_string (session, "user", "ada", &error))
        h3_event_redirect (event, 303, "/");
    else
        h3_event_fail (event, g_steal_pointer (&error));
}

/* Whoever asks for another user waits as long as for this one. */
static void
log_in (H3Event *event, gpointer user_data)
{
    g_autoptr (GError) error = NULL;
    H3Form *form = h3_event_get_form (event, &error);
    const char *user = form != NULL ? h3_form_get (form, "user") : NULL;
    const char *password = form != NULL ? h3_form_get (form, "password") : NULL;
    Check *check;

    if (user == NULL || password == NULL) {
        h3_event_fail_status (event, 422, "Name and password are wanted.");
        return;
    }
    check = g_new0 (Check, 1);
    check->password = g_strdup (strcmp (user, "ada") == 0 ? password : "");
    h3_event_offload (event, check_password, let_in, check, check_free);
}

static void
log_out (H3Event *event, gpointer user_data)
{
    h3_session_destroy (h3_event_get_session (event));
    h3_event_redirect (event, 303, "/");
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    g_autoptr (H3Templates) templates = h3_templates_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (H3RateLimit) tries = h3_rate_limit_new_preset ("login", &error);
    int status;

    hash = h3_password_hash ("sesame", NULL, &error);
    if (hash == NULL || !h3_templates_add (templates, "page", page, &error))
        g_error ("%s", error->message);
    h3_app_use (app, "/login", h3_rate_limit_to_middleware (tries));
    h3_app_use (app, "/", h3_sessions_new (NULL));
    h3_app_use (app, "/", h3_csrf_new (NULL));
    h3_app_get (app, "/", show_page, templates);
    h3_app_post (app, "/login", log_in, NULL);
    h3_app_post (app, "/logout", log_out, NULL);
    status = h3_app_run (app, argc, argv);
    g_free (hash);
    return status;
}
