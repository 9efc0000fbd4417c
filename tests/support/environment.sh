# Sourced before each test: options of the sanitizers, and where the published vectors lie.
# The suppression files name third-party code only, each line with its reason.
ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:strict_string_checks=1:${ASAN_OPTIONS:-}; export ASAN_OPTIONS
UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}; export UBSAN_OPTIONS
# Timeouts end what hangs: they say nothing of how fast a machine with much else to do is.
CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-60}; export CK_DEFAULT_TIMEOUT
CK_TIMEOUT_MULTIPLIER=${CK_TIMEOUT_MULTIPLIER:-5}; export CK_TIMEOUT_MULTIPLIER
