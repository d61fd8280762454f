import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { dateFormatProblem, suggestDateFormat, usualDateFormat } from "./date-format.ts";
import { parseTemplate } from "./template.ts";

describe("a date format is refused, and the one that was probably meant is told:", () => {
  test.each([
    ["dd/mm/yyyy", "dd/MM/yyyy"],
    ["DD.MM.YYYY", "dd.MM.yyyy"],
    ["MM/DD/YYYY", "MM/dd/yyyy"],
    ["YYYY-MM-DD", "yyyy-MM-dd"],
    ["DD.MM.YYYY HH:mm", "dd.MM.yyyy HH:mm"],
    ["%Y-%m-%d", "yyyy-MM-dd"],
    ["%d/%m/%y %H:%M", "dd/MM/yy HH:mm"],
    ["HH:MM", "HH:mm"],
    ["dddd, D MMMM", "cccc, d MMMM"],
    ["long", undefined],
    ["d de LLLL", undefined],
    ["jj/mm/aaaa", undefined],
    ["mm", "MM"],
    ["", undefined],
    ["--", undefined],
    ["'heute'", undefined],
    ["d '", undefined],
    ["%", undefined],
  ])("%s → %s", (format, meant) => {
    expect(dateFormatProblem(format)).toBeDefined();
    expect(suggestDateFormat(format)).toBe(meant);
    if (!format.includes("'")) expect(parseTemplate(`{{ created_at | date: "${format}" }}`).problem).toContain("is no date format");
  });
});

describe("a date format writes what it says:", () => {
  const at = DateTime.fromISO("2026-11-30T21:05:09", { zone: "Europe/Vienna", locale: "en" });
  test.each([
    [usualDateFormat, "30 November 2026"],
    ["dd.MM.yyyy", "30.11.2026"],
    ["cccc, d LLLL", "Monday, 30 November"],
    ["d 'de' LLLL 'de' yyyy", "30 de November de 2026"],
    ["ccc d/M/yy, h:mm a", "Mon 30/11/26, 9:05 PM"],
    ["HH:mm", "21:05"],
    ["HH'h'mm", "21h05"],
    ["ddMMyyyy", "30112026"],
    ["EEEE 'um' HH:mm:ss", "Monday um 21:05:09"],
    ["yyyy年M月d日".replaceAll(/[年月日]/g, "'$&'"), "2026年11月30日"],
  ])("%s → %s", (format, text) => {
    expect(dateFormatProblem(format)).toBeUndefined();
    expect(at.toFormat(format)).toBe(text);
  });
});

test("decimals are whole numbers from 0 to 10", () => {
  for (const decimals of ["-1", "1.5", "11", "99", '"two"'])
    expect(parseTemplate(`{{ x | number: ${decimals} }}`).problem, decimals).toContain("decimals");
  for (const decimals of ["0", "2", "10"]) expect(parseTemplate(`{{ x | number: ${decimals} }}`).problem, decimals).toBeUndefined();
});
