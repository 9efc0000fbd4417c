# One line a test program.
unit_tests += %D%/test-buffers
unit_tests += %D%/test-output-queue
unit_tests += %D%/test-transport
unit_tests += %D%/test-transport-ending
unit_tests += %D%/test-transport-tls
EXTRA_DIST += %D%/transport-fixture.h
