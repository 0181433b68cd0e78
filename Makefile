# One verb each; CI calls the same ones. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint bench bench-all soak size fuzz fuzz-long mutants vectors clean matrix versions

help: ## what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing: wasm target, pinned tools, npm packages, headless Chromium
	@scripts/setup.sh test

build: ## the npm package, in pkg/dist
	@scripts/setup.sh demo
	@node pkg/scripts/build.mjs

demo: ## a real Better Auth server and a Worker before it, and the page that shows them
	@scripts/demo.sh

test: ## everything: native, wasm in Node and Chromium, the package, differential, the page
	@scripts/test.sh

lint: ## formatting, clippy, rustdoc, eslint, cargo-deny, and our own checks of the sources
	@scripts/test.sh lint

bench: ## time, size of memory and cold start beside 0.1.0 and better-auth, one table; PARTS="verify gate" for some
	@scripts/bench.sh $(PARTS)

bench-all: ## the same, and every longer benchmark: feeds, revocation, native Rust
	@scripts/bench.sh all

soak: ## gates under load on Redis and a Durable Object, whose feed is restarted, then the memory of workerd; MINUTES=30
	@scripts/soak.sh

size: ## what each entry loads, in bytes, raw and compressed
	@scripts/size.sh

fuzz: ## libFuzzer on everything that reads a visitor's bytes, compared with other libraries and with Better Auth; MINUTES=5
	@scripts/fuzz.sh

fuzz-long: ## the same for hours, with more cases of the property tests; MINUTES=240
	@MINUTES=$${MINUTES:-240} CASES=$${CASES:-200000} scripts/fuzz.sh

mutants: ## changes the code of cache, gate and revocation, and lists the changes that no test notices; SHARD=0/8 for a part
	@scripts/mutants.sh

vectors: ## mint vectors/better-auth anew with real servers of every version
	@scripts/setup.sh demo
	@node harness/vectors.mjs
	@node harness/verdicts.mjs

matrix: ## the package in the versions of its runtimes, bundlers and compilers; writes docs/compatibility.md (PARTS="types next" for some)
	@scripts/setup.sh matrix
	@node pkg/scripts/build.mjs
	@node matrix/run.mjs $(PARTS)

versions: ## every published Better Auth from 1.4.0 on; writes docs/versions.md
	@scripts/setup.sh demo
	@node pkg/scripts/build.mjs
	@node matrix/versions.mjs

clean: ## remove what was built; the tools and npm packages stay
	rm -rf target pkg/dist pkg/src/runtime/generated test-results
