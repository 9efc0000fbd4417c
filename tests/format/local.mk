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
unit_tests += %D%/test-multipart
unit_tests += %D%/test-multipart-vectors
tests_format_test_multipart_SOURCES = %D%/test-multipart.c tests/support/form-cuts.c tests/support/form-cuts.h
tests_format_test_multipart_vectors_SOURCES = %D%/test-multipart-vectors.c tests/support/form-cuts.c tests/support/form-cuts.h
