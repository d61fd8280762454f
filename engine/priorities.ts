/**
 * Small numbers first. What a person waits for overtakes what runs for minutes; among equals the longest waiting is
 * next, so the chunks of two large sends take turns.
 */
const small = 25;

export const lanePriority = (expected: number) => (expected <= small ? 0 : 20);
export const advancePriority = (executions: number) => (executions <= small ? 5 : 15);
/** Before its own lanes, or they would run dry and look for work that is not there yet. */
export const enrollPriority = 10;
