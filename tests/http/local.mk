# One line a test program.
unit_tests += %D%/test-headers
unit_tests += %D%/test-conditional
unit_tests += %D%/test-forwarded
unit_tests += %D%/test-event
unit_tests += %D%/test-event-flow
unit_tests += %D%/test-event-waits
unit_tests += %D%/test-answer
unit_tests += %D%/test-answer-fields
unit_tests += %D%/test-ranged-answer
unit_tests += %D%/test-content
unit_tests += %D%/test-body
unit_tests += %D%/test-body-drain
unit_tests += %D%/test-answer-name
unit_tests += %D%/test-timing
unit_tests += %D%/test-json-lines
unit_tests += %D%/test-page
unit_tests += %D%/test-trailer
