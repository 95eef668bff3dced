# `make help` lists what there is. `run`, `demo` and `test` install what they need first (scripts/deps).
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GATEWAY := .build/release/gateway
FUZZ_SECONDS ?= 60

.PHONY: help deps release run demo test lint docs bench bench-peers bench-growth plots fuzz sanitize soak chaos mutants clean

help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

deps: ## install the system libraries that are missing (Debian, Ubuntu)
	@scripts/deps libsqlite3-dev libssl-dev libyaml-dev tzdata

release: deps
	@swift build -c release --product gateway

run: release ## the demonstration with a recipient who waits for you to press 1; serves until Ctrl-C
	@$(GATEWAY) demo --serve

demo: release ## a warranty alert goes WhatsApp, SMS, call; ends when the scripted recipient presses 1
	@$(GATEWAY) demo

# Tools of the tests: in a virtual environment below .build, so that nothing else of the machine changes.
.build/venv/.installed: Tests/requirements.txt
	@scripts/deps python3 python3-venv curl
	@python3 -m venv .build/venv
	@.build/venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/requirements.txt
	@touch $@

# Runs apart: tests over real sockets and processes have deadlines, which a core that explores states beside them would
# break, and Foundation's Process is not safe to use from several tests at once.
SOCKETS := ^(EventLoopTests|HTTPTests|TLSTests)\.
PROCESSES := ^(ProcessTests|CommandTests|ArgumentsTests)\.
EXPLORATION := ExplorationTests

# How every suite is run: $(call suites,OPTIONS) with what the build was made with.
define suites
	@swift test $(1) --skip-build --no-parallel --filter '$(SOCKETS)'
	@swift test $(1) --skip-build --no-parallel --filter '$(PROCESSES)'
	@swift test $(1) --skip-build --filter '$(EXPLORATION)'
	@swift test $(1) --skip-build --skip '$(SOCKETS)' --skip '$(PROCESSES)' --skip '$(EXPLORATION)'
endef

test: deps .build/venv/.installed ## every test: over sockets, of the built program, the exploration, then the rest
	@scripts/deps redis-tools
	@scripts/mutants --check
	@swift build --build-tests
	$(call suites)

lint: ## format and house rules of every Swift file, without a change
	@scripts/lint

docs: ## the reference of every public and package declaration, as pages in .build/reference
	@scripts/reference

bench: release ## speed and memory of this machine: `name value unit`, one a line; ONLY='timers_*' runs some
	@command -v cc gcc clang >/dev/null 2>&1 || scripts/deps gcc libc6-dev
	@PYTHONDONTWRITEBYTECODE=1 Benchmarks/bench $(if $(ONLY),--only $(foreach name,$(ONLY),'$(name)'))

bench-peers: release ## the same load on other programs in the same run, as ratios; ONLY='vs_go_*' runs some
	@command -v cc gcc clang >/dev/null 2>&1 || scripts/deps gcc libc6-dev
	@PYTHONDONTWRITEBYTECODE=1 Benchmarks/bench-peers $(if $(ONLY),--only $(foreach name,$(ONLY),'$(name)'))

bench-growth: release ## how cost grows with messages, timers, rules and contacts: Benchmarks/growth; ONLY=rules runs one
	@command -v cc gcc clang >/dev/null 2>&1 || scripts/deps gcc libc6-dev
	@PYTHONDONTWRITEBYTECODE=1 Benchmarks/bench-growth $(if $(ONLY),--only $(foreach name,$(ONLY),'$(name)'))

plots: ## the charts of docs/performance.md from Benchmarks/growth; measures nothing
	@PYTHONDONTWRITEBYTECODE=1 Benchmarks/plots

fuzz: deps ## every parser under libFuzzer and the address sanitizer, FUZZ_SECONDS (60) each; TARGET=json runs one
	@FUZZ_SECONDS=$(FUZZ_SECONDS) Fuzz/run $(TARGET)

