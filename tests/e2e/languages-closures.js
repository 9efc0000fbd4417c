// SPDX-License-Identifier: MIT
//
// What is handed to an app, to an event and to what an event begins is called on the one thread that
// JavaScript has, and let go of with it; an exception is answered 500, and so is what is forgotten.
import GLib from 'gi://GLib';
import H3 from 'gi://H3?version=1.0';
import System from 'system';

const answers = {
    '/': [200, 'called'], '/hooks': [200, 'a b'], '/after': [200, 'after'], '/timer': [200, 'timer'],
    '/kept': [200, 'kept'], '/dropped': [500, null], '/exception': [500, null],
    '/nowhere': [404, null],
};
const handlers = {
    '/': event => event.send_text('called'),
    '/hooks': event => {
        const cookies = [];
        event.set_variant('key', GLib.Variant.new_string('kept'));
        event.on_send(sent => sent.set_header('X-Variant', sent.get_variant('key').unpack()));
        event.on_dispose(() => n_disposed++);
        event.foreach_cookie(name => cookies.push(name) > 0);
        event.send_text(cookies.join(' '));
    },
    '/after': event => event.after(1, due => due.send_text('after')),
    '/timer': event => {
        const held = event.defer();
        H3.Timer.start(1, false, () => held.send_text('timer'));
    },
    '/kept': event => {
        const held = event.defer();
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            held.send_text('kept');
            return GLib.SOURCE_REMOVE;
        });
    },
    '/dropped': event => {
        event.defer();
        GLib.idle_add(GLib.PRIORITY_LOW, () => {
            System.gc();
            return GLib.SOURCE_REMOVE;
        });
    },
    '/exception': () => {
        throw new Error('meant by the test');
    },
};
let n_disposed = 0, fault = null;

function expect(is_so, ...what) {
    if (!is_so)
        throw new Error(`not so: ${what.join(' ')}`);
}

function newApp() {
    const app = H3.App.new_with_preset(H3.Preset.TESTING);
    const middleware = H3.Middleware.new(event => event.next());

    app.get_server().single_threaded = true;
    expect(app.get_server().get_single_threaded(), 'single-threaded');
    middleware.set_predicate(() => true);
    app.use('/', middleware);
    app.on_request(() => {});
    app.on_response(() => {});
    for (const path in handlers)
        app.get(path, handlers[path]);
    return app;
}

// All paths several times, by the library's own client, on the context that is run.
function askAll(port, loop) {
    const client = H3.Client.new();
    const waiting = Array(5).fill(Object.keys(answers)).flat();

    function ask() {
        if (waiting.length === 0 || fault) {
            loop.quit();
            return;
        }
        const path = waiting.pop();
        const request = H3.ClientRequest.new('GET', `http://127.0.0.1:${port}${path}`);

        request.set_header('Cookie', 'a=1; b=2');
        client.fetch_async(request, null, (_, result) => {
            try {
                const answer = client.fetch_finish(result);
                const [status, text] = answers[path];

                expect(answer.get_status() === status, path, answer.get_status());
                expect(text === null || answer.get_text() === text, path, answer.get_text());
                expect(path !== '/hooks' || answer.get_header('X-Variant') === 'kept', path);
            } catch (problem) {
                fault = problem;
            }
            ask();
        });
    }

    ask();
    loop.run();
}

function serve() {
    const app = newApp(), loop = new GLib.MainLoop(null, false);

    app.get_server().connect('stopped', () => loop.quit());
    app.start();
    askAll(app.get_server().get_port(), loop);
    app.stop();
    loop.run();
}

serve();
if (fault)
    throw fault;
expect(n_disposed === 5, 'disposed', n_disposed);
// What collected objects held is let go of in a turn of the context.
const context = GLib.MainContext.default();
for (let i = 0; i < 3; i++) {
    System.gc();
    while (context.iteration(false))
        ;
}
const kinds = JSON.parse(H3.memory_report_to_json_text()).kinds;
const left = Object.keys(kinds).filter(kind => kinds[kind].now !== 0);
expect(left.length === 0, 'left', left.map(kind => `${kind} ${kinds[kind].now}`));
