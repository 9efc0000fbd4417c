# What examples/ adds to the build: one program a source, run by tests/e2e/test-examples and
# check-examples.

example_programs =
example_programs += %D%/hello
example_programs += %D%/routes
example_programs += %D%/middleware
example_programs += %D%/json-api
example_programs += %D%/static-site
example_programs += %D%/upload
example_programs += %D%/login
example_programs += %D%/stream
example_programs += %D%/events
example_programs += %D%/chat
example_programs += %D%/deferred
example_programs += %D%/workflow
example_programs += %D%/client
example_programs += %D%/fetch-in-handler
example_programs += %D%/fetch-main-loop
EXTRA_DIST += %D%/README.md

noinst_PROGRAMS += $(example_programs)
example_libs = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
%C%_hello_LDADD = $(example_libs)
%C%_routes_LDADD = $(example_libs)
%C%_middleware_LDADD = $(example_libs)
%C%_json_api_LDADD = $(example_libs)
%C%_static_site_LDADD = $(example_libs)
%C%_upload_LDADD = $(example_libs)
%C%_login_LDADD = $(example_libs)
%C%_stream_LDADD = $(example_libs)
%C%_events_LDADD = $(example_libs)
%C%_chat_LDADD = $(example_libs)
%C%_deferred_LDADD = $(example_libs)
%C%_workflow_LDADD = $(example_libs)
%C%_client_LDADD = $(example_libs)
%C%_fetch_in_handler_LDADD = $(example_libs)
%C%_fetch_main_loop_LDADD = $(example_libs)

# Run by tests/e2e/check-python, check-vala and check-javascript.
EXTRA_DIST += %D%/hello.py %D%/hello.vala %D%/hello.js
# The pages on migrating show these; check-migrating compiles those of other libraries.
noinst_PROGRAMS += %D%/migrating/notes-h3
%C%_migrating_notes_h3_LDADD = $(example_libs)
EXTRA_DIST += %D%/migrating/notes-evhttp.c %D%/migrating/notes-libsoup.c
EXTRA_DIST += %D%/migrating/notes-microhttpd.c
