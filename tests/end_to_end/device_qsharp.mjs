// Runs the circuits of a folder that `titrant device export --logical` wrote in the simulator of npm's qsharp-lang, and writes their counts.
// Usage: node device_qsharp.mjs QSHARP FOLDER COUNTS.json PAULI; QSHARP is a folder with node_modules/qsharp-lang, PAULI the probability of
// each of X, Y and Z after every gate.
import fs from "fs";
import path from "path";

const [qsharp, folder, output, pauli] = process.argv.slice(2);
const language = path.join(qsharp, "node_modules/qsharp-lang");
const { loadWasmModule, getCompiler, QscEventTarget } = await import(path.join(language, "dist/node.js"));
const wasm = fs.readFileSync(path.join(language, "lib/web/qsc_wasm_bg.wasm"));
await loadWasmModule(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const compiler = await getCompiler();

// "([One, Zero], [One])": the registers in their order, bit 0 of each first. Outcomes have the highest bit of the last register first.
function outcome(result) {
  const registers = [...result.matchAll(/\[([^\]]*)\]/g)].map((one) => one[1].split(", "));
  return registers
    .reverse()
    .map((bits) => bits.reverse().map((bit) => (bit === "One" ? "1" : "0")).join(""))
    .join(" ");
}

const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
const all = {};
for (const circuit of manifest.circuits) {
  const source = fs.readFileSync(path.join(folder, circuit.file), "utf8");
  const program = { sources: [[circuit.file, source]], languageFeatures: [], profile: "unrestricted", projectType: "openqasm" };
  const results = new QscEventTarget(true);
  const p = Number(pauli ?? 0);
  if (p > 0) await compiler.runWithNoise(program, "", circuit.shots, [p, p, p], 0, results);
  else await compiler.run(program, "", circuit.shots, results);
  const counts = {};
  for (const one of results.getResults()) {
    if (!one.success) throw new Error(`${circuit.name}: ${JSON.stringify(one.result)}`);
    const word = outcome(one.result);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  all[circuit.name] = counts;
}
fs.writeFileSync(output, JSON.stringify(all));
