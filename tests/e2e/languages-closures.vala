// SPDX-License-Identifier: MIT
//
// What handlers close over lives as long as what they were handed to, and no longer: with workers
// and without.

int n_made = 0;
int n_freed = 0;

class Watched {
    public string text;

    public Watched (string text) {
        this.text = text;
        AtomicInt.inc (ref n_made);
    }

    ~Watched () {
        AtomicInt.inc (ref n_freed);
    }
}

void add_routes (H3.App app) {
    var shared = new Watched ("called");
    var seen = new Watched ("seen");

    app.use ("/", new H3.Middleware ((event) => {
        event.set_header ("X-Seen", seen.text);
        event.next ();
    }));
    app.get ("/", (event) => {
        var mine = new Watched ("mine");
        event.on_send ((sent) => sent.set_header ("X-Mine", mine.text));
        event.on_dispose ((gone, outcome) => assert (mine.text == "mine"));
        event.send_text (shared.text);
    });
    app.get ("/offload", (event) => {
        var mine = new Watched ("not yet");
        event.offload ((cancellable) => mine.text = "worked", (event) => event.send_text (mine.text));
    });
    app.get ("/later", (event) => {
        var mine = new Watched ("later");
        event.after (1, (event) => event.send_text (mine.text));
    });
}

async void ask_all (uint port) throws Error {
    var client = new H3.Client ();
    string[,] answers = { { "/", "called" }, { "/offload", "worked" }, { "/later", "later" } };

    for (int i = 0; i < 15; i++) {
        var path = answers[i % 3, 0];
        var request = new H3.ClientRequest ("GET", "http://127.0.0.1:%u%s".printf (port, path));
        var answer = yield client.fetch_async (request, null);

        assert (answer.get_status () == 200);
        assert (answer.get_text () == answers[i % 3, 1]);
        assert (answer.get_header ("X-Seen") == "seen");
        assert ((answer.get_header ("X-Mine") == "mine") == (path == "/"));
    }
}

// Apart from the app, which would hold itself by what its server holds.
void quit_at_the_end (H3.Server server, MainLoop loop) {
    server.stopped.connect (() => loop.quit ());
}

void serve (bool is_single) throws Error {
    var loop = new MainLoop ();
    var app = new H3.App.with_preset (H3.Preset.TESTING);
    var server = app.get_server ();

    server.single_threaded = is_single;
    quit_at_the_end (server, loop);
    add_routes (app);
    app.start ();
    ask_all.begin (server.get_port (), (_, result) => {
        try {
            ask_all.end (result);
        } catch (Error problem) {
            error ("%s", problem.message);
        }
        app.stop ();
    });
    loop.run ();
    assert (n_made == 17);
    assert (n_freed == 15);
}

void main () {
    foreach (var is_single in new bool[] { true, false }) {
        n_made = n_freed = 0;
        try {
            serve (is_single);
        } catch (Error problem) {
            error ("%s", problem.message);
        }
        while (MainContext.default ().iteration (false)) {
        }
        assert (n_freed == n_made);
    }
}
