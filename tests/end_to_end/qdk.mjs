// Runs an OpenQASM program with Microsoft's compiler and simulator, npm's qsharp-lang, and prints its counts as JSON.
// Usage: node qdk.mjs PACKAGE_FOLDER PROGRAM.qasm SHOTS. Outcomes are bits, the highest first, as `titrant circuit run`
// has them. Exit code 1 with the compiler's message where the program is refused.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, program, shots] = process.argv.slice(2);
const qsharp = await import(pathToFileURL(path.join(folder, "dist", "node.js")).href);
const wasm = fs.readFileSync(path.join(folder, "lib", "web", "qsc_wasm_bg.wasm"));
await qsharp.loadWasmModule(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const compiler = await qsharp.getCompiler();
const events = new qsharp.QscEventTarget(true);
try {
  await compiler.run(
    {
      sources: [[program, fs.readFileSync(program, "utf8")]],
      languageFeatures: [],
      profile: "unrestricted",
      projectType: "openqasm",
    },
    "",
    Number(shots),
    events,
  );
} catch (error) {
  console.error(`${program}: ${error}`);
  process.exit(1);
}
const counts = {};
for (const { success, result } of events.getResults()) {
  if (!success) {
    console.error(`${program}: ${JSON.stringify(result)}`);
    process.exit(1);
  }
  // Registers in the order of their declaration, each as [element 0, element 1, ...]: "([One, Zero], [One])".
  const bits = [...result.matchAll(/One|Zero/g)].map(([word]) => (word === "One" ? "1" : "0"));
  const outcome = bits.reverse().join("");
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}
console.log(JSON.stringify({ counts }));
