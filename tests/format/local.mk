# One line a test program.
unit_tests += %D%/test-address
unit_tests += %D%/test-address-kind
unit_tests += %D%/test-date
unit_tests += %D%/test-mime
unit_tests += %D%/test-negotiation
unit_tests += %D%/test-cookie
unit_tests += %D%/test-percent
unit_tests += %D%/test-path
unit_tests += %D%/test-query
unit_tests += %D%/test-authority
unit_tests += %D%/test-url
unit_tests += %D%/test-json
unit_tests += %D%/test-json-writer
unit_tests += %D%/test-ndjson
unit_tests += %D%/test-template
unit_tests += %D%/test-template-place
