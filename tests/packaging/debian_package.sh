#!/usr/bin/env bash
# The Debian package on a machine that has nothing: its dependencies are enough, the program runs on two ranks, makes its report, reads
# its own configurations, and leaves nothing behind when it is removed.
# Usage: debian_package.sh BUILD_FOLDER. Exit code 77: not here (needs root, debootstrap, and Debian's archive).
set -euo pipefail
build=$1

skip() {
  echo "skipped: $1"
  exit 77
}
((EUID == 0)) || skip "only root may make a chroot"
command -v debootstrap >/dev/null || skip "needs debootstrap"
unshare --mount --pid --fork true 2>/dev/null || skip "no right to make namespaces"
# shellcheck disable=SC2016  # names of apt
mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' 2>/dev/null |
  awk '$2 == "bookworm" { print $1; exit }')
[[ -n $mirror ]] || skip "apt has no archive of Debian 12"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
root=$folder/root
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$folder/log" 2>&1 || {
  tail -n 5 "$folder/log"
  skip "debootstrap does not reach $mirror"
}
# How this machine reaches the archive.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
rm -f "$root/etc/apt/sources.list"
cp -r /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/"
[[ ! -f /etc/apt/sources.list ]] || cp /etc/apt/sources.list "$root/etc/apt/"
[[ ! -f /etc/apt/apt.conf ]] || cp /etc/apt/apt.conf "$root/etc/apt/"

(cd "$build" && cpack -G DEB -B "$folder/packages" >"$folder/log" 2>&1) || {
  tail -n 20 "$folder/log"
  exit 1
}
mkdir "$root/packages"
cp "$folder"/packages/*.deb "$root/packages/"

cat >"$root/try" <<'END'
#!/bin/bash
set -euo pipefail
mount -t proc proc /proc
mount -t tmpfs tmpfs /dev/shm
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt-get update >/dev/null
find /etc /opt /usr /var -xdev -not -path '/var/lib/apt/*' -not -path '/var/cache/*' -not -path '/var/log/*' | grep titrant && exit 1
apt-get install --yes --no-install-recommends /packages/titrant_*.deb >/dev/null
titrant --version

# Without the recommended packages: a run, and a message that says what its report needs.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl=self,vader OMPI_MCA_btl_vader_single_copy_mechanism=none
cd /tmp
titrant check --config /usr/share/titrant/configs/quickstart.yaml >/dev/null
small=(--set pk.structure=one_compartment --set pd.structure=none --set training.on=trial --set training.steps=10
  --set cohort.size=100 --set uncertainty.source=none --set diagnostics.simulations=10)
mpiexec -n 2 titrant run --config /usr/share/titrant/configs/quickstart.yaml "${small[@]}" --output run.h5 --quiet 2>bare.log
grep -q 'python3-jinja2' bare.log
[[ -f run.h5 && ! -e run.html ]]
apt-get install --yes --no-install-recommends python3-h5py python3-matplotlib python3-jinja2 >/dev/null
titrant report run.h5
grep -q '<h1>run.h5</h1>' run.html

# Another program against the library is tried by the test `consumer`; here only that the package can be installed and found.
apt-get install --yes --no-install-recommends --simulate /packages/titrant-dev_*.deb >/dev/null

apt-get purge --yes titrant >/dev/null
find /etc /opt /usr /var -xdev -not -path '/var/lib/apt/*' -not -path '/var/cache/*' -not -path '/var/log/*' | grep titrant && exit 1
echo "nothing is left behind"
END
chmod +x "$root/try"
unshare --mount --pid --fork chroot "$root" /try
