# One line a test program.
unit_tests += %D%/test-http1-body
tests_wire_test_http1_body_SOURCES = %D%/test-http1-body.c tests/support/body-cuts.c tests/support/body-cuts.h
unit_tests += %D%/test-http1-glance
unit_tests += %D%/test-http1-lint
unit_tests += %D%/test-http1-reader
unit_tests += %D%/test-http1-request-writer
unit_tests += %D%/test-http1-response-reader
unit_tests += %D%/test-http1-status-line
unit_tests += %D%/test-http1-writer
unit_tests += %D%/test-proxy-protocol
unit_tests += %D%/test-ws-frame
unit_tests += %D%/test-ws-reader
unit_tests += %D%/test-ws-handshake
unit_tests += %D%/test-ws-inflate
unit_tests += %D%/test-event-stream
