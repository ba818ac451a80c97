# make run      opens the program on a bundled tune (without a screen: fills measures of it); sets everything up first
# make test     checks style, types, layers and behaviour, on two processors; sets everything up first
# make package  builds what is downloaded, for the system that it runs on (see packaging/README.md)
# make bench    measures how fast takes are made, and how fast the window is
# make bench-package  measures the same from outside, of the program that `make package` has built, with real keys
# make corpus-check  tries what opening, splicing and engraving promise on thousands of real scores (hours)
# make requests asks the engines for takes in ten thousand ways (most of an hour), and looks at every take
# make fuzz     feeds the readers of both formats with broken files, ten minutes each
# make pictures takes the pictures of the guide from the program
# make format   lays the code out as `make test` wants it

BIN := .venv/bin
TUNE := resources/tunes/soldiers-joy.abc
MEASURES := 11-14
SET_UP_FROM := pyproject.toml packaging/constraints.txt packaging/set_up.sh
TESTERS := 2
FULLY_COVERED := inpaint_desktop/score/*,inpaint_desktop/encoding/*,inpaint_desktop/engine/*

ON_A_SCREEN := xvfb-run -a -s "-screen 0 1600x1000x24" env QT_QPA_PLATFORM=xcb

.PHONY: run test bench bench-package corpus-check requests fuzz pictures format package clean

run: .venv/ready-to-run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/python -m inpaint_desktop $(TUNE); \
	else \
		$(BIN)/python -m inpaint_desktop fill $(TUNE) --measures $(MEASURES) --out takes; \
	fi

test: .venv/ready-to-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(TESTERS) --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='$(FULLY_COVERED)' --fail-under=100

bench: .venv/ready-to-test
	$(BIN)/inpaint-desktop bench
	$(ON_A_SCREEN) $(BIN)/python tests/bench/window.py

bench-package: .venv/ready-to-test
	$(BIN)/python -m tests.bench.packed build/frozen/inpaint-desktop/inpaint-desktop

corpus-check: .venv/ready-to-test
	$(BIN)/python -m tests.conformance.corpus_check --table $(if $(MELODIES),--melodies $(MELODIES)) $(if $(JOBS),--jobs $(JOBS))

requests: .venv/ready-to-test
	$(BIN)/python -m tests.conformance.constraints

fuzz: .venv/ready-to-test
	$(BIN)/python -m tests.conformance.fuzz

pictures: .venv/ready-to-test
	$(ON_A_SCREEN) $(BIN)/python docs/make_pictures.py

package: build/venv/ready-to-package
	build/venv/bin/python packaging/build.py

format: .venv/ready-to-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist takes .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

.venv/ready-to-run: $(SET_UP_FROM)
	@echo "Setting up (once; downloads PyTorch) ..."
	@packaging/set_up.sh
	@touch $@

.venv/ready-to-test: $(SET_UP_FROM)
	@echo "Setting up (once; downloads PyTorch and the tools of the tests) ..."
	@packaging/set_up.sh --install-system-packages dev
	@touch $@ .venv/ready-to-run

build/venv/ready-to-package: $(SET_UP_FROM)
	@echo "Setting up what builds the packages (once; downloads PyTorch) ..."
	@VENV=build/venv packaging/set_up.sh package
	@touch $@
