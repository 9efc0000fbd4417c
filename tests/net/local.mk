# One line a test program.
unit_tests += %D%/test-buffers
unit_tests += %D%/test-output-queue
unit_tests += %D%/test-transport
unit_tests += %D%/test-transport-ending
unit_tests += %D%/test-transport-tls
unit_tests += %D%/test-transport-tls-ending
EXTRA_DIST += %D%/tls-fixture.h
unit_tests += %D%/test-tls-files
EXTRA_DIST += %D%/transport-fixture.h
unit_tests += %D%/test-connector
unit_tests += %D%/test-connector-order
EXTRA_DIST += %D%/connector-fixture.h
EXTRA_DIST += %D%/client-tls-fixture.h
unit_tests += %D%/test-client-tls
unit_tests += %D%/test-client-tls-failing
unit_tests += %D%/test-client-tls-sessions
