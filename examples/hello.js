// SPDX-License-Identifier: MIT
//
// Routes, middleware, errors and an answer that comes later, in JavaScript. GJS runs functions on
// one thread only, so the server is single-threaded:
//     gjs -m hello.js --listen 127.0.0.1:8080
import GLib from 'gi://GLib';
import H3 from 'gi://H3?version=1.0';
import System from 'system';

const app = H3.App.new();
app.get_server().set_single_threaded(true);

app.use('/', H3.Middleware.new(event => {
    event.set_header('X-Server', 'javascript');
    event.next();
}));

app.get('/hello', event => {
    event.send_text(`Hello, ${event.get_query('name') ?? 'world'}!\n`);
});

app.get('/users/:id', event => {
    const agent = event.get_request().get_header('User-Agent');
    event.send_json_text(JSON.stringify({id: event.get_param('id'), agent}));
});

app.post('/echo', event => {
    const body = event.get_request().get_body();
    const text = new TextDecoder().decode(body.toArray());
    event.send_json_text(JSON.stringify({length: body.get_size(), text}));
});

app.get('/teapot', event => {
    event.fail(new GLib.Error(H3.http_error_quark(), 418, 'I make no coffee.'));
});

app.get('/later', event => {
    const held = event.defer();
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 20, () => {
        held.send_text('later\n');
        return GLib.SOURCE_REMOVE;
    });
});

System.exit(app.run(['hello.js', ...ARGV]));
