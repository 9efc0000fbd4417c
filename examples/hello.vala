// SPDX-License-Identifier: MIT
//
// Routes, middleware, errors and an answer that comes later, in Vala:
//     valac --pkg h3-glib-1.0 hello.vala && ./hello --listen 127.0.0.1:8080

int main (string[] args) {
    var app = new H3.App ();
    app.get_server ().set_single_threaded (true);

    app.use ("/", new H3.Middleware ((event) => {
        event.set_header ("X-Server", "vala");
        event.next ();
    }));

    app.get ("/hello", (event) => {
        event.send_text ("Hello, %s!\n".printf (event.get_query ("name") ?? "world"));
    });

    app.get ("/users/:id", (event) => {
        var agent = event.get_request ().get_header ("User-Agent");
        event.send_json_text ("{\"id\": \"%s\", \"agent\": \"%s\"}".printf (event.get_param ("id"), agent));
    });

    app.post ("/echo", (event) => {
        var body = event.get_request ().get_body ();
        event.send_json_text ("{\"length\": %u, \"text\": \"%.*s\"}".printf (
            (uint) body.get_size (), (int) body.get_size (), (string) body.get_data ()));
    });

    app.get ("/teapot", (event) => {
        event.fail (new H3.HttpError.IM_A_TEAPOT ("I make no coffee."));
    });

    app.get ("/later", (event) => {
        var held = event.defer ();
        Timeout.add (20, () => {
            held.send_text ("later\n");
            return Source.REMOVE;
        });
    });

    return app.run (args);
}
