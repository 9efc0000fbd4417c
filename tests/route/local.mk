# One line a test program.
unit_tests += %D%/test-pattern
unit_tests += %D%/test-route
unit_tests += %D%/test-router
unit_tests += %D%/test-router-random
unit_tests += %D%/test-route-cache
unit_tests += %D%/test-route-statics
unit_tests += %D%/test-route-segment
unit_tests += %D%/test-rules-random
