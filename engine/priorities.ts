/**
 * Small numbers first. What a person waits for overtakes what runs for minutes; among equals the longest waiting is
 * next, so the chunks of two large sends take turns.
 */
const small = 25;

export const lanePriority = (expected: number) => (expected <= small ? 0 : 20);
export const advancePriority = (executions: number) => (executions <= small ? 5 : 15);
/** Always before its own lanes: they look again and again for a chunk that only this job can fill. */
export const enrollPriority = (expected: number) => lanePriority(expected) - 1;
