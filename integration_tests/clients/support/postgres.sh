#!/usr/bin/env bash
# postgres.sh PORT: runs a PostgreSQL server of its own on this machine's loopback until standard input ends, whatever ends it.
# PGUSER owns PGDATABASE, with PGPASSWORD. The server runs as an unprivileged user. Without one on this machine, Debian's packages are installed.
set -euo pipefail
exec 2>&1
export PGHOST=127.0.0.1 PGPORT="$1"

main() {
  add_to_path
  command -v pg_ctl || install_postgres
  add_to_path
  # Not in TMPDIR, which may be closed to the server's user.
  folder="$(mktemp -d /tmp/source-intercom-postgres.XXXXXX)"
  trap stop EXIT
  trap 'exit 1' HUP INT TERM
  cd "$folder"
  printf '%s\n' "$PGPASSWORD" >password
  [ "$(id -u)" != 0 ] || chown -R postgres: "$folder"
  unprivileged initdb --pgdata data --username "$PGUSER" --pwfile password --auth scram-sha-256 --encoding UTF8 --locale C --no-sync
  unprivileged pg_ctl --pgdata data --log log --wait start \
    --options "-p $PGPORT -c listen_addresses=$PGHOST -c unix_socket_directories='' -c fsync=off" || { cat log; exit 1; }
  createdb --maintenance-db postgres "$PGDATABASE"
  echo 'accepting connections'
  while read -r; do :; done # unlike a program, this can be interrupted
}

# Debian keeps servers out of the PATH, one folder for each version.
add_to_path() {
  PATH="$PATH:$(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort | tail -1)"
}

install_postgres() {
  [ "$(id -u)" = 0 ] || { echo 'There is no PostgreSQL here, and only root can install it (apt-get install postgresql).'; exit 1; }
  # The machine gets no server that runs by itself.
  mkdir -p /etc/postgresql-common/createcluster.d
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/no-main-cluster.conf
  local options=(-qq -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install --yes --no-install-recommends postgresql
}

unprivileged() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid postgres --regid postgres --clear-groups "$@"
  else
    "$@"
  fi
}

stop() {
  unprivileged pg_ctl --pgdata data --mode fast --wait stop || true # it may not have started
  cd / && rm -rf "$folder"
}

main
