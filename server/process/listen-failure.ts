import { createServer } from "node:net";

/** The message says which command works instead. It is printed as it is. */
export class ListenFailure extends Error {
  override readonly name = "ListenFailure";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Turns the system's refusal to listen into advice, and returns any other error unchanged. `flag` is the prefix of the
 * options that the advice names ("metrics-").
 */
export async function explainListenFailure(error: unknown, host: string, port: number, flag = ""): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  switch (code) {
    case "EADDRINUSE":
      return new ListenFailure(
        code,
        `Port ${port} on ${host} is used by another program: start with "npm start -- --${flag}port ${await findFreePort(host, port + 1)}".`,
        { cause: error },
      );
    case "EACCES":
      return new ListenFailure(code, `This user may not listen on port ${port}: choose one above 1023 with --${flag}port N.`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new ListenFailure(code, `This machine has no address ${host}: choose another one with --${flag}host H.`, { cause: error });
    default:
      return error;
  }
}

/**
 * Fails before anything else is started. A first start takes seconds and would leave a data folder behind.
 * @throws ListenFailure if this address and port cannot be used
 */
export async function checkListen(host: string, port: number, flag = ""): Promise<void> {
  const refusal = await tryListen(host, port);
  if (refusal) throw await explainListenFailure(refusal, host, port, flag);
}

/** The advice must work when people follow it, so the port that it names is tried first. */
async function findFreePort(host: string, from: number): Promise<number> {
  for (let port = from; port < Math.min(from + 50, 65_536); port += 1) {
    if ((await tryListen(host, port)) === undefined) return port;
  }
  return 0;
}

function tryListen(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
