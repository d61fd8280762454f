const minute = 60_000;

/** Past the moment by more than the second or two a worker needs to notice. */
export const isOverdue = (iso: string, now: number): boolean => now - Date.parse(iso) > minute;
