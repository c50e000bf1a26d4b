#!/usr/bin/env bash
# titrant circuit as a user runs it: known answers, the same counts on any number of ranks, out of the program and back, to a device, and
# bad input. Usage: circuit.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
device=$source/configs/devices/example_heavy_hex.yaml

# Checks a condition in Python on two JSON files a and b: holds TITLE A B EXPRESSION; p(x) are probabilities, n(x) counts.
holds() {
  if python3 - "$2" "$3" "$4" <<'PYTHON'; then
import json, sys
a, b = (json.load(open(name)) for name in sys.argv[1:3])
def p(x): return x["probabilities"]
def n(x): return x["counts"]
def near(x, y, tolerance): return all(abs(x.get(k, 0) - y.get(k, 0)) <= tolerance for k in {**x, **y})
sys.exit(0 if eval(sys.argv[3]) else 1)
PYTHON
    echo "$1"
  else
    fail "$1"
    head -c 600 "$2" "$3"
  fi
}

json() { # file to write, arguments of circuit run
  local out=$1
  shift
  timeout "$bound" "$titrant" circuit run "$@" --json >"$out" || fail "circuit run $*"
}

# Teleportation of ry(pi/3)|0>: the last bit is 1 with probability sin^2(pi/6) = 1/4, whatever was measured on the way.
cat >teleport.qasm <<'QASM'
OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
bit[2] m;
bit out;
ry(pi/3) q[0];
h q[1];
cx q[1], q[2];
cx q[0], q[1];
h q[0];
m = measure q[0:1];
if (m[1]) x q[2];
if (m[0]) z q[2];
out = measure q[2];
QASM
cat >ghz.qasm <<'QASM'
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
cx q[0], q[1];
cx q[1], q[2];
measure q -> c;
QASM
json teleport.json teleport.qasm
holds "teleportation: 1 with probability 1/4" teleport.json teleport.json \
  'abs(sum(v for k, v in p(a).items() if k[0] == "1") - 0.25) < 1e-12 and abs(p(a)["000"] - 0.1875) < 1e-12'
json ghz.json ghz.qasm
holds "OpenQASM 2: 000 and 111 with probability 1/2 each" ghz.json ghz.json 'near(p(a), {"000": 0.5, "111": 0.5}, 1e-12)'
sed 's/\[3\]/[24]/; s/cx q\[0\].*/cx q[0], q[23];/; s/cx q\[1\].*//' ghz.qasm >wide.qasm
json wide.json wide.qasm --shots 4000
holds "24 qubits: shots without a list of all outcomes" wide.json wide.json \
  'set(n(a)) == {"0" * 24, "1" + "0" * 22 + "1"} and abs(n(a)["0" * 24] - 2000) < 160'
json wrong.json ghz.qasm --noise '{readout: 0.02}'
holds "wrong records: closed form" wrong.json ghz.json \
  'all(abs(v - 0.5 * (0.02**k.count("1") * 0.98**k.count("0") + 0.98**k.count("1") * 0.02**k.count("0"))) < 1e-12 for k, v in p(a).items())'
json noisy.json ghz.qasm --noise '{two_qubit: 0.1}' --shots 100000 --trajectories
json exact.json ghz.qasm --noise '{two_qubit: 0.1}'
holds "noisy trajectories come as often as the density matrix says" noisy.json exact.json \
  'all(abs(n(a).get(k, 0) / 1e5 - v) < 5 * (v * (1 - v) / 1e5) ** 0.5 + 1e-9 for k, v in p(b).items())'

