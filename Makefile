# Everything runs in virtual environments of its own; only Python (3.11 or newer) and make are needed.
PYTHON ?= python3
VENV ?= .venv
DEMO ?= .demo
SOURCES := pyproject.toml setup.py $(shell find podpipec runtime grammar stdlib -name '*.py' -o -name '*.md' -o -name '*.lark' -o -name '*.flow' -o -name '*.json')

.PHONY: demo test lint bench kill grammar clean

demo: $(DEMO)/installed  ## Run the flights example on public data and print its result.
	$(DEMO)/venv/bin/python examples/flights/fetch.py $(DEMO)/data
	PATH="$(CURDIR)/$(DEMO)/venv/bin:$$PATH" $(DEMO)/venv/bin/podpipec run examples/flights/flights.flow \
		--window 2013-03-04 --bind flights=$(DEMO)/data/flights --bind weather=$(DEMO)/data/weather \
		--bind airlines=$(DEMO)/data/airlines.csv --work $(DEMO)/work --out $(DEMO)/results
	@echo
	@cat $(DEMO)/results/report.txt

test: $(VENV)/tested  ## Run the whole test suite.
	$(VENV)/bin/python -m pytest -n auto

lint: $(VENV)/tested  ## Formatting, lint, types and layers.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy -p podpipec -p podpipec_runtime -p podpipec_grammar
	$(VENV)/bin/lint-imports

kill: $(VENV)/tested  ## Kill the engine at thirty random moments, resume, and compare every byte.
	PODPIPEC_KILLS=30 $(VENV)/bin/python -m pytest tests/runtime/test_kill.py

bench:  ## Measure against peers; installs them below .benchmarks.
	$(PYTHON) benchmarks/run.py

grammar: $(VENV)/tested  ## Write the parse tables and the page of the syntax anew after a change of the grammar.
	$(VENV)/bin/python grammar/generate.py
	$(VENV)/bin/python grammar/page.py

clean:  ## Take away everything that make has made.
	rm -rf $(VENV) $(DEMO) .benchmarks build *.egg-info

$(DEMO)/installed: $(SOURCES)
	$(PYTHON) -m venv $(DEMO)/venv
	$(DEMO)/venv/bin/python -m pip install --quiet '.[examples]'
	touch $@

$(VENV)/tested: $(SOURCES)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet '.[test]'
	touch $@
