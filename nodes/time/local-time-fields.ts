import { z } from "zod";

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is needed, as in 09:00");
/** ISO days of the week: 1 is Monday, 7 is Sunday. */
export const Weekday = z.number().int().min(1).max(7);
/** Whether the clocks of the contact or of the workspace count. */
export const WhoseZone = z.enum(["contact", "workspace"]).default("contact");