# A program that never measures has no outcome: refused, and run with --measure-all, qubit k into bit k, the highest first. Two bits of
# |q1 q0> = |01>; without classical bits; with more bits than qubits, or names that are taken.
silent() { # declarations
  printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\n%s\nx q[0];\n' "$1" >silent.qasm
  timeout "$bound" "$titrant" circuit run silent.qasm >out 2>err
  local got=$?
  if [ "$got" -ne 2 ] || [ -s out ] || ! grep -q 'silent.qasm: measures nothing.*--measure-all' err; then
    fail "'$1' without measurements: exit code $got: $(cat out err)"
  fi
  json all.json silent.qasm --measure-all
  holds "--measure-all: $1" all.json all.json 'p(a) == {"01": 1.0} and a["never_measured"] == []'
}
silent 'qreg q[2]; creg c[2];'
silent 'qreg q[2];'
silent 'qreg q[2]; creg c[7];'
silent 'qreg q[1]; qreg c[1];'
json shots.json silent.qasm --measure-all --shots 10
holds "shots of every qubit" shots.json shots.json 'n(a) == {"01": 10}'
timeout "$bound" "$titrant" circuit run ghz.qasm --measure-all >out 2>err
if [ $? -ne 2 ] || ! grep -q 'ghz.qasm: measures already' err; then fail "--measure-all on what measures: $(cat out err)"; fi

# Bits that no measurement writes stay 0, and are named.
printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nbit d;\nx q;\nc[1] = measure q[1];\n' >partly.qasm
json partly.json partly.qasm
holds "bits that are never measured" partly.json partly.json 'p(a) == {"010": 1.0} and a["never_measured"] == ["c[0]", "d[0]"]'
"$titrant" circuit run partly.qasm >out 2>err || fail "circuit run partly.qasm"
grep -qF 'no measurement writes c[0], d[0], which stay 0' err || fail "bits that are never measured are not named: $(cat err)"

same_counts() { # title, arguments of circuit run
  local title=$1
  shift
  for ranks in 1 2 4; do
    timeout "$bound" "$mpiexec" -n "$ranks" "$titrant" circuit run teleport.qasm --shots 5000 --json "$@" >"ranks$ranks.json" ||
      fail "circuit run on $ranks ranks"
    cmp -s ranks1.json "ranks$ranks.json" || fail "$title: counts differ between 1 and $ranks ranks"
  done
  echo "the same counts on 1, 2 and 4 ranks: $title"
}
same_counts "sampled"
same_counts "trajectories" --trajectories
same_counts "noisy trajectories" --trajectories --noise '{two_qubit: 0.05, readout: 0.01}'

# Out of the program and back: both ways to prepare the amplitudes, and the circuit on a device.
timeout "$bound" "$titrant" circuit export --preparation general --output general.qasm >export.log || fail "circuit export"
timeout "$bound" "$titrant" circuit export --preparation mps --output mps.qasm >mps.log || fail "circuit export --preparation mps"
timeout "$bound" "$titrant" circuit route --device "$device" --output routed.qasm >route.log || fail "circuit route"
json general.json general.qasm
json routed.json routed.qasm
answer=$(sed -n 's/.*P(answer = 1) = \([0-9.]*\).*/\1/p' export.log)
holds "the exported circuit answers as the classifier does" general.json general.json \
  "abs(sum(v for k, v in p(a).items() if k[0] == '1') - $answer) < 1e-12"
holds "the routed circuit has the same outcomes" general.json routed.json 'near(p(a), p(b), 1e-12)'

# In the dialects of other readers the network is the same; OpenQASM 2 has no condition on several bits, and the network asks one at a time.
for dialect in qiskit braket qdk openqasm2; do
  timeout "$bound" "$titrant" circuit export --preparation general --dialect "$dialect" --output "$dialect.qasm" >out 2>err ||
    fail "circuit export --dialect $dialect: $(cat err)"
  json "$dialect.json" "$dialect.qasm"
  holds "$dialect says the same circuit" general.json "$dialect.json" 'near(p(a), p(b), 1e-12)'
done
grep -q '^if(pooled_[0-9]*==1)' openqasm2.qasm || fail "OpenQASM 2 compares no register of one bit"
grep -q 'no device of the service' braket.qasm || fail "the program for Amazon Braket does not say where its conditions run"
timeout "$bound" "$titrant" circuit route --device "$device" --dialect braket --output routed_braket.qasm >route.log 2>&1 || fail "route --dialect braket"
json routed_braket.json routed_braket.qasm
holds "the routed circuit for Amazon Braket" general.json routed_braket.json 'near(p(a), p(b), 1e-12)'

