/** How much work is done at once. Tests make these smaller, so that a small send passes through every part of a large one. */
export interface WorkSizes {
  /** Contacts that one enrol job enrols. */
  enrollPage: number;
  /** Executions in one chunk of a send. */
  chunk: number;
  /** Lanes of a send that has more than one chunk. They keep both the database and a worker busy. */
  lanesOfLargeSend: number;
}

export const defaultWorkSizes: WorkSizes = { enrollPage: 10_000, chunk: 500, lanesOfLargeSend: 3 };