# Paths of their own: objects built with and without a sanitizer cannot be mixed.
# Leaks are looked for in a run of its own, of what owns memory of C or goes away while much is under way. Elsewhere the
# detector takes for lost what is alive behind an enum's payload or a weak reference: Swift keeps bits of its own in
# such pointers, so that a configuration that lives until the end of a process would be reported.
LEAKS := ^(EventLoopTests|HTTPTests|TLSTests|SQLTests|StoreTests|CryptoTests|YAMLTests|SimulatorTests)\.
sanitize: export ASAN_OPTIONS := detect_leaks=0
sanitize: deps .build/venv/.installed .build-tsan/mutex.o ## every test with the address sanitizer, then with the thread sanitizer
	@swift build --scratch-path .build-asan --sanitize=address --build-tests
	$(call suites,--scratch-path .build-asan --sanitize=address)
	@ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Sanitizers/leaks.txt:print_suppressions=0 \
		swift test --scratch-path .build-asan --sanitize=address --skip-build --no-parallel --filter '$(LEAKS)'
	@swift build --scratch-path .build-tsan --sanitize=thread -Xlinker $(CURDIR)/.build-tsan/mutex.o --build-tests
	$(call suites,--scratch-path .build-tsan --sanitize=thread)

.build-tsan/mutex.o: Tests/Sanitizers/mutex.c
	@mkdir -p $(@D)
	@clang -Wall -Werror -O1 -fPIC -c $< -o $@

mutants: deps ## the delivery tests must fail for each deliberate mistake in Tests/Mutants; hours, resumes where it stopped
	@scripts/mutants

# Larger bounds of the exploration and fresh seeds of the random stories, optimized: hours of a debug build in minutes.
# A seed that fails is printed; GATEWAY_STORY_SEED=… make soak runs it alone, and SOAK_SEED=… the same seeds again.
SOAK_SEEDS ?= 200
SOAK_DELIVERIES ?= 2000
SOAK_TOTAL ?= 1000000
# Each story of delivery.md with so many seeds of faults.
SOAK_STORIES ?= 1000
soak: deps ## larger bounds of the exploration, SOAK_SEEDS (200) random stories of SOAK_DELIVERIES (2000), each story SOAK_STORIES (1000) times, SOAK_TOTAL on a bad disk
	@swift build --scratch-path .build-soak -c release --build-tests -Xswiftc -enable-testing
	@GATEWAY_SOAK=1 swift test --scratch-path .build-soak -c release -Xswiftc -enable-testing --skip-build \
		--filter '$(EXPLORATION)'
	@GATEWAY_SOAK=1 GATEWAY_SOAK_SEEDS=$(SOAK_SEEDS) GATEWAY_SOAK_DELIVERIES=$(SOAK_DELIVERIES) \
		GATEWAY_SOAK_SEED=$(SOAK_SEED) swift test --scratch-path .build-soak -c release -Xswiftc -enable-testing \
		--skip-build --filter 'RandomStories|DeterminismTests|RateLimitStories|MailingCrashStories'
	@GATEWAY_SOAK=1 GATEWAY_SOAK_STORIES=$(SOAK_STORIES) GATEWAY_SOAK_SEED=$(SOAK_SEED) swift test \
		--scratch-path .build-soak -c release -Xswiftc -enable-testing --skip-build --filter 'FaultedStories'
	@GATEWAY_SOAK=1 GATEWAY_SOAK_TOTAL=$(SOAK_TOTAL) GATEWAY_SOAK_DELIVERIES=$(SOAK_DELIVERIES) \
		GATEWAY_SOAK_SEED=$(SOAK_SEED) swift test --scratch-path .build-soak -c release -Xswiftc -enable-testing \
		--skip-build --filter 'DiskStories'

# CHAOS_SEED=… repeats the moments of a run.
CHAOS_KILLS ?= 100
chaos: export CHAOS_KILLS := $(CHAOS_KILLS)
chaos: release ## kills the program CHAOS_KILLS (100) times under load and looks at what the provider got
	@PYTHONDONTWRITEBYTECODE=1 scripts/chaos

clean: ## remove everything that was built; data/ stays
	@rm -rf .build .build-asan .build-tsan .build-fuzz .build-soak
