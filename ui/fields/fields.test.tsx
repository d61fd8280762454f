import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it } from "vitest";
import { renderUi } from "#test/render.tsx";
import { DurationField } from "./duration-field.tsx";
import { NumberField } from "./number-field.tsx";
import { SearchField } from "./search-field.tsx";
import { SegmentedField, ToggleSet } from "./segmented-field.tsx";
import { SelectField } from "./select-field.tsx";

const told = () => screen.getByRole("status").textContent;

function Count({ disabled }: { disabled?: boolean }) {
  const [value, setValue] = useState<number | null>(5);
  return (
    <>
      <NumberField label="Contacts" value={value} onChange={setValue} disabled={disabled} error={value === null ? "Needed" : undefined} />
      <output>{String(value)}</output>
    </>
  );
}

it("a number field that is emptied holds no number, and its problem is tied to it", async () => {
  const { user } = await renderUi(<Count />);
  const field = screen.getByRole("spinbutton", { name: "Contacts" });
  await user.clear(field);
  expect(told()).toBe("null");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Needed")).toBeDefined();
});

it("a number field keeps what is typed until it is a number", async () => {
  const { user } = await renderUi(<Count />);
  const field = screen.getByRole<HTMLInputElement>("spinbutton", { name: "Contacts" });
  await user.clear(field);
  await user.type(field, "007");
  expect(told()).toBe("7");
  expect(field.value).toBe("007");
});

it("a length of time is a number and a unit in one frame, so that a problem stands below both", async () => {
  await renderUi(<DurationField label="Pause before each round" seconds={7_200} onChange={() => {}} error="Too long" />);
  const number = screen.getByRole<HTMLInputElement>("spinbutton", { name: "Pause before each round" });
  const unit = screen.getByRole<HTMLSelectElement>("combobox", { name: "Pause before each round, unit" });
  expect([number.value, unit.value, number.getAttribute("aria-invalid")]).toEqual(["2", "hours", "true"]);
  expect(screen.getByText("Too long").parentElement?.contains(unit)).toBe(true);
});

function Pace() {
  const [value, setValue] = useState<"all" | "drip">("all");
  const options = [
    { value: "all", label: "Everybody at once" },
    { value: "drip", label: "In batches" },
  ] as const;
  return (
    <>
      <SegmentedField label="Pace" value={value} onChange={setValue} options={options} />
      <output>{value}</output>
    </>
  );
}

it("a segmented field is a group of radio buttons that the arrows move in", async () => {
  const { user } = await renderUi(<Pace />);
  expect(screen.getByRole("radiogroup", { name: "Pace" })).toBeDefined();
  await user.click(screen.getByRole("radio", { name: "In batches" }));
  expect(told()).toBe("drip");
  await user.keyboard("{ArrowLeft}");
  expect(told()).toBe("all");
});

function Days({ disabled }: { disabled?: boolean }) {
  const [values, setValues] = useState<number[]>([2]);
  const options = [
    { value: 1, label: "Mo", name: "Monday" },
    { value: 2, label: "Tu", name: "Tuesday" },
  ];
  return (
    <>
      <ToggleSet label="On these days" values={values} onChange={setValues} options={options} disabled={disabled} />
      <output>{values.join(" ")}</output>
    </>
  );
}

it("a disabled set of toggles cannot be changed", async () => {
  const { user } = await renderUi(<Days disabled />);
  await user.click(screen.getByRole("checkbox", { name: "Monday" }));
  expect(told()).toBe("2");
});

it("a set of toggles is named in full and keeps the order of its options", async () => {
  const { user } = await renderUi(<Days />);
  await user.click(screen.getByRole("checkbox", { name: "Monday" }));
  expect(told()).toBe("1 2");
  await user.click(screen.getByRole("checkbox", { name: "Tuesday" }));
  expect(told()).toBe("1");
});

function Finder() {
  const [value, setValue] = useState("");
  return (
    <>
      <SearchField label="Search contacts" value={value} onChange={setValue} delay={60_000} />
      <output>{value}</output>
    </>
  );
}

it("a search waits for quiet; Enter and the clear button do not wait", async () => {
  const { user } = await renderUi(<Finder />);
  const field = screen.getByRole("searchbox", { name: "Search contacts" });
  await user.type(field, "ada");
  expect(told()).toBe("");
  await user.keyboard("{Enter}");
  expect(told()).toBe("ada");
  await user.click(screen.getByRole("button", { name: "Clear search" }));
  expect(told()).toBe("");
});

it("a choice whose value none of its options has shows none of them as chosen, and the first can be chosen", async () => {
  const options = ["reached", "missed"].map((value) => ({ value, label: value }));
  const chosen: string[] = [];
  const { user } = await renderUi(
    <SelectField label="How it ends" value={"of another product" as string} onChange={(next) => chosen.push(next)} options={options} />,
  );
  const select = screen.getByRole<HTMLSelectElement>("combobox", { name: "How it ends" });
  expect(select.selectedOptions[0]?.textContent).toBe("Choose…");
  await user.selectOptions(select, "reached");
  expect(chosen).toEqual(["reached"]);
});

it("a length of time of which nothing is typed yet is asked in hours", async () => {
  const given: (number | null)[] = [];
  const { user } = await renderUi(<DurationField label="Wait at most" seconds={null} onChange={(next) => given.push(next)} />);
  await user.type(screen.getByRole("spinbutton"), "2");
  expect(given).toEqual([7_200]);
});
