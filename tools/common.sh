# shellcheck shell=bash
# Sourced by the scripts of this folder: what this machine can carry, the build, and messages.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

# The options of a script are the head of its own comment.
usage() { sed -n '2,/^[^#]/ { s/^# \{0,1\}//p }' "$0"; }

bad_usage() {
  printf '%s: %s; see %s --help\n' "$0" "$1" "$0" >&2
  exit 2
}

cores() { nproc; }

# Compilers at once: one per core, as far as memory goes. The largest source needs about 1.5 GB.
build_jobs() {
  local memory limit jobs
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  if limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) && [[ $limit != max ]] && ((limit / 1048576 < memory)); then
    memory=$((limit / 1048576))
  fi
  jobs=$((memory / 1500))
  ((jobs > $(cores))) && jobs=$(cores)
  ((jobs < 1)) && jobs=1
  echo "$jobs"
}

# For runs on this one machine, whoever the user is and whatever its cores; none of it belongs on a cluster. Ranks that wait
# give up their core, and all messages stay in memory or on the loopback.
single_machine_mpi() {
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1
  export OMPI_MCA_btl=self,vader OMPI_MCA_oob_tcp_if_include=lo
  export OMPI_MCA_btl_vader_single_copy_mechanism=none # containers forbid it, with a warning for every message
}

# Debian's interpreter: another python3 on the PATH seldom has the packages.
debian_python() { if [[ -x /usr/bin/python3 ]]; then echo /usr/bin/python3; else echo python3; fi; }

# build_preset <preset> <target> <cmake options...>
build_preset() {
  local preset=$1 target=$2
  shift 2
  cd "$project" || return
  cmake --preset "$preset" "$@"
  cmake --build --preset "$preset" --target "$target" --parallel "$(build_jobs)"
}
