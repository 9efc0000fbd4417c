# One line a test program.
unit_tests += %D%/test-digest
unit_tests += %D%/test-digest-derive
unit_tests += %D%/test-base64
unit_tests += %D%/test-cipher
unit_tests += %D%/test-token
EXTRA_DIST += %D%/hex.h %D%/wycheproof.h
