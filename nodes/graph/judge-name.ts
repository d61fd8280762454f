import { contactNames } from "#contract/contact-fields.ts";
import { customKey } from "#contract/custom-fields.ts";
import { writeFieldPath } from "#contract/field-path.ts";
import { findNearest, findNearestContactName, findVariant } from "#contract/nearest-name.ts";

/** What the nodes of a flow set: variables, what it asks for, and the values of results by data key. Undefined where those are not known. */
export interface KnownNames {
  variables: ReadonlySet<string>;
  /** What the flow asks for when it is sent. */
  inputs: ReadonlySet<string>;
  steps: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  /** The keys of `steps`. */
  stepKeys: ReadonlySet<string>;
  /** How many more names may be looked for among the others; left out, all. A name that was not looked for is unknown all the same. */
  searches?: { left: number };
}

/** `suggestion` is the whole name that was probably meant, `otherwise` a sentence for those who meant something else. */
interface Verdict {
  code: "unknown_field" | "doubtful_field";
  problem: string;
  suggestion?: string;
  otherwise?: string;
}

const unknown = (problem: string, suggestion?: string): Verdict => ({ code: "unknown_field", problem, suggestion });

/**
 * Says whether a name can ever have a value. What only the data knows, such as the keys of `trigger` and of custom fields, is
 * allowed. `isText`: the value is to be printed, so a whole object will not do.
 */
export function judgeName(
  path: readonly string[],
  source: string,
  known: KnownNames,
  { isText }: { isText: boolean },
): Verdict | undefined {
  const [first = "", ...rest] = path;
  switch (first) {
    case "contact":
      return judgeContact(rest, source, { isText });
    case "metadata":
    case "custom":
    case "trigger":
      // A bare `custom` may be a custom field of that name.
      return rest.length === 0 && first !== "custom" ? whole(source) : undefined;
    case "workspace":
      return rest.length === 1 && rest[0] === "name"
        ? undefined
        : unknown(`"${source}" is not a value of the workspace.`, "workspace.name");
    case "variables":
      return judgeVariable(rest, source, known);
    case "input":
      return rest.length === 0 ? judgeBare(first, source, known) : judgeInput(rest, source, known);
    case "steps":
      return judgeStep(rest, source, known, { isText });
    default:
      return judgeBare(first, source, known);
  }
}

const whole = (source: string) => unknown(`"${source}" is not one value. Name one that is in it, as in ${source}.name.`);

function judgeContact(rest: readonly string[], source: string, { isText }: { isText: boolean }): Verdict | undefined {
  const [name, ...below] = rest;
  if (name === undefined) return whole(source);
  if (name === "metadata" || name === "custom") return below.length === 0 && isText ? whole(source) : undefined;
  if (below.length > 0 && contactNames.includes(name)) return unknown(`"${source}" is not a field of a contact.`, `contact.${name}`);
  if (contactNames.includes(name)) return undefined;
  const near = findNearestContactName(name);
  const suggestion = near === undefined ? writeFieldPath(["contact", "custom", customKey(name) ?? name, ...below]) : `contact.${near}`;
  return unknown(`"${source}" is not a field of a contact.`, suggestion);
}

/** A name alone is a field of the contact, else a custom field, else a variable. Custom fields are not known here. */
function judgeBare(name: string, source: string, { variables }: KnownNames): Verdict | undefined {
  if (contactNames.includes(name) || variables.has(name)) return undefined;
  const otherwise = ` If it is a custom field, write {{ ${writeFieldPath(["custom", name])} }}.`;
  const variant = findVariant(name, contactNames);
  if (variant !== undefined) return { ...unknown(`"${source}" is not a field.`, variant), otherwise };
  const near = findNearestContactName(name);
  if (near === undefined) return undefined;
  return { code: "doubtful_field", problem: `"${source}" is not a field of a contact.`, suggestion: near, otherwise };
}

/** The name that was probably meant. Names × names are compared, so a flow of thousands of wrong ones is not searched for all of them. */
function seekNear(name: string, among: ReadonlySet<string>, { searches }: KnownNames): string | undefined {
  if (searches && searches.left-- <= 0) return undefined;
  return findNearest(name, among);
}

function judgeVariable([name, ...below]: readonly string[], source: string, known: KnownNames): Verdict | undefined {
  const { variables } = known;
  if (name === undefined) return whole(source);
  if (variables.has(name)) return below.length === 0 ? undefined : unknown(`"${source}" is not a variable.`, `variables.${name}`);
  const near = seekNear(name, variables, known);
  return unknown(`No step of this flow sets the variable "${name}".`, near && `variables.${near}`);
}

function judgeInput([name = "", ...below]: readonly string[], source: string, known: KnownNames): Verdict | undefined {
  const { inputs } = known;
  if (inputs.has(name)) return below.length === 0 ? undefined : unknown(`"${source}" is one value, with none below it.`, `input.${name}`);
  const near = seekNear(name, inputs, known);
  return unknown(`The start of this flow does not ask for "${name}".`, near && `input.${near}`);
}

function judgeStep(
  [key, name]: readonly string[],
  source: string,
  known: KnownNames,
  { isText }: { isText: boolean },
): Verdict | undefined {
  const { steps, stepKeys } = known;
  if (key === undefined) return whole(source);
  if (!steps.has(key)) {
    const near = seekNear(key, stepKeys, known);
    return unknown(
      `No step of this flow has the data key "${key}".`,
      near && writeFieldPath(["steps", near, ...(name === undefined ? [] : [name])]),
    );
  }
  const values = steps.get(key);
  if (name === undefined) return isText ? unknown(`"${source}" is not one value but a whole result.`) : undefined;
  if (!values || values.has(name)) return undefined;
  const near = seekNear(name, values, known);
  return unknown(`The result of the step "${key}" has no value "${name}".`, near && `steps.${key}.${near}`);
}
