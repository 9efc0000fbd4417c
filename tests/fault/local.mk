# System calls that fail by order. The calls are linked into each test program here, and are also a
# module to be preloaded into a program that knows nothing of it.
fault_calls = %D%/fault.c %D%/fault.h %D%/fault-calls.c %D%/fault-calls.h %D%/fault-bytes.c
fault_sources = $(fault_calls)
fault_sources += %D%/sweep.c %D%/sweep.h %D%/exchange.c %D%/exchange.h
fault_sources += %D%/fault-server.c %D%/fault-server.h

# One line a test program, and one for its sources.
e2e_tests += %D%/test-fault-running
tests_fault_test_fault_running_SOURCES = %D%/test-fault-running.c $(fault_sources)
e2e_tests += %D%/test-fault-lives
tests_fault_test_fault_lives_SOURCES = %D%/test-fault-lives.c $(fault_sources)
e2e_tests += %D%/test-fault-random
tests_fault_test_fault_random_SOURCES = %D%/test-fault-random.c $(fault_calls)
