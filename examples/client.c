/* SPDX-License-Identifier: MIT
 *
 * client URL: asks for a JSON document, waits for it, and says what is in it. */

#include <h3/format/json.h>
#include <h3/h3.h>

int
main (int argc, char **argv)
{
    g_autoptr (H3Client) client = h3_client_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (H3ClientRequest) request = NULL;
    g_autoptr (H3ClientResponse) response = NULL;
    g_autoptr (json_t) document = NULL;
    const char *name;
    json_t *value;

    if (argc != 2) {
        g_printerr ("client: name the URL: client URL\n");
        return 2;
    }
    request = h3_client_request_new ("GET", argv[1], &error);
    if (request != NULL)
        response = h3_client_fetch (client, request, NULL, &error);
    if (response != NULL)
        document = h3_client_response_parse_json (response, &error);
    if (document == NULL) {
        g_printerr ("client: %s\n", error->message);
        return 1;
    }
    g_print ("%u\n", h3_client_response_get_status (response));
    json_object_foreach (document, name, value)
        g_print ("%s: %s\n", name, json_is_string (value) ? json_string_value (value) : "...");
    return 0;
}
