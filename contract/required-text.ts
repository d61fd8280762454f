import { z } from "zod";
import { typedValue } from "./comparable-text.ts";

/** A text that somebody must be able to see, such as a name. It is cleaned before it is judged. `longest` is in UTF-16 units. */
export const requiredText = (longest: number, message?: string) => z.string().overwrite(typedValue).min(1, message).max(longest);
