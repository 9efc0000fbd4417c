# One line a test program.
unit_tests += %D%/test-view
unit_tests += %D%/test-arena
unit_tests += %D%/test-bytes
unit_tests += %D%/test-counters
unit_tests += %D%/test-bounded-map
unit_tests += %D%/test-utf8
