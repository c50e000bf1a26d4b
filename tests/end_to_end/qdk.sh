#!/usr/bin/env bash
# Programs in the dialect of Microsoft's Quantum Development Kit, run by its own compiler and simulator (npm's qsharp-lang): networks with
# several parameters, measurements in the middle and conditions, and every gate by itself have our outcomes within the error of sampling.
# Skipped (77) without node or the package, which is looked for in TITRANT_QSHARP (a folder with node_modules/qsharp-lang), then where node
# finds packages from here; nothing is downloaded.
# Usage: qdk.sh TITRANT MPIEXEC SOURCE
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"

command -v node >/dev/null || skip "node is not installed"
package=${TITRANT_QSHARP:+$TITRANT_QSHARP/node_modules/qsharp-lang}
[ -n "$package" ] || package=$(node -p 'require("path").dirname(require("path").dirname(require.resolve("qsharp-lang", {paths: [process.argv[1], ...module.paths]})))' \
  "$source" 2>/dev/null) || skip "node finds no package qsharp-lang; TITRANT_QSHARP may name a folder that has it in node_modules"
[ -f "$package/lib/web/qsc_wasm_bg.wasm" ] || skip "$package is no qsharp-lang"
shots=2000

# The counts of the other program against our probabilities, by chi-square; outcomes that are expected less than 5 times are one. Its
# simulator takes no seed, so the bound is set for 1 false alarm in a million: quantile 4.75 of the normal distribution, by the cube root of
# Wilson and Hilferty (Proc. Natl. Acad. Sci. 17 (1931) 684). An outcome that we call impossible must not occur.
agrees() { # NAME PROGRAM
  timeout 300 node "$source/tests/end_to_end/qdk.mjs" "$package" "$2" "$shots" >counts.json 2>err ||
    { fail "$1: $(head -c 600 err)" && return; }
  timeout "$bound" "$titrant" circuit run "$2" --json >probabilities.json 2>err || { fail "$1: circuit run: $(cat err)" && return; }
  "$python" - "$1" >why <<'PYTHON' || fail "$(cat why)"
import json, sys
counts = json.load(open("counts.json"))["counts"]
probabilities = json.load(open("probabilities.json"))["probabilities"]
shots = sum(counts.values())
impossible = [k for k in counts if probabilities.get(k, 0.0) < 1e-9]
if impossible:
    sys.exit(print(f"{sys.argv[1]}: outcomes {impossible[:4]} are impossible: {counts} {probabilities}") or 1)
cells, rest = [], [0.0, 0.0]
for outcome, p in probabilities.items():
    pair = [p * shots, counts.get(outcome, 0)]
    if pair[0] >= 5: cells.append(pair)
    else: rest = [rest[0] + pair[0], rest[1] + pair[1]]
if rest[0] >= 5: cells.append(rest)
chi_square = sum((n - e) ** 2 / e for e, n in cells)
degrees = max(len(cells) - 1, 1)
limit = degrees * (1 - 2 / (9 * degrees) + 4.75 * (2 / (9 * degrees)) ** 0.5) ** 3
print(f"{sys.argv[1]}: chi-square {chi_square:.1f} of {len(cells)} outcomes, limit {limit:.1f}, {shots} shots")
sys.exit(chi_square > limit)
PYTHON
  grep -q . why && cat why
}

# Networks whose pooling measures in the middle and turns under the outcomes, each with other parameters.
for network in "exposure 1" "exposure 2" "proposal 3" "homogeneous 4"; do
  read -r preset seed <<<"$network"
  timeout "$bound" "$titrant" circuit export --dialect qdk --set classifier.preset="$preset" --set seed="$seed" --set pd.structure=none --set pk.starts=1 \
    --output "$preset$seed.qasm" --force >out 2>&1 || fail "circuit export: $(cat out)"
  agrees "$preset, parameters of seed $seed" "$preset$seed.qasm"
done
grep -q '= measure' exposure1.qasm || fail "exposure has no measurement"
grep -q '^if (' exposure1.qasm || fail "exposure has no condition: nothing in the middle was tried"

# Each gate between rotations that make its matrix visible, phases under controls included. (Controlled rotations by less than 0 are wrong
# in version 1.32.5-dev, which is why the dialect has none.)
{
  printf 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
  printf 'gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }\n'
  printf 'gate ryy(theta) a, b { sdg a; sdg b; h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; s a; s b; }\n'
  printf 'gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }\n'
  printf 'gate ecr a, b { h b; cx a, b; rz(pi / 2) b; cx a, b; h b; x a; }\n'
  printf 'qubit[3] q;\nbit[2] c;\nbit[1] d;\n'
} >head.qasm
turn() { printf 'ry(%s) q[0];\nry(%s) q[1];\nry(%s) q[2];\nrz(%s) q[0];\nrz(%s) q[1];\n' "$@"; }
measured='c[0] = measure q[0];\nif (c[0]) {\n  x q[2];\n}\nif (!c[0]) {\n  reset q[2];\n}\nc[1] = measure q[1];\nd[0] = measure q[2];\n'
program() { # NAME CALLS
  { cat head.qasm && turn 0.7 1.1 0.4 0.3 -0.6 && printf '%b' "$2" && turn -0.5 0.9 1.3 0.2 0.8 && printf '%b' "$measured"; } >"$1.qasm"
  agrees "$1" "$1.qasm"
}
program fixed 'x q[0];\ny q[1];\nh q[2];\nt q[0];\ns q[1];\nsx q[2];\ncy q[0], q[1];\nsdg q[2];\ntdg q[1];\ncz q[1], q[2];\nz q[0];\nswap q[0], q[2];\necr q[0], q[1];\nccx q[2], q[0], q[1];\ncx q[1], q[0];\n'
program turns 'rx(2.5) q[0];\np(-0.7) q[1];\nU(0.4, -1.2, 2.2) q[2];\nrxx(1.9) q[0], q[1];\nryy(-0.8) q[1], q[2];\nrzz(2.9) q[0], q[2];\ncp(1.3) q[0], q[1];\n'
program controlled 'crx(2.0) q[0], q[1];\ncry(2.8) q[1], q[2];\ncrz(3.0) q[2], q[0];\ncrx(3.1) q[1], q[0];\nbarrier;\nbarrier q[0], q[1];\n'

exit_if_failed
echo "Microsoft's simulator has our outcomes"
