# From a fresh checkout and a Swift 6.2 (or later) toolchain: `make train`, `make test`.
#
#   DATA=folder            train on the MNIST files in that folder
#   ARGS="--epochs 2"      more flags for `gan train`
#   TARGET=csv SECONDS=300 a reader for `make fuzz`, and how long
#   WARNINGS_AS_ERRORS=1   build strictly, in a folder of its own so that switching rebuilds nothing

DATA ?=
ARGS ?=
TARGET ?= all
SECONDS ?= 60

# The pure and the kernel tests: seconds, no data, no Python.
PURE_TESTS := GANTensorTests|GANGraphTests|GANRuntimeTests|CKernelsTests|GANFormatsTests

# Tests judge gan as it ships, built for release, but for seeing inside: a build in a folder of its own, so
# that switching rebuilds nothing. A strict build is both: what trains there is what is judged.
# -Werror must not come last: for dependencies SwiftPM drops it and the word after it, as if a warning group.
ifeq ($(WARNINGS_AS_ERRORS),1)
TESTED := -c release --scratch-path .build-strict -Xswiftc -enable-testing \
  -Xswiftc -warnings-as-errors -Xcc -Werror -Xcc -Wall
SHIPPED := $(TESTED)
else
TESTED := -c release --scratch-path .build-tests -Xswiftc -enable-testing
SHIPPED := -c release
endif

# Tests run one after another: programs that compute on every core at once stand in each other's way.
TEST := --skip-build --disable-xctest --no-parallel

.PHONY: help train test soak fuzz check build documentation dependencies lint floors check-strictly
.DEFAULT_GOAL := help

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

train: ## Train the tutorial's GAN on MNIST (its folder: DATA=folder), or what else there is; ARGS="--epochs 2"
	@Scripts/install-dependencies $(if $(DATA),,--fashion-mnist)
	swift build $(SHIPPED) --product gan
	@gan="$$(swift build $(SHIPPED) --show-bin-path)/gan" && \
	  exec "$$gan" train $(if $(DATA),--dataset mnist --data-dir "$(DATA)") $(ARGS)

test: ## Run every test
	@Scripts/install-dependencies --tests
	@Tests/Parity/announce
	swift build $(TESTED) --build-tests
	swift test $(TESTED) $(TEST)

soak: ## Run every test with every long campaign whole, those of a debug build, and build the example
	@GAN_TEST_SOAK=1 $(MAKE) --no-print-directory test
	swift build --build-tests -Xcc -O2
	swift test -Xcc -O2 $(TEST) --skip GANCommandsTests
	swift build --package-path Examples/Server --scratch-path .build-example

fuzz: dependencies ## Feed readers of files with made-up bytes: TARGET=name|all|list SECONDS=60 (each)
	Scripts/fuzz "$(TARGET)" "$(SECONDS)"

check: dependencies ## Judge a change: format, floors, strict build, pure and kernel tests
	@$(MAKE) --no-print-directory WARNINGS_AS_ERRORS=1 lint floors check-strictly

build: dependencies ## Build gan for release and say where it is
	swift build $(SHIPPED) --product gan
	@echo "$$(swift build $(SHIPPED) --show-bin-path)/gan"

documentation: dependencies ## Write the library's reference with DocC; a warning is an error
	GAN_DOCUMENTATION=1 swift package --scratch-path .build-documentation \
	  generate-documentation --target SwiftGAN --warnings-as-errors

dependencies:
	@Scripts/install-dependencies

lint:
	swift format lint --strict --recursive --parallel Package.swift $(wildcard Sources Tests Fuzz)

floors:
	Scripts/check-floors --self-test
	Scripts/check-floors

check-strictly:
	swift build $(TESTED) --build-tests
	swift test $(TESTED) $(TEST) --filter '$(PURE_TESTS)'
