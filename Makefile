# The few commands of this project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PLUGINS := $(wildcard plugins/provider-* plugins/channel-* plugins/ai-*)
GUESTS := $(filter-out tests/guests/target,$(patsubst %/plugin.toml,%,$(wildcard tests/guests/*/plugin.toml)))
EXAMPLES := $(patsubst %/plugin.toml,%,$(wildcard sdk/examples/*/plugin.toml))
# As root, missing Debian packages are installed; otherwise the commands say what to install.
INSTALL := $(if $(filter 0,$(shell id -u)),--install)
# No --package here, nor below where something is built unoptimised: without it cargo takes the features of the whole workspace,
# as the tests do, and what depends on them is built once.
PLUGIN_TOOL := cargo run --quiet --bin push-notify-plugin --
# The plugins are a workspace of their own; this is where they are built for the machine itself.
NATIVE := CARGO_TARGET_DIR=$(CURDIR)/target/native

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: run
run: build ## Build everything and start the server on SQLite in ./data; as root, serve as somebody else (RUN_AS=...)
	@echo "== the console: http://127.0.0.1:8080/console (where nothing else is configured); stop with Ctrl-C"
	@RUN_AS=$(RUN_AS) exec engine/serve.sh target/release/push-notify

.PHONY: build
build: plugins console ## Build target/release/push-notify with the official plugins and the console inside
	@echo "== building the server (the first time takes some minutes)"
	cargo build --release --package push-notify

.PHONY: dist
dist: plugins ## Build target/dist/push-notify, which is faster and takes long to build
	CONSOLE=required engine/console/build.sh build
	@echo "== building the server as a whole (half an hour the first time)"
	cargo build --profile dist --package push-notify

.PHONY: plugins
plugins: ## Build the official plugins to target/plugins
	@echo "== building the plugins to WebAssembly"
	$(PLUGIN_TOOL) build $(PLUGINS) --out target/plugins --target-dir target/wasm $(INSTALL)

.PHONY: console
console: ## Build the console to target/console, where Node.js is or can be installed (CONSOLE=required insists)
	@echo "== building the console"
	engine/console/build.sh build

.PHONY: guests
guests: ## Build what only the tests load: misbehaving plugins and the example
	@echo "== building the test plugins"
	$(PLUGIN_TOOL) build $(GUESTS) $(EXAMPLES) --out target/guests --target-dir target/wasm $(INSTALL)

.PHONY: test
test: plugins guests console ## Run all tests, with private PostgreSQL, Redis and SMTP servers
	tests/services.sh ensure
	tests/suite.sh

.PHONY: chaos
chaos: plugins guests ## Kill servers under load, 200 times on each database (ROUNDS=...)
	tests/services.sh ensure
	PUSH_NOTIFY_TEST_ROUNDS=$(or $(ROUNDS),200) tests/services.sh run \
		cargo test --workspace --test it pipeline::crash -- --nocapture --test-threads 1

.PHONY: schemathesis
schemathesis: plugins ## Requests made up from the OpenAPI document, as admin and as user
	cargo build --workspace --bin push-notify-under-test
	tests/schemathesis.sh

.PHONY: fuzz
fuzz: ## Throw made-up bytes at what parses the bytes of strangers (FUZZ_SECONDS=... each)
	tests/fuzz.sh

.PHONY: check
check: plugins ## Formatting, spelling, lints, documentation, dependencies, and some seconds of made-up bytes
	cargo fmt --all --check
	cargo fmt --all --check --manifest-path plugins/Cargo.toml
	cargo fmt --check --manifest-path tests/fuzz/Cargo.toml
	engine/console/build.sh check
	.ci/tools
	@if [ -x target/tools/venv/bin/typos ]; then target/tools/venv/bin/typos; fi
	cargo machete engine sdk plugins tests
	cargo clippy --workspace --all-targets --features push-notify-tests/bench,push-notify-tests/demo,push-notify-tests/gallery -- --deny warnings
	$(NATIVE) cargo clippy --manifest-path plugins/Cargo.toml --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet
	cargo deny --all-features check licenses bans sources
	cargo deny --all-features --manifest-path plugins/Cargo.toml --config deny.toml check licenses bans sources
	@if timeout 120 cargo deny fetch db >/dev/null 2>&1; then \
		cargo deny check --disable-fetch advisories; \
	else \
		echo "== the advisory database cannot be reached from here: advisories are not checked"; \
	fi
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),10) tests/fuzz.sh

.PHONY: bench
bench: dist guests ## Measure; prints ratios within this run
	tests/services.sh ensure
	FSYNC=on tests/services.sh run cargo run --release --package push-notify-tests --features bench --bin bench

.PHONY: demo
demo: plugins guests ## Pushes, a pipeline, an alert and JSON on their way to six stand-ins; prints the messages
	cargo run --features push-notify-tests/demo --bin demo

.PHONY: gallery
gallery: ## Pages in target/gallery with what readers see of every scene, at every channel
	cargo run --features push-notify-tests/gallery --bin gallery
