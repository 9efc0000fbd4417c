# One line a test program.
unit_tests += %D%/test-digest
unit_tests += %D%/test-digest-derive
unit_tests += %D%/test-base64
EXTRA_DIST += %D%/hex.h