# Subroutines and bits that follow from measured ones: shown are the program's bits, the same by shots, on any number of ranks.
cat >parity.qasm <<'QASM'
OPENQASM 3.0;
include "stdgates.inc";
def coin(qubit a) -> bit { h a; return measure a; }
qubit[2] q;
bit[2] c;
bit parity;
c[0] = coin(q[0]);
c[1] = coin(q[1]);
parity = c[0] ^ c[1];
QASM
json parity.json parity.qasm
holds "bits that follow from measured ones" parity.json parity.json \
  'near(p(a), {"000": 0.25, "101": 0.25, "110": 0.25, "011": 0.25}, 1e-12) and a["never_measured"] == []'
timeout "$bound" "$mpiexec" -n 2 "$titrant" circuit run parity.qasm --shots 4000 --trajectories --json >parity2.json || fail "circuit run parity.qasm"
json parity1.json parity.qasm --shots 4000 --trajectories
holds "their shots" parity1.json parity2.json 'n(a) == n(b) and sum(n(a).values()) == 4000 and all(abs(v - 1000) < 137 for v in n(a).values())'

# Of a program that never measures, qubits are compared where they end.
printf 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[4];\nh q[0];\ncx q[0], q[3];\nx q[1];\n' >unmeasured.qasm
timeout "$bound" "$titrant" circuit route unmeasured.qasm --device "$device" --output placed.qasm >route.log || fail "route of no measurement"
grep -q 'the program measures nothing' route.log || fail "route does not say that nothing is measured"
grep -qE 'differ from the original.s by at most ([0-9.]+e-1[0-9]|0.0e\+00) ' route.log || fail "route compares nothing: $(cat route.log)"
timeout "$bound" "$titrant" circuit route unmeasured.qasm --device "$device" --measure-all --output placed.qasm --force >route.log ||
  fail "route --measure-all"
json measured.json unmeasured.qasm --measure-all
json placed.json placed.qasm
holds "route --measure-all" measured.json placed.json 'near(p(a), p(b), 1e-12) and near(p(a), {"0010": 0.5, "1011": 0.5}, 1e-12)'

# What a calibration leaves out is listed and not used.
sed '0,/  - {t1.*/s//  - {left_out: no T1}/' "$device" >without.yaml
timeout "$bound" "$titrant" circuit route unmeasured.qasm --device without.yaml --output placed.qasm --force >route.log || fail "route without a qubit"
grep -q 'left out: qubit 0 (no T1)' route.log || fail "route does not list what is left out: $(cat route.log)"
grep -q 'device qubits.* 0,\|device qubits 0' route.log && fail "a qubit that is left out was used: $(cat route.log)"
# A calibration becomes a device file: of some qubits, in our format again the same; a time that it lacks is asked for by its option.
timeout "$bound" "$titrant" circuit device "$device" --qubits 1,0,2 --output part.yaml >device.log || fail "circuit device"
grep -qE '3 of 3 qubits and 2 of 2 couplings can be used; gates ecr, rz, sx, x' device.log || fail "circuit device says $(cat device.log)"
timeout "$bound" "$titrant" circuit device part.yaml >again.yaml 2>/dev/null || fail "circuit device of its own file"
cmp -s part.yaml again.yaml || fail "a device file changes when it is written again"
python3 - <<'PYTHON'
import json
def item(name, value, unit=""):
    return {"name": name, "value": value, "unit": unit}
def gate(kind, qubits, error, length):
    return {"gate": kind, "qubits": qubits, "parameters": [item("gate_error", error), item("gate_length", length, "ns")]}
