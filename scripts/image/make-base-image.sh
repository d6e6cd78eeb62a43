#!/usr/bin/env bash
# Makes a stand-in for the base image: Debian's slim system, the Node of node_modules, and npm. It differs from the original in what no
# connector sees, such as Node's headers and yarn.
# usage: make-base-image.sh NODE_VERSION FOLDER
set -euo pipefail
version="$1" folder="$2"
npm_version=11.19.1
npm_integrity=sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==
node="$(readlink -f node_modules/node/bin/node)"
made="localhost/stand-in:$version-$(cksum <"$0" | cut -d' ' -f1)"

main() {
  [ "$("$node" --version)" = "v$version" ] || fail "The dev dependency node is $("$node" --version), and the Dockerfile's v$version."
  podman image exists "$made" || make
  podman tag "$made" "localhost/node:$version-bookworm-slim"
}

make() {
  local work
  work="$(mktemp -d "$folder/tmp/base-XXXXXX")"
  # The folder is known now, and not any more when the trap runs.
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  fetch_npm "$work"
  write_customization "$work"
  local sources=/etc/apt/sources.list.d/debian.sources
  [ -f "$sources" ] || sources=/etc/apt/sources.list
  # Documents, manuals and translations are what the original leaves out, too.
  mmdebstrap --quiet --variant=minbase --aptopt='APT::Sandbox::User "root"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="sh $work/customize.sh \"\$1\"" bookworm "$work/base.tar" "$sources"
  podman import --change 'CMD ["node"]' --change "ENV NODE_VERSION=$version" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$work/base.tar" "$made"
}

fetch_npm() {
  npm pack --silent --pack-destination "$1" "npm@$npm_version"
  mv "$1/npm-$npm_version.tgz" "$1/npm.tgz"
  [ "sha512-$(openssl dgst -sha512 -binary "$1/npm.tgz" | base64 -w0)" = "$npm_integrity" ] || fail "npm@$npm_version is not what it was."
}

# The user and the paths are those of the original.
write_customization() {
  cat >"$1/customize.sh" <<END
set -e
lib="\$1/usr/local/lib/node_modules"
mkdir -p "\$lib/npm"
cp '$node' "\$1/usr/local/bin/node"
tar -xzf '$1/npm.tgz' -C "\$lib/npm" --strip-components=1 --no-same-owner
for name in npm npx; do ln -s "../lib/node_modules/npm/bin/\$name-cli.js" "\$1/usr/local/bin/\$name"; done
chroot "\$1" useradd --create-home --user-group --uid 1000 --shell /bin/bash node
: >"\$1/etc/resolv.conf"
rm -f "\$1/etc/hostname"
END
}

fail() {
  echo "$1" >&2
  exit 1
}

main
