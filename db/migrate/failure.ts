export type MigrationFailureCode =
  | "edited_migration"
  | "newer_database"
  | "bad_file_name"
  | "migration_failed"
  | "database_busy"
  | "database_unreachable";

/** Its message is one sentence or two that say who must do what: it is printed as it is, without a stack trace. */
export class MigrationFailure extends Error {
  override readonly name = "MigrationFailure";
  readonly code: MigrationFailureCode;

  constructor(code: MigrationFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
