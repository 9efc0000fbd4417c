# One line a test program.
unit_tests += %D%/test-memory
