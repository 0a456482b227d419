#!/bin/sh
# Install consentry for a practice, in the directory that this file lies in; run it again with newer files to upgrade.
#
# It needs Python 3.11 or later with its venv module (PYTHON=... names another), and no Node. What pip fetches has to be what
# the locks list, to the last byte. Stop the services before an upgrade, and start them afterwards.
set -eu
cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS
wheel=$(grep -o 'consentry-.*\.whl$' SHA256SUMS) # an upgrade may have left an older one beside it
pip="-m pip --quiet --disable-pip-version-check install"

echo "Setting up .venv"
"${PYTHON:-python3}" -m venv --clear .venv
.venv/bin/python $pip --require-hashes --no-deps -r build.lock # for what comes as source
.venv/bin/python $pip --require-hashes --no-deps --no-build-isolation -r practice.lock
.venv/bin/python $pip --no-deps --no-index "$wheel"

echo "Setting up .venv-synapse (the homeserver)"
"${PYTHON:-python3}" -m venv --clear .venv-synapse
.venv-synapse/bin/python $pip --require-hashes --no-deps -r synapse.lock

echo "Installed: $(pwd)/.venv/bin/consentry"
