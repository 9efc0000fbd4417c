# One line a test program.
unit_tests += %D%/test-stream
unit_tests += %D%/test-stream-ending
EXTRA_DIST += %D%/stream-fixture.h
