#!/usr/bin/env bash
# Builds the image and runs it for real; what must hold of it is in integration_tests/image.
# Where Docker works, it is used. Elsewhere, on Debian as root, podman is installed, and a stand-in for the base image is made (scripts/image/).
# Needs `npm ci`. Words that follow go to jest: scripts/verify-image.sh --testPathPatterns metadata
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/source-intercom/verify-image"
version="$(sed -n 's/^ARG NODE_VERSION=//p' Dockerfile)"
BASE_IMAGE="node:$version-bookworm-slim"
mkdir -p "$cache"

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }

# quietly NAME COMMAND...: what the command prints is shown only if it fails.
quietly() {
  local log="$cache/$1.log"
  shift
  "$@" >"$log" 2>&1 || { tail -n 60 "$log"; return 1; }
}

if docker info >/dev/null 2>&1; then
  ENGINE=docker
  say "build with Docker, from $BASE_IMAGE"
  quietly pull docker pull "$BASE_IMAGE"
  quietly build docker build --iidfile "$cache/image-id" .
else
  ENGINE=podman
  source scripts/image/podman.sh
  say 'install podman, unless it is there'
  quietly install install_podman
  use_podman_in "$cache"
  say "make a stand-in for $BASE_IMAGE, unless it is there"
  quietly base scripts/image/make-base-image.sh "$version" "$cache"
  say 'build'
  quietly build podman_build --iidfile "$cache/image-id" .
  BASE_IMAGE="localhost/$BASE_IMAGE"
fi
IMAGE="$(<"$cache/image-id")"
LABEL="verify-image=$$"
export ENGINE IMAGE BASE_IMAGE LABEL
trap '"$ENGINE" ps --all --quiet --filter "label=$LABEL" | xargs -r "$ENGINE" rm --force >/dev/null' EXIT

say 'try it'
node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --config integration_tests/image/jest.config.js --runInBand "$@"
say 'done'
