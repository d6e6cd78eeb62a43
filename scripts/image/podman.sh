# shellcheck shell=bash
# How a machine without Docker builds and runs the image. To be sourced.

install_podman() {
  command -v podman && command -v runc && command -v mmdebstrap && return
  # As root all the way: a machine's /dev or /tmp may be closed to the user that apt would become.
  local options=(-qq -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install --yes --no-install-recommends podman runc mmdebstrap
}

# use_podman_in FOLDER: podman keeps everything there, and touches no images or settings of the machine.
use_podman_in() {
  mkdir -p "$1/tmp" "$1/npm"
  printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/run"\n' "$1" "$1" >"$1/storage.conf"
  # runc: Debian's crun refuses machines that mount both generations of control groups. The host's network needs no bridge and no
  # firewall. Limits are the machine's own, since raising them takes a right that root in a container does not have.
  cat >"$1/containers.conf" <<END
[containers]
netns = "host"
default_ulimits = ["nofile=$(ulimit -Hn):$(ulimit -Hn)", "nproc=4096:4096"]
[engine]
runtime = "runc"
image_copy_tmp_dir = "$1/tmp"
END
  export CONTAINERS_STORAGE_CONF="$1/storage.conf" CONTAINERS_CONF="$1/containers.conf" TMPDIR="$1/tmp"
  npm_settings="$1/npm"
}

# podman_build OPTION... CONTEXT: the build gets this machine's npm registry and certificates. They are mounted over the folder of npm's
# global settings, so that neither the Dockerfile nor a layer holds anything of them.
podman_build() {
  cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$npm_settings/ca.crt"
  printf 'cafile=/usr/local/etc/ca.crt\nregistry=%s\nupdate-notifier=false\n' "$(npm config get registry)" >"$npm_settings/npmrc"
  podman build --pull=never --network host --volume "$npm_settings:/usr/local/etc:ro" "$@"
}
