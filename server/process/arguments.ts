import { parseArgs } from "node:util";
import { isLoopback } from "#contract/loopback.ts";

export type Role = "web" | "worker";

export interface CliArguments {
  demo: boolean;
  help: boolean;
  host?: string;
  port?: number;
  metricsHost?: string;
  metricsPort?: number;
  dataDir?: string;
  readyFile?: string;
  roles: Role[];
}

export const usage = `Usage: npm start -- [options]

  --port N           port of the web server (default 4400; 0 takes any free one)
  --host H           address to listen on (default 127.0.0.1: this machine only)
  --data DIR         folder for everything this instance keeps (default .data)
  --role LIST        web, worker or web,worker (default both)
  --metrics-port N   also serve /metrics, /healthz and /readyz on a port of their own (default off)
  --metrics-host H   address for them to listen on (default 127.0.0.1: this machine only)
  --demo             load the demo workspace at once; this machine only
  --ready-file FILE  written as JSON when the server is ready
  --help             this text

With DATABASE_URL set, that Postgres is used instead of the embedded one.`;

/** The message lists everything that is wrong with the command line, so that all of it can be corrected at once. */
export class ArgumentsFailure extends Error {
  override readonly name = "ArgumentsFailure";
}

const options = {
  demo: { type: "boolean" },
  help: { type: "boolean" },
  port: { type: "string" },
  host: { type: "string" },
  data: { type: "string" },
  role: { type: "string" },
  "metrics-host": { type: "string" },
  "metrics-port": { type: "string" },
  "ready-file": { type: "string" },
} as const;

export function parseArguments(argv: string[]): CliArguments {
  // The strict mode of parseArgs throws at the first problem and does not look at the rest, so it is off.
  const { values, tokens } = parseArgs({ args: argv, options, strict: false, tokens: true });
  const problems: string[] = [];

  for (const token of tokens) {
    if (token.kind === "positional") problems.push(`"${token.value}" is not an option`);
    if (token.kind !== "option") continue;
    const known = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options] : undefined;
    if (!known) problems.push(`${token.rawName} is not known`);
    else if (known.type === "string" && (!token.value || token.value.startsWith("-"))) problems.push(`${token.rawName} needs a value`);
    else if (known.type === "boolean" && token.value !== undefined) problems.push(`${token.rawName} takes no value`);
  }

  const text = (name: string) => (typeof values[name] === "string" && values[name] ? values[name] : undefined);
  const readPort = (name: string) => {
    const port = text(name);
    if (port !== undefined && !isPort(port)) problems.push(`--${name} must be a number from 0 to 65535, not "${port}"`);
    return port === undefined ? undefined : Number(port);
  };
  const port = readPort("port");
  const metricsPort = readPort("metrics-port");
  const roles = (text("role") ?? "web,worker").split(",").map((role) => role.trim());
  for (const role of roles) {
    if (role !== "web" && role !== "worker") problems.push(`--role knows web and worker, not "${role}"`);
  }
  const host = text("host");
  if (values.demo && host !== undefined && !isLoopback(host)) {
    problems.push(`--demo comes with a known login, so it listens on this machine only, not on ${host}`);
  }

  if (problems.length > 0) {
    throw new ArgumentsFailure(`These arguments cannot be used: ${problems.join("; ")}. See "npm start -- --help".`);
  }
  return {
    demo: values.demo === true,
    help: values.help === true,
    host,
    port,
    metricsHost: text("metrics-host"),
    metricsPort,
    dataDir: text("data"),
    readyFile: text("ready-file"),
    roles: [...new Set(roles)] as Role[],
  };
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}
