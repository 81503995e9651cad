# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# make test PYTHON=python3.12 tests with the ansible of requirements/ansible-3.12.txt,
# make test CORE=next with that of requirements/ansible-next.txt, which is not released yet.
ifeq ($(CORE),next)
PYTHON ?= python3.13
endif
PYTHON ?= python3.11
CORE ?= $(patsubst python%,%,$(notdir $(PYTHON)))
VENV := .venv/$(CORE)
ANSIBLE := requirements/ansible-$(CORE).txt
IN_VENV := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"

.PHONY: help test test-all sanity units hard integration lint package long format changelog demo docs bench rehearsal test-hard eda-test release-check clean

help:
	@echo "make demo         watch an upgrade of virtual devices: a canary, a stop, the resume, the report"
	@echo "make docs         make the documentation as a web site, in build/docs/html"
	@echo "make test         run every check, or one of: sanity units hard integration lint package"
	@echo "make test-all     run every check, and what takes longer: a job that is killed, and the rulebook of eda-test"
	@echo "make format       format the Python files, and describe them in CONTRIBUTING.md"
	@echo "make bench        measure the speed against the virtual fleet"
	@echo "make rehearsal    break and kill rollouts on the virtual fleet in every way, and check how they end"
	@echo "make test-hard    plant secrets, try mutants, upgrade a thousand devices of which many fail, and ten times as many examples (40 minutes)"
	@echo "make eda-test     run the rulebook of Event-Driven Ansible against the virtual fleet; it needs Java 17"
	@echo "make changelog    write CHANGELOG.md from changelogs/fragments"
	@echo "make release-check  check that what is committed can be released: artifact, changelog, versions"
	@echo "make clean        remove everything that make made"
	@echo "Each takes PYTHON=python3.11 (ansible-core 2.19), 3.12 (2.20) or 3.13 (2.21), or CORE=next."

test: $(VENV)/.test
	@$(IN_VENV) tools/check.py

test-all: $(VENV)/.test
	@$(IN_VENV) tools/check.py sanity lint units hard integration package long

sanity units hard integration lint package long: $(VENV)/.test
	@$(IN_VENV) tools/check.py $@

format: $(VENV)/.test
	@$(IN_VENV) ruff check --fix .
	@$(IN_VENV) ruff format .
	@$(IN_VENV) python tools/house.py

changelog: $(VENV)/.test
	@$(IN_VENV) python tools/changelog.py

release-check: $(VENV)/.test
	@$(IN_VENV) python tools/release.py

demo: $(VENV)/.lab
	@$(IN_VENV) tools/demo.sh

docs: $(VENV)/.docs
	@$(IN_VENV) python tools/docs.py --pictures

bench: $(VENV)/.lab
	@$(IN_VENV) python -m tests.benchmark

rehearsal: $(VENV)/.test
	@$(IN_VENV) python -m tests.rehearsal

test-hard: $(VENV)/.test
	@$(IN_VENV) python -m tests.hard

eda-test: $(VENV)/.lab
	@$(IN_VENV) tools/eda_test.sh || [ $$? -eq 77 ]

clean:
	rm -rf build .venv

$(VENV)/.lab: $(ANSIBLE) requirements/lab.txt
	@tools/venv.sh $(PYTHON) $(VENV) $^
	@touch $@

$(VENV)/.test: $(ANSIBLE) requirements/lab.txt requirements/docs.txt requirements/test.txt tests/unit/requirements.txt tests/integration/requirements.txt
	@tools/venv.sh $(PYTHON) $(VENV) $(ANSIBLE) requirements/test.txt
	@tools/browser.sh
	@touch $@

$(VENV)/.docs: $(ANSIBLE) requirements/lab.txt requirements/docs.txt
	@tools/venv.sh $(PYTHON) $(VENV) $(ANSIBLE) requirements/docs.txt
	@touch $@

requirements/ansible-%.txt:
	@echo "Python $* is not supported; there is a $(@D)/ansible-X.txt for each one that is." >&2; exit 1
