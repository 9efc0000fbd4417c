# One line a test program.
unit_tests += %D%/test-loop
unit_tests += %D%/test-loop-run
unit_tests += %D%/test-deadlines
unit_tests += %D%/test-timer
unit_tests += %D%/test-offload
unit_tests += %D%/test-main-context
unit_tests += %D%/test-endings
unit_tests += %D%/test-resolver
unit_tests += %D%/test-watch
