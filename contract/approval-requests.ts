import { z } from "zod";
import { Uuid } from "./pagination.ts";

/** The contact of whom the sample is made. Left out, it is the first with values of its own, or else the first. */
export const ApprovalSampleQuery = z.strictObject({ contactId: Uuid.optional() });
