/**
 * The work that a pass of the engine does in memory: values that are compared, texts that are filled in. Stored data and
 * the configuration of a flow multiply here (45,000 values of a list × 10 tests × 180 values that are looked for), so the
 * product is counted where the work is done, and not only its factors where they are saved.
 *
 * One unit is one value that is looked at, or 64 characters of it. It takes about a quarter of a microsecond, so an
 * execution has some 25 ms of a pass and a pass some 250 ms before anything else has its turn.
 */
export const workLimits = { execution: 100_000, pass: 1_000_000 } as const;

const charactersPerUnit = 64;

/** This execution has used up what it may do before it rests. Trying again would change nothing. */
export class WorkLimitExceeded extends Error {
  override name = "WorkLimitExceeded";
  readonly reason = "work_limit";
  constructor() {
    super(
      `The step would compare or fill in more than ${workLimits.execution.toLocaleString("en")} values of the contact and the flow. Shorten the lists in this step or in the data of the contact.`,
    );
  }
}

/** What all executions of a pass may do together. What is left then waits for the next pass. */
export class PassWork {
  spent = 0;
  get isSpent(): boolean {
    return this.spent >= workLimits.pass;
  }
}

/** What one execution may do in a pass. */
export class WorkBudget {
  #spent = 0;
  readonly pass: PassWork;
  constructor(pass = new PassWork()) {
    this.pass = pass;
  }

  get isSpent(): boolean {
    return this.#spent > workLimits.execution;
  }

  /**
   * Counts work before it is done.
   * @throws WorkLimitExceeded where the execution has used up its share
   */
  count(values: number, characters = 0): void {
    const units = values + characters / charactersPerUnit;
    this.#spent += units;
    this.pass.spent += units;
    if (this.isSpent) throw new WorkLimitExceeded();
  }
}
