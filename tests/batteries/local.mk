# One line a test program.
unit_tests += %D%/test-access-log-line %D%/test-access-log-writer %D%/test-access-log
unit_tests += %D%/test-beneath-root %D%/test-turn-files
unit_tests += %D%/test-form
tests_batteries_test_form_SOURCES = %D%/test-form.c %D%/form-text.h
unit_tests += %D%/test-upload
tests_batteries_test_upload_SOURCES = %D%/test-upload.c %D%/form-text.h
unit_tests += %D%/test-server-timing
unit_tests += %D%/test-json-rpc
unit_tests += %D%/test-json-rpc-http
unit_tests += %D%/test-beneath-root
unit_tests += %D%/test-compression
unit_tests += %D%/test-compression-bodies
EXTRA_DIST += %D%/coded.h
unit_tests += %D%/test-decoding
unit_tests += %D%/test-validation