qubit = [item("T1", 100.0, "us"), item("T2", 80.0, "us"), item("readout_error", 0.02)]
gates = [gate(kind, [q], 1e-3, 40) for kind in ("u1", "u2", "u3") for q in range(20)]
gates += [gate("cx", [q, q + 1], 0.01, 400) for q in range(19)] + [gate("cx", [q + 1, q], 0.01, 440) for q in range(19)]
json.dump({"backend_name": "old", "qubits": 20 * [qubit], "gates": gates}, open("old.json", "w"))
PYTHON
timeout "$bound" "$titrant" circuit route unmeasured.qasm --device old.json --readout-time 4000 --output old.qasm >route.log || fail "route --readout-time"
[ "$(grep -c 'readout time: not in the calibration of 20 qubits; 4000 ns as given' route.log)" -eq 1 ] || fail "route says of the readout $(cat route.log)"
grep -q 'have different figures in the two directions' route.log || fail "route does not say how directions are merged: $(cat route.log)"
grep -qE '^cx q' old.qasm || fail "no cx on a cx device"
printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit c;\nx q[0];\nc = measure q[0];\n' >first.qasm
if grep -vE '^ *(//|OPENQASM|include|(qu)?bit|gate |(ecr|rz\(.*\)|sx|x) |.*= measure|if|})' routed.qasm >other.gates; then
  fail "routed.qasm has more than ecr, rz, sx, x and measurements: $(head -n 3 other.gates)"
fi

# A trained network leaves with its store; the counts of a campaign are those of its configuration.
short=(--set cohort.size=40 --set training.on=trial --set training.steps=2 --set pd.structure=none 
       --set uncertainty.source=none --set pk.starts=1 --quiet --no-report)
timeout "$bound" "$titrant" run "${short[@]}" --output trained.h5 || fail "run"
timeout "$bound" "$titrant" circuit export --config trained.h5 --store trained.h5 --output trained.qasm >trained.log || fail "export --store"
grep -q 'parameters of trained.h5' trained.qasm || fail "trained.qasm does not say whose parameters it has"
cmp -s trained.qasm general.qasm && fail "the trained circuit is the untrained one"
timeout "$bound" "$titrant" circuit resources --config trained.h5 --set training.steps=150 --device "$device" >resources.log ||
  fail "circuit resources"
# The same circuit on the same device by both commands: the same qubits, gates, depth, duration and success probability.
figures='on [^ ]+ +[0-9]+ gates on two qubits|device qubits|estimated success probability'
for seed in 1 3; do
  timeout "$bound" "$titrant" circuit resources --config trained.h5 --set training.steps=1 --device "$device" --seed "$seed" >resources.log2 ||
    fail "circuit resources --seed $seed"
  timeout "$bound" "$titrant" circuit route --config trained.h5 --device "$device" --seed "$seed" --output routed.qasm --force >route.log ||
    fail "circuit route --seed $seed"
  grep -E "$figures" resources.log2 >resources.figures
  grep -E "$figures" route.log >route.figures
  [[ $(wc -l <route.figures) == 3 ]] || fail "route with seed $seed does not tell its figures"
  cmp -s route.figures resources.figures ||
    fail "route and resources differ with seed $seed: $(diff route.figures resources.figures)"
done
for pattern in 'shifted circuits for one subject' 'device time' 'predicted time' 'measured'; do
  grep -q "$pattern" resources.log || fail "resources does not tell '$pattern'"
done

