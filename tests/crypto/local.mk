# One line a test program.
unit_tests += %D%/test-digest
unit_tests += %D%/test-digest-derive
unit_tests += %D%/test-base64
unit_tests += %D%/test-cipher
unit_tests += %D%/test-token
unit_tests += %D%/test-key
unit_tests += %D%/test-key-text
unit_tests += %D%/test-key-jwk
unit_tests += %D%/test-key-sign
EXTRA_DIST += %D%/hex.h %D%/keys.h %D%/wycheproof.h
