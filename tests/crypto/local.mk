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
unit_tests += %D%/test-certificate
unit_tests += %D%/test-certificate-make
unit_tests += %D%/test-password
EXTRA_DIST += %D%/certificates.h %D%/hex.h %D%/keys.h %D%/make-key.h %D%/wycheproof.h
unit_tests += %D%/test-jwt
unit_tests += %D%/test-jwt-verifier
unit_tests += %D%/test-jwt-claims
EXTRA_DIST += %D%/jwt-forge.h
