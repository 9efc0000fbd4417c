# System calls that fail by order. The calls are linked into each test program here, and are also a
# module to be preloaded into a program that knows nothing of it.
fault_calls = %D%/fault.c %D%/fault.h %D%/fault-calls.c %D%/fault-calls.h %D%/fault-bytes.c
fault_calls += %D%/fault-libraries.c
fault_sources = $(fault_calls)
fault_sources += %D%/talk.c %D%/talk.h
fault_sources += %D%/sweep.c %D%/sweep.h %D%/exchange.c %D%/exchange.h
fault_sources += %D%/fault-server.c %D%/fault-server.h

# One line a test program, and one for its sources.
e2e_tests += %D%/test-fault-running
tests_fault_test_fault_running_SOURCES = %D%/test-fault-running.c $(fault_sources)
e2e_tests += %D%/test-fault-lives
tests_fault_test_fault_lives_SOURCES = %D%/test-fault-lives.c $(fault_sources)
e2e_tests += %D%/test-fault-random
tests_fault_test_fault_random_SOURCES = %D%/test-fault-random.c $(fault_calls)
e2e_tests += %D%/test-fault-session
tests_fault_test_fault_session_SOURCES = %D%/test-fault-session.c $(fault_calls)
e2e_tests += %D%/test-fault-demo
tests_fault_test_fault_demo_SOURCES = %D%/test-fault-demo.c $(fault_sources)

e2e_tests += %D%/test-fault-redis
tests_fault_test_fault_redis_SOURCES = %D%/test-fault-redis.c $(fault_calls) %D%/sweep.c %D%/sweep.h

e2e_tests += %D%/test-fault-connector
tests_fault_test_fault_connector_SOURCES = %D%/test-fault-connector.c $(fault_calls) %D%/sweep.c %D%/sweep.h
e2e_tests += %D%/test-fault-client-tls
tests_fault_test_fault_client_tls_SOURCES = %D%/test-fault-client-tls.c $(fault_calls) %D%/sweep.c %D%/sweep.h

e2e_tests += %D%/test-fault-client
tests_fault_test_fault_client_SOURCES = %D%/test-fault-client.c $(fault_calls) %D%/sweep.c %D%/sweep.h
tests_fault_test_fault_client_SOURCES += tests/client/client-fixture.c tests/client/client-fixture.h
e2e_tests += %D%/test-fault-fetch
tests_fault_test_fault_fetch_SOURCES = %D%/test-fault-fetch.c $(fault_calls) %D%/sweep.c %D%/sweep.h

# h3d with the calls linked into it: under a sanitizer nothing may be preloaded before its runtime.
if HAVE_CHECK
check_PROGRAMS += %D%/faulty-h3d
check_LTLIBRARIES += %D%/h3-fault.la
endif
tests_fault_faulty_h3d_SOURCES = $(bin_h3d_SOURCES) $(fault_calls) %D%/fault-preload.c
tests_fault_faulty_h3d_LDADD = libh3-internal.la

tests_fault_h3_fault_la_SOURCES = $(fault_calls) %D%/fault-preload.c
tests_fault_h3_fault_la_CFLAGS = $(AM_CFLAGS)
tests_fault_h3_fault_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -rpath '$(abs_builddir)'

dist_check_SCRIPTS += %D%/check-fault-preload
if !SANITIZED
TESTS += %D%/check-fault-preload
endif

e2e_tests += %D%/test-fault-proxy
tests_fault_test_fault_proxy_SOURCES = %D%/test-fault-proxy.c $(fault_calls) %D%/sweep.c %D%/sweep.h

e2e_tests += %D%/test-fault-runs
tests_fault_test_fault_runs_SOURCES = %D%/test-fault-runs.c $(fault_calls) %D%/sweep.c %D%/sweep.h
tests_fault_test_fault_runs_SOURCES += tests/workflow/asked-runs.c tests/workflow/asked-runs.h
e2e_tests += %D%/test-fault-workflows
tests_fault_test_fault_workflows_SOURCES = %D%/test-fault-workflows.c $(fault_calls) %D%/sweep.c %D%/sweep.h
tests_fault_test_fault_workflows_SOURCES += tests/workflow/workflows-fixture.c tests/workflow/workflows-fixture.h
