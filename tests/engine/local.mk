# One line a test program.
unit_tests += %D%/test-stream
unit_tests += %D%/test-stream-ending
EXTRA_DIST += %D%/stream-fixture.h
unit_tests += %D%/test-listen-group
unit_tests += %D%/test-listener
unit_tests += %D%/test-connection
unit_tests += %D%/test-connection-body
unit_tests += %D%/test-connection-deadlines
unit_tests += %D%/test-connection-ending
unit_tests += %D%/test-connection-room
unit_tests += %D%/test-connection-rest
unit_tests += %D%/test-connection-stream
unit_tests += %D%/test-service-manager
unit_tests += %D%/test-service-notices
