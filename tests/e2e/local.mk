# One line a test program.

# Other people's clients against h3d demo; each is skipped where its program is missing.
client_checks =
dist_check_SCRIPTS += $(client_checks)
TESTS += $(client_checks)
