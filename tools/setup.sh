#!/bin/sh
# Makes .venv hold what requirements.lock says. Run by make, in the folder of the Makefile.
set -eu

installed=.venv/installed.lock
python=.venv/bin/python

fail() {
    echo "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if cmp -s requirements.lock "$installed" && new_enough "$python"; then
    exit 0
fi

base=
for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then
        base=$candidate
        break
    fi
done
[ -n "$base" ] || fail "Ownpace needs Python 3.11 or newer, and found none: install it, or name it: make PYTHON=/path/to/python3."

# A pip that is there installs into an environment that has none; a second copy takes ten seconds to unpack, and
# Debian's python3 comes without ensurepip.
if ! new_enough "$python"; then
    rm -rf .venv
    echo "Making the environment in .venv …"
    if "$base" -m pip --version >/dev/null 2>&1 && "$base" -c 'import venv' 2>/dev/null; then
        "$base" -m venv --without-pip .venv
    elif "$base" -c 'import ensurepip' 2>/dev/null; then
        "$base" -m venv .venv
    else
        fail "Python's venv is missing: install python3-venv (Debian, Ubuntu) or python3-pip, and try again."
    fi
fi
pip="$python -m pip"
$pip --version >/dev/null 2>&1 || pip="$base -m pip --python $python"

echo "Installing the packages of requirements.lock; this takes a minute, once …"
rm -f "$installed"
# The lock names every package, and what is never imported needs no compiling.
if ! $pip install --quiet --quiet --no-compile --no-deps --disable-pip-version-check --no-input --require-hashes -r requirements.lock; then
    fail "The packages could not be installed; pip says why above."
fi
cp requirements.lock "$installed"
