# netprobe: `make demo` and `make test` are the two commands; each installs what it needs and is missing.
# Debian and Ubuntu: with apt-get, through sudo where the user is not root. A Swift 6.3 toolchain must be there.

PREFIX ?= /usr/local
SWIFT ?= swift
SECONDS ?= 60
SHELL := /bin/bash
export PATH := $(PATH):/usr/sbin:/sbin

.DEFAULT_GOAL := help
.PHONY: help demo test lint format docs build release check-release soak install uninstall setcap captures goldens bench fuzz \
  clean build-needs test-needs soak-needs bench-needs

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

demo: release ## Build, run the TCP echo demo and show which call caused which packet
	@$(RELEASE) demo tcp-echo

# A hang is a failure, not a wait for ever; macOS has no timeout(1).
LIMIT = $(if $(shell command -v timeout),timeout --foreground 1200)

test: test-needs ## Run all tests (at most 15 minutes on 2 cores)
	$(SWIFT) build --build-tests
	$(LIMIT) $(SWIFT) test --skip-build
	@# A new network namespace's loopback is off: bringing it up can be tested only inside one.
	@if unshare -Urn true 2>/dev/null; then \
	  NETPROBE_IN_NAMESPACE=1 unshare -Urn $(SWIFT) test --skip-build --filter 'loopbackOfANewNamespace|TwoHostWireTests'; \
	else echo "*** NOT CHECKED ON THIS MACHINE: a new namespace's loopback, the wire between two hosts (no user namespaces)"; fi

SWIFT_FILES = Sources Tests Package.swift
lint: ## Check that the sources have their format
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FILES)

format: ## Give the sources their format
	$(SWIFT) format format --in-place --parallel --recursive $(SWIFT_FILES)

