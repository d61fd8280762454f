import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildWeb, isWebBuilt } from "./build-web.mjs";
import { environment, exitCodeOf, node24, root } from "./child.mjs";
import { install } from "./install.mjs";
import { whenNpmEnds } from "./npm-end.mjs";
import { runMain } from "./terminal.mjs";

// npm start leads from a fresh clone to a running server. The server is a process of its own, because it needs Node 24
// and this script must run on the Node that the machine has.
await runMain(async () => {
  await install({ runtimeOnly: isWebBuilt() });
  await buildWeb();

  const server = spawn(node24, [join(root, "server", "process", "main.ts"), ...process.argv.slice(2)], {
    env: { ...environment, NODE_ENV: process.env.NODE_ENV ?? "production" },
    // The channel carries no messages. It closes when this process dies, even by SIGKILL, and so tells the server.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // Ctrl-C reaches the server by itself, but a plain `kill` of this process does not. The server counts both signals as
  // one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => server.kill(signal));
  const stopWatching = whenNpmEnds(() => server.kill("SIGTERM"));
  server.once("exit", stopWatching);
  return exitCodeOf(server);
});
