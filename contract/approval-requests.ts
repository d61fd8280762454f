import { z } from "zod";
import { Uuid } from "./pagination.ts";

/** Of whom a sample is made. Left out: of the first contact with values of its own, or else of the first. */
export const ApprovalSampleQuery = z.strictObject({ contactId: Uuid.optional() });
