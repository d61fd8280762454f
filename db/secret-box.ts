import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** The place that a secret belongs to. It is authenticated with the secret, so a ciphertext moved to another place does not open. */
export interface SecretPlace {
  workspaceId: string;
  table: string;
  /** Which row of the table: its key, without the workspace. */
  row: string;
  field: string;
}

export interface SecretBox {
  /** Names the key that seals; it is in every envelope. */
  keyId: string;
  seal(place: SecretPlace, plaintext: string): string;
  /** Throws SecretUnreadable when the text was changed, belongs elsewhere, or was sealed with a key we do not have. */
  open(place: SecretPlace, envelope: string): string;
}

/** An operator must restore the master key or enter the secret again. The message never holds a part of the envelope. */
export class SecretUnreadable extends Error {
  override name = "SecretUnreadable";
}

const version = "v1";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a random nonce per envelope: `v1.<key id>.<nonce, tag and ciphertext in base64url>`. The first key
 * seals; the ones after it only open, so that a master key can be replaced without losing what the old one sealed.
 */
export function createSecretBox(masterKey: Buffer, ...previousKeys: Buffer[]): SecretBox {
  const current = deriveKey(masterKey);
  const keys = new Map([current, ...previousKeys.map(deriveKey)].map(({ id, key }) => [id, key]));

  return {
    keyId: current.id,

    seal(place, plaintext) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", current.key, nonce).setAAD(associatedData(place, current.id));
      const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return [version, current.id, Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64url")].join(".");
    },

    open(place, envelope) {
      const [formatVersion, keyId = "", payload = ""] = envelope.split(".");
      if (formatVersion !== version) throw new SecretUnreadable("The stored secret has a form this version does not know.");
      const key = keys.get(keyId);
      if (!key)
        throw new SecretUnreadable("The stored secret was sealed with another master key. Restore that key, or enter the secret anew.");
      const bytes = Buffer.from(payload, "base64url");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
        decipher.setAAD(associatedData(place, keyId)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw new SecretUnreadable("The stored secret was changed, or belongs to another row. Enter it anew.", { cause });
      }
    },
  };
}

/** The master key itself seals nothing: other uses of it (signing, say) then cannot weaken this one. */
function deriveKey(masterKey: Buffer): { id: string; key: Buffer } {
  if (masterKey.length !== keyBytes) throw new Error(`The master key must be ${keyBytes} bytes long, not ${masterKey.length}.`);
  const key = Buffer.from(hkdfSync("sha256", masterKey, "", "sluice secret box v1", keyBytes));
  return { id: createHash("sha256").update("key id").update(key).digest("hex").slice(0, 8), key };
}

/** JSON, because it says where one part ends and the next begins whatever the parts contain. */
function associatedData({ workspaceId, table, row, field }: SecretPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, workspaceId, table, row, field]));
}
