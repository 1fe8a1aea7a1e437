#!/usr/bin/env bash
# Debian 12's Slurm has a plugin for PMIx, and loads the library by a name that only PMIx's development package has.
#
# srun of slurm-client 22.05.8-4+deb12u3 lists pmix among its kinds of MPI (--mpi=list). Its plugin opens
# /usr/lib/x86_64-linux-gnu/pmix2/lib/libpmix.so; libpmix2 4.2.2, on which Debian's Open MPI depends, brings libpmix.so.2 alone, and no
# package of Slurm asks for more. So srun --mpi=pmix ends with "can not load PMIx library" and "Invalid MPI type 'pmix'"; with
# libpmix-dev, a package for compilers, it works. The other kinds are no way out: Debian's Open MPI 4.1.4 is not built for PMI-2, and
# its ranks abort under srun --mpi=pmi2.
#
# For users of gan: srun --mpi=pmix joins ranks; on Debian 12 the nodes need libpmix-dev (docs/scaling.md).
#
# Needs Debian 12 on amd64 with apt and a network, and user namespaces or root. Installs nothing; no Slurm has to run: srun loads the
# plugin before it looks for a controller. Exits 0 where it is still so.
set -euo pipefail

slurm=22.05.8-4+deb12u3 pmix=4.2.2-1+deb12u1
libraries=usr/lib/x86_64-linux-gnu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"

# Packages, unpacked: what everybody has, and beside it the development package.
(
  cd "$folder"
  apt-get download "slurm-client=$slurm" "slurm-wlm-basic-plugins=$slurm" "libpmix2=$pmix" "libpmix-dev=$pmix" \
    libhwloc15 libevent-core-2.1-7 libevent-pthreads-2.1-7 libmunge2 >/dev/null 2>&1
  mkdir usual developers
  for package in ./*.deb; do
    dpkg-deb -x "$package" developers
    [[ $package == ./libpmix-dev_* ]] || dpkg-deb -x "$package" usual
  done
)
printf '%s\n' ClusterName=one SlurmctldHost=localhost AuthType=auth/none CryptoType=crypto/none \
  "PluginDir=/$libraries/slurm-wlm" NodeName=localhost "PartitionName=all Nodes=ALL Default=YES" >"$folder/slurm.conf"

# What srun says of --mpi=pmix, with the packages of a tree in the place of this machine's.
say() {
  local tree=$folder/$1
  unshare --map-root-user --mount bash -c '
    set -e
    mount -t overlay overlay -o "lowerdir=$1/$2:/$2" "/$2"
    mount --bind "$1/$2/pmix2" "/$2/pmix2"
    SLURM_CONF=$3 timeout 20 "$1/usr/bin/srun" --mpi=pmix --immediate=1 -n 1 true 2>&1 || true
  ' _ "$tree" "$libraries" "$folder/slurm.conf"
}

usual=$(say usual)
developers=$(say developers)
printf 'with libpmix2:\n%s\n\nwith libpmix-dev:\n%s\n' "$usual" "$developers"
if [[ $usual != *"can not load PMIx library"* || $usual != *"Invalid MPI type 'pmix'"* || $developers == *"PMIx library"* ||
  $developers == *"Invalid MPI type"* ]]; then
  echo "it is not so any more" >&2
  exit 1
fi
