# One line a test program.
unit_tests += %D%/test-headers
unit_tests += %D%/test-conditional
unit_tests += %D%/test-forwarded
