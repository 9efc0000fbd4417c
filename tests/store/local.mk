# One line a test program.
unit_tests += %D%/test-bucket
unit_tests += %D%/test-store-url
unit_tests += %D%/test-memory-store
unit_tests += %D%/test-memory-threads
%C%_test_memory_store_SOURCES = %D%/test-memory-store.c %D%/store-cases.c %D%/store-cases.h
unit_tests += %D%/test-redis-store
%C%_test_redis_store_SOURCES = %D%/test-redis-store.c %D%/store-cases.c %D%/store-cases.h
unit_tests += %D%/test-redis-failures
unit_tests += %D%/test-redis-threads
