# One line a test program.
unit_tests += %D%/test-memory
unit_tests += %D%/test-metrics
unit_tests += %D%/test-traffic
unit_tests += %D%/test-metrics-text
unit_tests += %D%/test-trend-noise
unit_tests += %D%/test-trend
