import { spawn } from "node:child_process";
import { join } from "node:path";
import { environment, exitCodeOf, node24, root } from "./child.mjs";
import { install } from "./install.mjs";
import { runMain } from "./terminal.mjs";

// npm run dev installs what is missing and then hands over to Node 24, because the loop itself uses our TypeScript.
await runMain(async () => {
  await install();
  const loop = spawn(node24, [join(root, "scripts", "dev-loop.ts"), ...process.argv.slice(2)], {
    cwd: root,
    env: environment,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => loop.kill(signal));
  return exitCodeOf(loop);
});
