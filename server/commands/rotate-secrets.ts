import type { Db } from "#db/client.ts";
import { keepLinkKeys } from "#db/link-keys.ts";
import {
  countSealedOtherwise,
  lockSealedRows,
  type SealedColumn,
  type SealedRow,
  saveSealedRow,
  sealedColumns,
} from "#db/queries/sealed-values.ts";
import { createSecretBox, type SecretBox, SecretUnreadable } from "#db/secret-box.ts";
import { breakPoint } from "#engine/base/break-point.ts";

export interface Rotation {
  /** How many values are encrypted with the new key now and were not before. */
  rotated: number;
  /** How many could not be opened with any key that was given, by table. They are left as they are. */
  unreadable: Record<string, number>;
  /** How many other keys have encrypted, after all. With none, the previous keys are not needed any more. */
  left: number;
}

interface Keys {
  masterKey: Buffer;
  previousMasterKeys: readonly Buffer[];
}

/**
 * Encrypts everything with the current key that previous ones have encrypted, some hundred values in a transaction. It may
 * be ended at any moment and begun again: what carries the current key is not looked at. The product runs meanwhile, because
 * it opens both.
 */
export async function rotateSecrets(db: Db, { masterKey, previousMasterKeys }: Keys, { batch = 200 } = {}): Promise<Rotation> {
  const box = createSecretBox(masterKey, ...previousMasterKeys);
  let rotated = 0;
  const unreadable: Record<string, number> = {};
  await keepSentLinks(db, box, previousMasterKeys);
  for (const column of sealedColumns) {
    let after: Record<string, string> | undefined;
    for (;;) {
      const pass = await rotateBatch(db, { box, column, after, limit: batch });
      rotated += pass.rotated;
      if (pass.unreadable > 0) unreadable[column.table] = (unreadable[column.table] ?? 0) + pass.unreadable;
      await breakPoint("secrets-committed");
      if (pass.read < batch) break;
      after = pass.last;
    }
  }
  return { rotated, unreadable, left: await countSealedOtherwise(db, box.keyId) };
}

/** The links of e-mails that were sent under the old key go on working once it is gone. */
async function keepSentLinks(db: Db, box: SecretBox, previousMasterKeys: readonly Buffer[]): Promise<void> {
  if (previousMasterKeys.length === 0) return;
  try {
    await db.transaction().execute((tx) => keepLinkKeys(tx, box, previousMasterKeys));
  } catch (error) {
    // It is told with the other values that no key opens, and as long as there are any, no key is given up.
    if (!(error instanceof SecretUnreadable)) throw error;
  }
}

interface Batch {
  box: SecretBox;
  column: SealedColumn;
  after: Record<string, string> | undefined;
  limit: number;
}

async function rotateBatch(db: Db, { box, column, after, limit }: Batch) {
  return db.transaction().execute(async (tx) => {
    const rows = await lockSealedRows(tx, column, { keyId: box.keyId, after, limit });
    let unreadable = 0;
    for (const row of rows) {
      const sealed = reseal(box, column, row);
      if (sealed === undefined) unreadable += 1;
      else await saveSealedRow(tx, column, { key: row.key, sealed });
    }
    await breakPoint("secrets-written");
    return { read: rows.length, rotated: rows.length - unreadable, unreadable, last: rows.at(-1)?.key };
  });
}

function reseal(box: SecretBox, column: SealedColumn, { key, sealed }: SealedRow): string | undefined {
  const place = column.placeOf(key);
  try {
    return box.seal(place, box.open(place, sealed));
  } catch (error) {
    if (error instanceof SecretUnreadable) return undefined;
    throw error;
  }
}
