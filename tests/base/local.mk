# One line a test program.
unit_tests += %D%/test-debug
unit_tests += %D%/test-view
unit_tests += %D%/test-arena
unit_tests += %D%/test-bytes
unit_tests += %D%/test-counters
unit_tests += %D%/test-bounded-map
unit_tests += %D%/test-utf8
unit_tests += %D%/test-sip-hash
unit_tests += %D%/test-histogram
unit_tests += %D%/test-standing-delay
unit_tests += %D%/test-file-text
unit_tests += %D%/test-version
