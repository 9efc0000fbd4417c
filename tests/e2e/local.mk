# One line a test program.
e2e_tests += %D%/test-no-allocation
e2e_tests += %D%/test-examples
e2e_tests += %D%/test-lifetimes-data
e2e_tests += %D%/test-shutdown-app
e2e_tests += %D%/test-shutdown
e2e_tests += %D%/test-app-server
e2e_tests += %D%/test-refused-logged
e2e_tests += %D%/test-lifetimes-output
e2e_tests += %D%/test-lifetimes-many
e2e_tests += %D%/test-lifetimes-handles
e2e_tests += %D%/test-demo
e2e_tests += %D%/test-demo-answer
e2e_tests += %D%/test-demo-bytes
e2e_tests += %D%/test-demo-stream
e2e_tests += %D%/test-demo-message
e2e_tests += %D%/test-ranges
e2e_tests += %D%/test-generator
e2e_tests += %D%/test-streams
e2e_tests += %D%/test-demo-cache
e2e_tests += %D%/test-demo-cookie
e2e_tests += %D%/test-demo-document
e2e_tests += %D%/test-demo-upload
e2e_tests += %D%/test-demo-json-rpc
e2e_tests += %D%/test-demo-redirect
e2e_tests += %D%/test-demo-status
e2e_tests += %D%/test-serve
e2e_tests += %D%/test-static-files
e2e_tests += %D%/test-static-paths
e2e_tests += %D%/test-static-copies
e2e_tests += %D%/test-slow-peers
e2e_tests += %D%/test-listeners
e2e_tests += %D%/test-sse
e2e_tests += %D%/test-sse-channel
e2e_tests += %D%/test-demo-sse
EXTRA_DIST += %D%/sse-fixture.h
e2e_tests += %D%/test-inherited
e2e_tests += %D%/test-supervised
e2e_tests += %D%/test-compression

# Other people's clients against h3d demo; each is skipped where its program is missing.
client_checks = %D%/check-curl-client %D%/check-python-client
# httpbin itself beside h3d demo.
client_checks += %D%/check-httpbin
dist_check_SCRIPTS += $(client_checks)
EXTRA_DIST += %D%/demo.sh
EXTRA_DIST += %D%/httpbin-compare.py %D%/httpbin-table.py
TESTS += $(client_checks)
