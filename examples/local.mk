# What examples/ adds to the build: one program a source, run by tests/e2e/test-examples.

example_programs =
example_programs += %D%/hello
example_programs += %D%/middleware
example_programs += %D%/stream
example_programs += %D%/deferred

noinst_PROGRAMS += $(example_programs)
example_libs = libh3-glib-1.0.la $(GLIB_LIBS) $(JANSSON_LIBS)
%C%_hello_LDADD = $(example_libs)
%C%_middleware_LDADD = $(example_libs)
%C%_stream_LDADD = $(example_libs)
%C%_deferred_LDADD = $(example_libs)
