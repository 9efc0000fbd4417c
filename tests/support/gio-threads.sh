# SPDX-License-Identifier: MIT
#
# Sourced by scripts that start programs of ours: for a build with ThreadSanitizer, what GIO does with
# its threads (gio-threads.supp).
TSAN_OPTIONS="${TSAN_OPTIONS:-} suppressions='${top_srcdir:-.}/tests/support/gio-threads.supp'"
export TSAN_OPTIONS
