# One line a test program.
unit_tests += %D%/test-access-log-line %D%/test-access-log-writer %D%/test-access-log
unit_tests += %D%/test-compression
unit_tests += %D%/test-compression-bodies
EXTRA_DIST += %D%/coded.h
unit_tests += %D%/test-decoding
unit_tests += %D%/test-server-timing
