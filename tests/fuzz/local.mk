# One line a fuzzer: fuzz_programs += %D%/fuzz-<module>
# Each is one source, fuzz-<module>.c, with libFuzzer's LLVMFuzzerTestOneInput (), built only
# where configure had --with-sanitizer=fuzzer; its seeds are the files of corpus/<module>/.

fuzz_programs =

FUZZ_SECONDS = 20
dist_check_SCRIPTS += %D%/run-fuzzers
if FUZZING
check_PROGRAMS += $(fuzz_programs)
$(fuzz_programs): AM_LDFLAGS += -fsanitize=fuzzer
check-fuzz: $(fuzz_programs)
	@$(AM_TESTS_ENVIRONMENT) '$(abs_top_srcdir)/%D%/run-fuzzers' $(FUZZ_SECONDS) $(fuzz_programs)
else
check-fuzz:
	@echo 'Fuzzers need clang: ../configure CC=clang --with-sanitizer=fuzzer' >&2; exit 1
endif
.PHONY: check-fuzz