refused() { # pattern of the message, command; in bounded memory and time
  local pattern=$1
  shift
  (
    ulimit -v 4000000
    timeout "$bound" "$@" >out 2>err
  )
  local got=$?
  if [ "$got" -ne 2 ]; then
    fail "exit code $got, expected 2: $*: $(head -c 300 err)"
  elif ! grep -qE -- "$pattern" err; then
    fail "no message like '$pattern': $*: $(head -c 300 err)"
  fi
}
bad() { # name, pattern, text after the declarations
  printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\n%s\n' "$3" >"$1.qasm"
  refused "$1.qasm:$2" "$titrant" circuit run "$1.qasm"
}
bad infinite '5:4: .*(finite|zero)' 'rx(1/0) q[0];'
bad twice '5:[0-9]+: ' 'cx q[0], q[0];'
bad small '5:[0-9]+: ' 'x q[2];'
bad unknown '5:1: ' 'frobnicate q[0];'
bad subroutine '5:18: ' 'def f(qubit a) { y0 a; } f(q[0]);'
bad cut '[0-9]+:[0-9]+: ' 'gate g a { h a;'
bad recursive '[0-9]+:[0-9]+: ' 'gate g a { g a; } g q[0];'
bad bits '5:[0-9]+: ' 'c = measure q[0];'
bad vast '5:[0-9]+: ' 'qubit[1000000000] r;'
bad deep '5:[0-9]+: ' "rx($(head -c 200000 /dev/zero | tr '\0' '(')"
doubling='gate g0 a { x a; x a; }'
for k in $(seq 40); do doubling+=" gate g$k a { g$((k - 1)) a; g$((k - 1)) a; }"; done
bad exploding '5:[0-9]+: ' "$doubling g40 q[0];"
printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[30] r;\nbit[30] c;\nh r;\ncx r[0:28], r[1:29];\nc = measure r;\n' >wide.qasm
refused '26 qubits' "$titrant" circuit run wide.qasm
head -c 10000000 /dev/zero | tr '\0' 'x' >noise.qasm
refused 'noise.qasm:1:1: ' "$titrant" circuit run noise.qasm
python3 -c 'import random, sys; random.seed(1); sys.stdout.buffer.write(random.randbytes(300000))' >random.qasm
refused 'random.qasm' "$titrant" circuit run random.qasm
refused 'absent.qasm' "$mpiexec" -n 2 "$titrant" circuit run absent.qasm
refused 'device' "$titrant" circuit route --output x.qasm
printf 'qubits: 3\n' >broken.yaml
refused 'broken.yaml' "$titrant" circuit route --device broken.yaml --output x.qasm
refused 'broken.yaml' "$titrant" circuit run ghz.qasm --noise broken.yaml
refused 'no qubit can be used: 20 qubits .no readout_length.*--readout-time NS' "$titrant" circuit route unmeasured.qasm --device old.json --output x.qasm
refused "readout-time: .*above 0" "$titrant" circuit route unmeasured.qasm --device old.json --readout-time -1 --output x.qasm
refused "qubits: 'one' is no qubit" "$titrant" circuit device "$device" --qubits 0,one --output x.yaml
refused 'no qubit 99; it has 21' "$titrant" circuit device "$device" --qubits 0,99 --output x.yaml
refused 'missing argument FILE' "$titrant" circuit device --output x.yaml
refused 'qubit 0 of device .* is left out .no T1.' "$titrant" circuit run first.qasm --noise without.yaml
for command in print export "route --device $device"; do
  # shellcheck disable=SC2086 # words of a command
  refused "regimen monthly: is no regimen of this configuration; expected daily or weekly" "$titrant" circuit $command --regimen monthly
done
refused "regimen weakly: .*did you mean 'weekly'" "$titrant" circuit print --regimen weakly
refused "preparation mpss: expected auto, mps or general, did you mean 'mps'" "$titrant" circuit export --preparation mpss
refused "dialect quiskit: expected openqasm3, qiskit, braket, qdk or openqasm2, did you mean 'qiskit'" "$titrant" circuit export --dialect quiskit
refused 'noise|probab|range' "$titrant" circuit run ghz.qasm --noise '{two_qubit: 1.5}'
[ -e x.qasm ] && fail "a refused command left x.qasm"
refused 'general.qasm' "$titrant" circuit export --output general.qasm
refused 'shots' "$titrant" circuit run ghz.qasm --shots -1
refused 'nobody' "$titrant" circuit export --subject nobody

exit_if_failed
echo "bad input: one message each, in bounded time and memory"
