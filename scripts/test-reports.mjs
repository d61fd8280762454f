import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./child.mjs";

/**
 * Reads Vitest's JSON report. `failures` holds {name, reason} of each failed test, and of each file that could not be
 * run. The result is undefined if the run broke before its end; its exit code then says so.
 */
export function readVitest(file) {
  const report = readReport(file);
  return report && { passed: report.numPassedTests, failed: report.numFailedTests, failures: report.testResults.flatMap(failuresOfFile) };
}

/** Reads Playwright's JSON report. A test that passed only on its second try is counted in `secondTry`. */
export function readPlaywright(file) {
  const report = readReport(file);
  if (report === undefined) return undefined;
  const { expected, flaky, unexpected } = report.stats;
  const specs = report.suites.flatMap(specsOf).filter(({ tests }) => tests.some(({ status }) => status === "unexpected"));
  const broken = report.errors.map(({ message }) => ({ name: "the run", reason: firstLine(message) }));
  return { passed: expected + flaky, failed: unexpected, secondTry: flaky, failures: [...specs.map(failureOfSpec), ...broken] };
}

function failuresOfFile({ name, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === "failed");
  if (failed.length === 0 && message) return [{ name: file, reason: firstLine(message) }];
  return failed.map(({ fullName, failureMessages }) => ({ name: `${file} › ${fullName}`, reason: firstLine(failureMessages[0]) }));
}

function specsOf({ specs, suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}

function failureOfSpec({ file, title, tests }) {
  const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
  return { name: `${file} › ${title}`, reason: firstLine(errors[0]?.message) };
}

function firstLine(text) {
  const line = stripVTControlCharacters(text ?? "")
    .split("\n")
    .find((candidate) => candidate.trim() !== "");
  return (line ?? "no reason was given").trim().slice(0, 160);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
