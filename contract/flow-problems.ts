import { z } from "zod";

/**
 * Everything that a flow may be told, with how grave it is. An error keeps the flow from being published and sent; a
 * warning is shown before it is published; a hint only stands beside the step.
 */
export const problemSeverities = {
  malformed: "error",
  too_large: "error",
  unknown_node_type: "error",
  missing_config: "error",
  bad_config: "error",
  undecided: "error",
  bad_key: "error",
  bad_merge_field: "error",
  unknown_field: "error",
  doubtful_field: "warning",
  duplicate_node: "error",
  duplicate_edge: "error",
  dangling_edge: "error",
  unknown_exit: "error",
  double_exit: "error",
  no_start: "error",
  several_starts: "error",
  cycle_without_wait: "error",
  go_to_target_gone: "error",
  unreachable: "warning",
  ends_early: "hint",
  backward_edge: "warning",
  read_before_set: "warning",
  flow_missing: "error",
  flow_not_published: "error",
  flow_archived: "error",
  flow_ring: "error",
  flow_depth: "error",
  secret_missing: "error",
  no_provider: "hint",
  field_unknown: "warning",
  field_without_default: "warning",
  setting_unread: "warning",
  entry_not_asked: "error",
  unlisted_status: "warning",
  value_unknown: "warning",
  branch_shadowed: "warning",
  branch_impossible: "warning",
  tests_twice: "warning",
  share_zero: "warning",
  placeholder_left: "warning",
  always_skipped: "warning",
  sms_many_parts: "warning",
  sms_unicode_by_one_character: "hint",
  html_unsafe: "error",
  html_cleaned: "warning",
  link_broken: "warning",
  image_without_alt: "hint",
  subject_long: "hint",
  wait_longer_than_a_year: "warning",
  date_always_past: "warning",
  holidays_past: "hint",
  goal_unreachable: "warning",
  sends_nothing: "hint",
  sends_twice_same_text: "warning",
} as const satisfies Record<string, "error" | "warning" | "hint">;

export type ProblemCode = keyof typeof problemSeverities;
export const problemCodes = Object.keys(problemSeverities) as [ProblemCode, ...ProblemCode[]];

/** What only the database can tell. A browser takes these from the server's last answer and finds the others itself. */
export const serverProblems: ReadonlySet<ProblemCode> = new Set([
  "flow_missing",
  "flow_not_published",
  "flow_archived",
  "flow_ring",
  "flow_depth",
  "secret_missing",
  "no_provider",
  "field_unknown",
  "field_without_default",
  "unlisted_status",
  "value_unknown",
  "html_cleaned",
  "entry_not_asked",
]);

const label = z.string();
/** The step that is changed, where it is another one than that of the problem. */
const nodeId = z.string().optional();
const kind = <Name extends string>(name: Name) => z.literal(name);

/**
 * A change that makes a problem go away, where there is one that is certain. `label` is what its button says. A client
 * carries it out on the draft, so that it can be taken back.
 */
export const ProblemFix = z.discriminatedUnion("kind", [
  /** Puts `value` at the problem's `field`, or at the `field` that is given here. */
  z.object({ kind: kind("set"), label, nodeId, field: z.string().optional(), value: z.unknown() }),
  /** Takes what stands at the problem's `field` out of its list. */
  z.object({ kind: kind("remove"), label }),
  /** Replaces the merge field `from` by `to`, each time it stands in the text at the problem's `field`. */
  z.object({ kind: kind("replace_field"), label, value: z.object({ from: z.string(), to: z.string() }) }),
  z.object({ kind: kind("set_key"), label, value: z.string() }),
  z.object({ kind: kind("set_type"), label, value: z.string() }),
  /** Takes the question `value` from what is undecided about the problem's step. */
  z.object({ kind: kind("decide"), label, value: z.string() }),
  z.object({ kind: kind("delete_step"), label }),
  z.object({ kind: kind("delete_edge"), label }),
  /** Adds a step of a type behind an exit. What the exit led to follows it. */
  z.object({
    kind: kind("add_step"),
    label,
    nodeId,
    value: z.object({ exit: z.string(), type: z.string(), config: z.record(z.string(), z.unknown()) }),
  }),
  /** Adds a start that leads to the problem's step. */
  z.object({ kind: kind("add_start"), label }),
  /** Puts a “Go to” in the place of the problem's edge, `times` rounds with a pause. */
  z.object({ kind: kind("go_to"), label, value: z.object({ times: z.number(), pauseSeconds: z.number() }) }),
  /** Gives later steps and edges with the id of an earlier one an id of their own. */
  z.object({ kind: kind("rename_twins"), label }),
  /** Nothing in the flow is to be changed, but something on the page `value`. */
  z.object({ kind: kind("open"), label, value: z.enum(["/settings/channels", "/settings/secrets"]) }),
]);
export type ProblemFix = z.infer<typeof ProblemFix>;
