# The doors of the house. Each target says what it does; `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run demo test check fmt bench bench-intake sim shots

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## set up, build, and open a station of the sample company with emulated devices; Ctrl-C ends it
	@scripts/setup.sh
	@scripts/build.sh
	@scripts/run.sh

demo: ## the same, with an emulated worker who works a wave, mistakes included
	@scripts/setup.sh
	@scripts/build.sh
	@scripts/demo.sh

test: ## everything that is checked and tested, cheapest first
	@scripts/setup.sh --tests
	@scripts/test.sh

check: ## what can be said without running: rustfmt, oxlint, vue-tsc, house rules, clippy
	@scripts/setup.sh
	@scripts/check.sh

fmt: ## lay out the Rust code
	@cargo fmt --all

bench: ## the speed and size budgets, as a table and as target/bench/*.json
	@scripts/setup.sh --tests
	@scripts/build.sh --release
	@scripts/bench.sh

bench-intake: ## how orders are taken in a show, beside PostgreSQL and OR-Tools, and target/bench/intake.json
	@scripts/setup.sh --tests
	@scripts/build.sh --release
	@scripts/bench-intake.sh

sim: ## 2,000 made-up days on which everything goes wrong between stations and server; SEEDS=n for more or fewer
	@scripts/sim.sh $(SEEDS)

shots: ## make the screenshots that the README shows anew
	@scripts/setup.sh --tests
	@scripts/build.sh
	@scripts/shots.sh
