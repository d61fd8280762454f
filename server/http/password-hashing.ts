import { hashPassword, verifyPassword } from "better-auth/crypto";

/**
 * Hashing is slow and needs much memory on purpose. It runs on the thread pool that DNS, files and TLS use too, so no
 * more than two hashes run at once.
 */
const atOnce = 2;

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(given: { hash: string; password: string }): Promise<boolean>;
}

/** Hashes with scrypt as better-auth does it, through a queue. During a flood of sign-ins only the sign-ins wait. */
export function createPasswordHashing(): PasswordHashing {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The free place goes straight to the next in the queue, so that a new arrival cannot take it.
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
