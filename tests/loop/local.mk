# One line a test program.
unit_tests += %D%/test-loop
unit_tests += %D%/test-deadlines
