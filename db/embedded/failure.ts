/** Why the embedded database could not be started; stable, for tests and for scripts that react to it. */
export type EmbeddedFailureCode =
  | "unsupported_platform"
  | "binaries_missing"
  | "binaries_broken"
  | "data_unreachable"
  | "data_not_writable"
  | "data_not_ours"
  | "other_major_version"
  | "secrets_unreadable"
  | "orphan_stuck"
  | "start_failed";

/** Its message is one sentence or two that say who must do what: it is printed as it is, without a stack trace. */
export class EmbeddedFailure extends Error {
  override readonly name = "EmbeddedFailure";
  readonly code: EmbeddedFailureCode;

  constructor(code: EmbeddedFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The answer to any file-system error in the data folder. */
export function dataNotWritable(dataDir: string, cause: unknown): EmbeddedFailure {
  const code = (cause as NodeJS.ErrnoException).code;
  return new EmbeddedFailure("data_not_writable", sentence(dataDir, code ?? String(cause)), { cause });
}

/** The error code behind what a Postgres program says when the disk is the reason; undefined if it is not. */
export function readDiskProblem(complaint: string): "ENOSPC" | "EROFS" | undefined {
  if (/No space left|could not extend file|wrote only|quota exceeded/i.test(complaint)) return "ENOSPC";
  return /Read-only file system/i.test(complaint) ? "EROFS" : undefined;
}

function sentence(dataDir: string, code: string): string {
  switch (code) {
    case "EROFS":
      return `The data folder ${dataDir} is on a read-only disk: choose another one with --data DIR.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk that holds ${dataDir} is full: free some space, then start again.`;
    case "EACCES":
    case "EPERM":
      return `The data folder ${dataDir} is not writable for this user: give it write access or choose another one with --data DIR.`;
    case "ENOTDIR":
    case "EEXIST":
      return `The data folder ${dataDir} is not a folder: choose another one with --data DIR.`;
    default:
      return `The data folder ${dataDir} cannot be used (${code}): choose another one with --data DIR.`;
  }
}
