/** Stands for a flow that nobody has chosen yet. */
export const noFlow = "00000000-0000-4000-8000-000000000000";
