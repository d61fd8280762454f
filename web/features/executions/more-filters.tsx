import { reasons } from "#contract/reasons.ts";
import { formatDate, formatExact } from "#ui/format.ts";
import { nameOf, useStepNames, useVersionNames } from "#web/entities/flows/use-flow-names.ts";
import { FilterBox, OneOrAny, PeriodFields, ReasonChoice, RunsChoice } from "./filter-box.tsx";
import { type Chip, FilterChips } from "./filter-chips.tsx";
import type { Narrowing } from "./narrowing.ts";

interface MoreFiltersProps {
  more: Narrowing;
  onChange: (more: Narrowing) => void;
  flowId: string | undefined;
}

/** Without what was taken out: a name that holds nothing is no filter. */
const given = (more: Narrowing): Narrowing => Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));

const places = [
  ["at", "Waiting at"],
  ["failed", "Failed at"],
  ["skipped", "Skipped at"],
  ["passed", "Passed"],
] as const;

/** The filters that few need, behind one button. */
export const MoreFilters = (props: MoreFiltersProps) => (
  <FilterBox label="Filter enrollments">
    <Fields {...props} />
  </FilterBox>
);

/** Mounted while the box is open, which is when the names are read. */
function Fields({ more, onChange, flowId }: MoreFiltersProps) {
  const steps = useStepNames(flowId);
  const versions = useVersionNames(flowId);
  const set = (change: Narrowing) => onChange(given({ ...more, ...change }));
  return (
    <>
      {places.map(([key, label]) => (
        <OneOrAny key={key} label={label} any="Any step" value={more[key]} onChange={(id) => set({ [key]: id })} options={steps} />
      ))}
      <ReasonChoice value={more.reason} onChange={(reason) => set({ reason })} />
      <OneOrAny label="Version" any="Any version" value={more.version} onChange={(version) => set({ version })} options={versions} />
      <RunsChoice value={more.runs} onChange={(runs) => set({ runs })} />
      <PeriodFields from={more.from} to={more.to} onChange={set} labels={["Enrolled from", "Enrolled until"]} />
    </>
  );
}

const edgeWords = (text: string, zone: string) => (text.length === 10 ? formatDate(`${text}T12:00:00Z`, "UTC") : formatExact(text, zone));

interface ChipsProps extends MoreFiltersProps {
  onClear: () => void;
  zone: string;
  /** What is listed. `at` names the step of an entry of a log, and the period is that of the steps. */
  of?: "enrollments" | "steps";
}

/** What of them is in use. */
export function MoreFilterChips({ more, onChange, onClear, flowId, zone, of = "enrollments" }: ChipsProps) {
  const { left, exit, reason, version, from, to, runs } = more;
  const namesStep = left !== undefined || places.some(([key]) => more[key] !== undefined);
  const steps = useStepNames(namesStep ? flowId : undefined);
  const versions = useVersionNames(version === undefined ? undefined : flowId);
  const without = (...keys: (keyof Narrowing)[]) =>
    onChange(Object.fromEntries(Object.entries(more).filter(([key]) => !keys.some((one) => one === key))));
  const chips: Chip[] = [];
  const add = (words: string, ...keys: (keyof Narrowing)[]) => chips.push({ key: keys.join(), words, remove: () => without(...keys) });
  for (const [key, label] of places) {
    const id = more[key];
    if (id !== undefined) add(`${of === "steps" ? "Step" : label} “${nameOf(steps, id)}”`, key);
  }
  if (left !== undefined && exit !== undefined) add(`Left “${nameOf(steps, left)}” by ${exit}`, "left", "exit");
  if (reason !== undefined) add(reasons[reason as keyof typeof reasons].text, "reason");
  if (version !== undefined) add(versions.some(({ id }) => id === version) ? nameOf(versions, version) : "One version", "version");
  if (from !== undefined) add(`${of === "steps" ? "From" : "Enrolled from"} ${edgeWords(from, zone)}`, "from");
  if (to !== undefined) add(`${of === "steps" ? "Until" : "Enrolled until"} ${edgeWords(to, zone)}`, "to");
  if (runs !== undefined) add(runs === "only" ? "Only test runs" : "Without test runs", "runs");
  return <FilterChips chips={chips} onClear={onClear} />;
}
