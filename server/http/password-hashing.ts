import { hashPassword, verifyPassword } from "better-auth/crypto";

/** Hashing is slow and large on purpose. More than two at once would starve what shares its threads: DNS, files, TLS. */
const atOnce = 2;

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(given: { hash: string; password: string }): Promise<boolean>;
}

/** scrypt, as better-auth does it, in a queue: a flood of sign-ins then waits for itself and not everybody for it. */
export function createPasswordHashing(): PasswordHashing {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Hands the turn on without giving it up, so that nobody who arrives now gets in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) => inTurn(() => hashPassword(password)),
    verify: (given) => inTurn(() => verifyPassword(given)),
  };
}
