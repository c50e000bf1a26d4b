#!/usr/bin/env bash
# The same store from 1, 2, 3, 4 and 8 ranks, with exact probabilities, with shots and with noise. Usage: same_bits.sh TITRANT MPIEXEC
set -euo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

small=(--set cohort.size=70 --set training.steps=12 --set pk.starts=1 --set pd.starts=1
       --set 'regimens={daily: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}, weekly: {interval: 168, doses: {from: 5, to: 300, step: 40}}}'
       --set pd.structure=turnover_inhibition --set pd.search.variability=false --set 'pd.search.parameters=[baseline]'
       --set 'training.on=[virtual, trial]' --set training.subjects=60 --set training.virtual.steps=8 --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3},
         course: {of: biomarker, values: latent, hours: [480, 504], below: 3.3},
         steady_measured: {of: biomarker, values: measured, at: steady_state, hours: [480, 504], below: 3.3},
         steady: {of: biomarker, values: latent, at: steady_state, below: 3.3}}'
       --set diagnostics.simulations=12 --set uncertainty.replicates=5
       --set uncertainty.cohort=20 --set uncertainty.subjects=40 --set uncertainty.steps=3 --set learning.trial='[8]'
       --set learning.virtual='[20]' --set learning.replicates=2 --set ablation.raw.set='[classifier.readout.kind=raw]'
       --set 'classifier.compare=[logistic, cnn, homogeneous, proposal]' --quiet --no-report)
shots=(--set quantum.backend=sampled --set quantum.shots=100 --set quantum.gradient=parameter_shift --set training.steps=3
       --set pk.structure=one_compartment --set pd.structure=none --set training.on=trial
       --set 'endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}' --set uncertainty.source=bootstrap --set learning.virtual='[]' --set 'classifier.compare=[]')

noisy_shots=("${shots[@]}" --set 'quantum.noise={two_qubit: 0.005, one_qubit: 0.0005, readout: 0.01}'
             --set uncertainty.source=none --set learning.trial='[]' --set ablation.raw.set='[seed=1]')
density_matrix=("${noisy_shots[@]}" --set quantum.backend=density_matrix --set quantum.gradient=adjoint)
trajectories=("${noisy_shots[@]}" --set quantum.backend=trajectory --set quantum.gradient=spsa --set quantum.shots=8 --set cohort.size=8)

run() { # ranks, name, further options
  local ranks=$1 name=$2
  shift 2
  "$mpiexec" -n "$ranks" "$titrant" run "${small[@]}" "$@" --output "$name$ranks.h5"
}

compare() { # name, ranks
  same_stores "${1}1.h5" "$1$2.h5" >difference || fail_now "$1 differs between 1 and $2 ranks"$'\n'"$(head -n 20 difference)"
  echo "$1: 1 and $2 ranks agree in every bit"
}

run 1 exact
run 1 shots "${shots[@]}"
for ranks in 2 3 4 8; do
  run "$ranks" exact
  compare exact "$ranks"
done
for ranks in 3 4; do
  run "$ranks" shots "${shots[@]}"
  compare shots "$ranks"
done
for ranks in 1 3; do
  run "$ranks" density_matrix "${density_matrix[@]}"
  run "$ranks" noisy_shots "${noisy_shots[@]}"
  run "$ranks" trajectories "${trajectories[@]}"
done
compare density_matrix 3
compare noisy_shots 3
compare trajectories 3

# Every instruction set that this processor has gives the same bits.
for isa in v3 baseline; do
  if "$titrant" run "${small[@]}" --isa "$isa" --output "$isa.h5" 2>refused; then
    same_stores exact1.h5 "$isa.h5"
    echo "instruction set $isa: the same"
  else
    grep -q "$isa" refused # not on this processor
  fi
done

# The comparison itself must be able to fail: another seed is another store.
run 2 other --set seed=1
if same_stores exact1.h5 other2.h5 >/dev/null; then
  fail_now "another seed gave the same store"
fi

# A store is a configuration: repeating it gives the same store.
"$titrant" run --config exact1.h5 --quiet --no-report --output repeated.h5
same_stores exact1.h5 repeated.h5
echo "repeated from its own store: the same"
