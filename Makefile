# The commands of this repository. Each works on a fresh Debian with git, make and the .NET 10 SDK, as root or not.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build demo test test-servers bench format clean

SOURCES := $(shell find src -type f -not -path '*/obj/*' -not -path '*/bin/*') Directory.Build.props Directory.Packages.props global.json eng/build.sh
REDSHIFT_LOCAL_SOURCES := $(shell find tools/RedshiftLocal -type f -not -path '*/obj/*' -not -path '*/bin/*') Directory.Build.props Directory.Packages.props global.json eng/build-redshift-local.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

build: build/sluice build/redshift-local ## publish the programs to build/sluice and build/redshift-local

build/sluice: $(SOURCES)
	@eng/build.sh
	@touch $@

# After build/sluice, whose script empties the folder of files.
build/redshift-local: $(REDSHIFT_LOCAL_SOURCES) build/sluice
	@eng/build-redshift-local.sh
	@touch $@

demo: build ## load a real file with some spoiled rows, and a SQLite database, into PostgreSQL and Redshift
	@eng/demo.sh

test: ## format check, build, unit tests, server tests on one PostgreSQL
	@eng/test.sh

test-servers: ## server tests on further servers (MAJORS="12 13" or all; else 10 14 18)
	@eng/test-servers.sh

bench: build ## measure against psql and pgloader (SIZE=1GB ROUNDS=3 SETS="typed mixed text" BENCH="load sqlite start-up redshift-local")
	@eng/bench.sh

format: ## bring the code into the agreed format
	@dotnet format

clean: ## remove what was built, fetched and measured in passing
	rm -rf build artifacts