DOCUMENTED = netprobe $(filter-out netprobe CNetShims CPcap CZlib CCrypto,$(notdir $(wildcard Sources/*)))
# The plugin that makes them is fetched and built for this target alone.
docs: build-needs ## Build the documentation (architecture, recipes, every module) into .build/documentation
	NETPROBE_DOCS=1 $(SWIFT) package --allow-writing-to-directory .build/documentation generate-documentation \
	  --output-path .build/documentation --enable-experimental-combined-documentation $(foreach module,$(DOCUMENTED),--target $(module))

build: build-needs ## Build for debugging
	$(SWIFT) build

RELEASE = .build/release/netprobe
release: build-needs ## Build the release
	$(SWIFT) build -c release --product netprobe

check-release: test-needs release ## Check that the release build says what the debug build says, and runs every demo
	$(SWIFT) build --product netprobe
	@Tests/Release/check.sh $(RELEASE) .build/debug/netprobe

soak: test-needs soak-needs release ## Run what takes long: hundreds of demos, scans through loss, 10,000 clients
	@Tests/Soak/demos.sh $(RELEASE) $${RUNS:-200}
	@python3 Tests/Soak/scans.py $(RELEASE) $${SCANS:-100}
	@python3 Tests/Soak/rate_limits.py $(RELEASE) $${LIMITS:-10}
	@python3 Tests/Soak/serve.py $(RELEASE)
	@python3 Tests/Bench/wire.py --netprobe $(RELEASE) --only loss
	@python3 Tests/Soak/run.py $(RELEASE)

# The Swift runtime is linked in, so the installed program needs only libpcap, zlib and libcrypto.
STATIC = --scratch-path .build-static -c release --static-swift-stdlib --product netprobe
install: build-needs ## Install the release under PREFIX, with completions and manual pages
	$(SWIFT) build $(STATIC)
	@# The plugin builds what it documents, without the static runtime: not where the program lies that is installed.
	@mkdir -p .build-static/manual
	$(SWIFT) package plugin --allow-writing-to-package-directory generate-manual --multi-page --output-directory .build-static/manual >/dev/null
	@set -e; bin=$$($(SWIFT) build $(STATIC) --show-bin-path)/netprobe; \
	$(call ROOT_FOR,$(DESTDIR)$(PREFIX)); \
	$$as install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/man/man1" "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" \
	  "$(DESTDIR)$(PREFIX)/share/zsh/site-functions" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"; \
	$$as install -m 755 "$$bin" "$(DESTDIR)$(PREFIX)/bin/netprobe"; \
	$$as install -m 644 .build-static/manual/netprobe*.1 "$(DESTDIR)$(PREFIX)/share/man/man1/"; \
	for shell in bash zsh fish; do "$$bin" --generate-completion-script $$shell > .build-static/completion.$$shell; done; \
	$$as install -m 644 .build-static/completion.bash "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/netprobe"; \
	$$as install -m 644 .build-static/completion.zsh "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_netprobe"; \
	$$as install -m 644 .build-static/completion.fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/netprobe.fish"; \
	echo "installed $(DESTDIR)$(PREFIX)/bin/netprobe"

# Sets $$as to sudo where the nearest folder that exists may not be written to.
define ROOT_FOR
dir="$(1)"; while [ ! -d "$$dir" ]; do dir=$$(dirname "$$dir"); done; as=; [ -w "$$dir" ] || as=sudo
endef

uninstall: ## Remove what install installed
	@set -e; $(call ROOT_FOR,$(DESTDIR)$(PREFIX)); \
	$$as rm -f "$(DESTDIR)$(PREFIX)/bin/netprobe" "$(DESTDIR)$(PREFIX)"/share/man/man1/netprobe*.1 \
	  "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/netprobe" "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_netprobe" \
	  "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/netprobe.fish"

setcap: ## Let the installed netprobe capture on every interface without root
	@bin="$(DESTDIR)$(PREFIX)/bin/netprobe"; [ -x "$$bin" ] || bin=$(RELEASE); \
	[ -x "$$bin" ] || { echo "nothing to give rights to: make install first" >&2; exit 2; }; \
	bin=$$(readlink -f "$$bin"); as=; [ $$(id -u) = 0 ] || as=sudo; \
	$$as setcap cap_net_raw,cap_net_admin+ep "$$bin" && getcap "$$bin"

captures: release ## Record the demos of captures/ again
	@set -e; while IFS=$$'\t' read -r file arguments; do \
	  xargs $(RELEASE) demo --no-ladder --write captures/$$file <<< "$$arguments" > /dev/null; echo "captures/$$file: netprobe demo $$arguments"; \
	done < captures/index.tsv

goldens: test-needs ## Write the expected outputs of the tests again (that run fails: look at the difference)
	$(SWIFT) build --build-tests
	-NETPROBE_RECORD_GOLDENS=1 $(SWIFT) test --skip-build > /dev/null 2>&1
	@git status --short Tests

bench: bench-needs release ## Compare speed with tcpdump, tshark, capinfos, nmap and sockperf
	@status=0; python3 Tests/Bench/bench.py $(RELEASE) || status=1; \
	python3 Tests/Bench/flows.py $(RELEASE) || status=1; \
	python3 Tests/Bench/ping.py --netprobe $(RELEASE) || status=1; \
	python3 Tests/Bench/scan.py --netprobe $(RELEASE) || status=1; \
	python3 Tests/Bench/wire.py --netprobe $(RELEASE) --only rate --only delay || status=1; \
	python3 Tests/Bench/serve.py $(RELEASE) || status=1; exit $$status

fuzz: build-needs ## Fuzz readers and dissection for SECONDS seconds each
	@SWIFT_BACKTRACE=enable=no Tests/Fuzz/run.sh $(SECONDS)

clean: ## Remove everything that was built
	rm -rf .build .build-static .build-fuzz

# $(call NEED,what is there already?,Debian package): adds the package where the check fails.
NEED = { $(1); } >/dev/null 2>&1 || missing="$$missing $(2)";
define INSTALL
if [ -n "$$missing" ]; then \
  command -v apt-get >/dev/null || { echo "missing:$$missing (install them with this system's package manager)" >&2; exit 2; }; \
  as=; [ $$(id -u) = 0 ] || as=sudo; echo "installing$$missing"; \
  $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
    || { echo "could not install:$$missing" >&2; exit 2; }; \
fi
endef

build-needs:
	@command -v $(SWIFT) >/dev/null || { echo "no Swift toolchain: install Swift 6.3 from https://swift.org/install" >&2; exit 2; }
	@missing=; \
	$(call NEED,command -v pkg-config,pkg-config) \
	$(call NEED,pkg-config --exists libpcap,libpcap-dev) \
	$(call NEED,pkg-config --exists zlib,zlib1g-dev) \
	$(call NEED,pkg-config --exists 'libcrypto >= 3',libssl-dev) \
	$(INSTALL)

# coturn, a server, is installed for CI only: elsewhere the two tests against it are left out, loudly.
test-needs: build-needs
	@missing=; \
	$(call NEED,command -v python3,python3) \
	$(call NEED,command -v ip,iproute2) \
	$(call NEED,command -v nft,nftables) \
	$(call NEED,command -v tshark,tshark) \
	$(call NEED,command -v strace,strace) \
	$(call NEED,command -v pgrep,procps) \
	$(call NEED,command -v unshare && command -v setpriv,util-linux) \
	[ "$$CI" != true ] || $(call NEED,command -v turnserver,coturn) \
	$(INSTALL)

soak-needs: build-needs
	@missing=; \
	$(call NEED,command -v cc,gcc libc6-dev) \
	$(call NEED,command -v nmap,nmap) \
	$(INSTALL)

bench-needs: build-needs
	@missing=; \
	$(call NEED,command -v python3,python3) \
	$(call NEED,command -v tshark && command -v capinfos,tshark wireshark-common) \
	$(call NEED,command -v tcpdump,tcpdump) \
	$(call NEED,command -v cc,gcc libc6-dev) \
	$(call NEED,command -v nmap,nmap) \
	$(call NEED,command -v sockperf,sockperf) \
	$(call NEED,command -v ip && command -v nft,iproute2 nftables) \
	$(INSTALL)
