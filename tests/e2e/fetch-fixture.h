/* SPDX-License-Identifier: MIT
 *
 * What the tests of the client share: a server of the test, a client of it, and requests for the
 * server's paths. Included by test programs of one source. */

#pragma once

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

typedef struct {
    TestServer server;
    H3Client *client; /* ref */
} FetchFixture;

/* GLib's own thread, with its descriptor, begins with the first task: before all is counted. */
static inline void
fetch_fixture_init (FetchFixture *fixture)
{
    g_type_class_unref (g_type_class_ref (G_TYPE_TASK));
    test_server_init (&fixture->server);
    fixture->client = h3_client_new ();
}

static inline void
fetch_fixture_end (FetchFixture *fixture)
{
    g_object_unref (fixture->client);
    test_server_end (&fixture->server);
}

/* (transfer full) */
static inline H3ClientRequest *
fetch_fixture_request (const FetchFixture *fixture, const char *method, const char *path)
{
    g_autofree char *url = g_strconcat ("http://", fixture->server.address, path, NULL);
    H3ClientRequest *request = h3_client_request_new (method, url, NULL);

    ck_assert_ptr_nonnull (request);
    return request;
}

/* (transfer full): waits for the answer; fails the test where there is none. */
static inline H3ClientResponse *
fetch_fixture_fetch (const FetchFixture *fixture, H3ClientRequest *request)
{
    g_autoptr (GError) error = NULL;
    H3ClientResponse *response = h3_client_fetch (fixture->client, request, NULL, &error);

    ck_assert_msg (response != NULL, "%s", error != NULL ? error->message : "");
    return response;
}

/* (transfer full) */
static inline H3ClientResponse *
fetch_fixture_get (const FetchFixture *fixture, const char *path)
{
    g_autoptr (H3ClientRequest) request = fetch_fixture_request (fixture, "GET", path);

    return fetch_fixture_fetch (fixture, request);
}

/* (transfer full): what the message of the error says, which is of this code and tells nothing that
 * it should not. */
static inline char *
fetch_fixture_fail (const FetchFixture *fixture, H3ClientRequest *request, H3ClientError code)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientResponse) response =
        h3_client_fetch (fixture->client, request, NULL, &error);

    ck_assert_msg (response == NULL, "an answer, %u",
                   response != NULL ? h3_client_response_get_status (response) : 0);
    ck_assert_msg (g_error_matches (error, H3_CLIENT_ERROR, (int) code), "%d: %s", error->code,
                   error->message);
    ck_assert_msg (strstr (error->message, "secret") == NULL, "%s", error->message);
    return g_strdup (error->message);
}

static inline void
fetch_fixture_expect (const FetchFixture *fixture, const char *path, guint status, const char *body)
{
    g_autoptr (H3ClientResponse) response = fetch_fixture_get (fixture, path);

    ck_assert_uint_eq (h3_client_response_get_status (response), status);
    ck_assert_str_eq (h3_client_response_get_text (response), body);
}
