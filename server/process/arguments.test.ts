import { describe, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

describe("parseArguments", () => {
  test("names every problem of the command line at once", () => {
    const parse = () => parseArguments(["--prot", "4400", "--demo=yes", "--port=http", "--role=web,cron", "--data", "--help"]);
    expect(parse).toThrow(/--prot is not known; "4400" is not an option; --demo takes no value; --data needs a value/);
    expect(parse).toThrow(/--port must be a number from 0 to 65535, not "http"; --role knows web and worker, not "cron"/);
  });

  test.each(["-1", "65536", "4400x", "1e3", " 80"])("refuses the port %j", (port) => {
    expect(() => parseArguments([`--port=${port}`])).toThrow(/--port must be a number/);
  });

  test("refuses a metrics port that is none", () => {
    expect(() => parseArguments(["--metrics-port=prometheus"])).toThrow(/--metrics-port must be a number from 0 to 65535/);
  });

  test("refuses an option whose name every object has", () => {
    expect(() => parseArguments(["--constructor"])).toThrow(/--constructor is not known/);
  });

  test.each(["0.0.0.0", "::", "192.168.1.5", "sluice.example", "127.0.0.1.nip.io"])("refuses --demo on %s", (host) => {
    expect(() => parseArguments(["--demo", "--host", host])).toThrow(/listens on this machine only/);
  });

  test("allows --demo on a loopback address", () => {
    expect(parseArguments(["--demo", "--host", "::1"])).toMatchObject({ demo: true, host: "::1" });
  });

  test("without arguments takes both roles and leaves the rest to the environment", () => {
    expect(parseArguments([])).toEqual({
      demo: false,
      help: false,
      host: undefined,
      port: undefined,
      metricsHost: undefined,
      metricsPort: undefined,
      dataDir: undefined,
      readyFile: undefined,
      roles: ["web", "worker"],
    });
  });

  test("takes values after a space and after an equals sign, and a role only once", () => {
    expect(parseArguments(["--port", "0", "--data=/srv/x", "--role", "worker,worker", "--ready-file=/tmp/r"])).toMatchObject({
      port: 0,
      dataDir: "/srv/x",
      readyFile: "/tmp/r",
      roles: ["worker"],
    });
  });
});
