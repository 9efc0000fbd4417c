# One line a test program.
unit_tests += %D%/test-pattern
unit_tests += %D%/test-route
unit_tests += %D%/test-router
unit_tests += %D%/test-router-random
%C%_test_router_random_SOURCES = %D%/test-router-random.c %D%/invented.c %D%/invented.h
unit_tests += %D%/test-route-cache
unit_tests += %D%/test-route-statics
unit_tests += %D%/test-route-segment
unit_tests += %D%/test-rules-random
%C%_test_rules_random_SOURCES = %D%/test-rules-random.c %D%/invented.c %D%/invented.h
