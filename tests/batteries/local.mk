# One line a test program.
unit_tests += %D%/test-access-log-line %D%/test-access-log-writer %D%/test-access-log
unit_tests += %D%/test-beneath-root %D%/test-turn-files
