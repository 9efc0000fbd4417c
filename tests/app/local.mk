# One line a test program.
EXTRA_DIST += %D%/ask.h %D%/rules.h %D%/trace.h
unit_tests += %D%/test-inject
unit_tests += %D%/test-app-routes
unit_tests += %D%/test-app-chain
unit_tests += %D%/test-app-hooks
unit_tests += %D%/test-app-options
unit_tests += %D%/test-app-request
unit_tests += %D%/test-app-answer
unit_tests += %D%/test-app-errors
unit_tests += %D%/test-inject-later
unit_tests += %D%/test-app-route-cache
unit_tests += %D%/test-app-rules
unit_tests += %D%/test-app-redirects
