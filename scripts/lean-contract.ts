import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

/*
 * The browser loads only those parts of the contract and of zod that it uses.
 *
 * The client of the API reads of a route where it is, who may call it and what it answers. What the server checks a
 * request with, and what describes the route to people, is left out. So are routes that no screen calls: the client names
 * each of them in quotation marks.
 *
 * The constants of the contract are values: making one changes nothing else. A bundler cannot know that of a call, so
 * it would keep every schema of a file of which one is used.
 */
const unread = new Set([
  ...["tag", "summary", "description", "params", "query", "body", "status", "bodyLimit", "audit"],
  ...["heavy", "rate", "changesNothing", "endsAccess"],
]);

/** zod's writers of JSON Schema. They hang on every schema, so no bundler can leave them out. Only the server describes the API. */
const writers = /zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/;

export function leanContract(): Plugin {
  return {
    name: "lean-contract",
    apply: "build",
    enforce: "post",
    transform: {
      filter: { id: [/\/contract\/(?!.*\.test\.).+\.ts$/, writers] },
      handler(code, id) {
        if (writers.test(id)) return { code: withoutWriters(code), map: { mappings: "" } };
        const edits = this.parse(code).body.flatMap(
          (statement) => lessOfDefineRoute(statement) ?? [...pureConstants(statement), ...lessOfRoutes(statement)],
        );
        const lean = applyEdits(code, edits);
        // The bundler splits chunks by the files that are imported, whether anything of them is used or not.
        return { code: applyEdits(lean, unusedImports(lean, this.parse(lean).body)), map: sameLines(code) };
      },
    },
  };
}

type Statement = ReturnType<Rolldown.PluginContext["parse"]>["body"][number];
interface Edit {
  start: number;
  end: number;
  text: string;
}

const declarationOf = (statement: Statement) => {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  return declaration?.type === "VariableDeclaration" ? declaration : undefined;
};

const harmless = new Set(["Literal", "Identifier", "ArrowFunctionExpression", "FunctionExpression", "TemplateLiteral"]);

/** Marks the making of each constant as free of effects: `/*@__PURE__*\/ (() => z.object(…))()`. */
function pureConstants(statement: Statement): Edit[] {
  return (declarationOf(statement)?.declarations ?? []).flatMap(({ init }) =>
    init && !harmless.has(init.type)
      ? [
          { start: init.start, end: init.start, text: "/*@__PURE__*/ (() => (" },
          { start: init.end, end: init.end, text: "))()" },
        ]
      : [],
  );
}

/** Of the defaults of a route the browser reads its kind only. */
function lessOfDefineRoute(statement: Statement): Edit[] | undefined {
  const init = declarationOf(statement)?.declarations.find(({ id }) => id.type === "Identifier" && id.name === "defineRoute")?.init;
  return init ? [{ start: init.start, end: init.end, text: '(given) => ({ kind: "json", ...given })' }] : undefined;
}

/** Leaves out of each `defineRoute({ … })` what the browser does not read. */
function lessOfRoutes(statement: Statement): Edit[] {
  return (declarationOf(statement)?.declarations ?? []).flatMap(({ init }) => {
    if (init?.type !== "ObjectExpression") return [];
    return init.properties.flatMap((entry, place) => {
      if (entry.type !== "Property" || entry.value.type !== "CallExpression") return [];
      const {
        callee,
        arguments: [given],
      } = entry.value;
      if (callee.type !== "Identifier" || callee.name !== "defineRoute" || given?.type !== "ObjectExpression") return [];
      if (entry.key.type === "Identifier" && !isCalled(entry.key.name)) {
        return [{ start: entry.start, end: init.properties[place + 1]?.start ?? init.end - 1, text: "" }];
      }
      const { properties } = given;
      return properties.flatMap((property, index) => {
        if (property.type !== "Property" || property.key.type !== "Identifier") return [];
        if (property.key.name === "auth") return withoutArguments(property.value);
        if (!unread.has(property.key.name)) return [];
        return [{ start: property.start, end: properties[index + 1]?.start ?? property.end, text: "" }];
      });
    });
  });
}

/** Of who may call a route, the browser reads the kind only: `member("editor", "flows:write")` becomes `member()`. */
function withoutArguments(value: { type: string }): Edit[] {
  const { arguments: given = [] } = value as { arguments?: { start: number; end: number }[] };
  const [first, last] = [given[0], given.at(-1)];
  return first && last ? [{ start: first.start, end: last.end, text: "" }] : [];
}

let screens: string | undefined;

/** Whether any code of the web app names the route. */
function isCalled(route: string): boolean {
  const web = join(import.meta.dirname, "..", "web");
  screens ??= globSync("**/*.{ts,tsx}", { cwd: web, exclude: ["**/*.test.*"] })
    .map((file) => readFileSync(join(web, file), "utf8"))
    .join("\n");
  return screens.includes(`"${route}"`);
}

function unusedImports(code: string, statements: Statement[]): Edit[] {
  const imports = statements.filter((statement) => statement.type === "ImportDeclaration");
  const rest = code.slice(imports.at(-1)?.end ?? 0);
  return imports
    .filter(({ specifiers }) => specifiers.every(({ local }) => !new RegExp(`\\b${local.name}\\b`).test(rest)))
    .map(({ start, end }) => ({ start, end, text: "" }));
}

/** The code with the edits. What is left out keeps its line ends, so that every line stays the same line. */
function applyEdits(code: string, edits: Edit[]): string {
  let edited = code;
  for (const { start, end, text } of edits.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    edited = edited.slice(0, start) + text + edited.slice(start, end).replace(/[^\n]/g, "") + edited.slice(end);
  }
  return edited;
}

/** A source map in which every line is the line of the same number. */
const sameLines = (code: string) => ({
  mappings: [
    "AAAA",
    ...code
      .split("\n")
      .slice(1)
      .map(() => "AACA"),
  ].join(";"),
});

/** The same exports, each of which refuses. */
function withoutWriters(code: string): string {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  const refusal = "The browser writes no JSON Schema: scripts/lean-contract.ts leaves that out.";
  return [
    `const refuse = () => { throw new Error(${JSON.stringify(refusal)}); };`,
    ...names.map((name) => `export const ${name} = refuse;`),
    ...[...code.matchAll(/^export \{ (\w+) as (\w+) \}/gm)].map(([, , name]) => `export { refuse as ${name} };`),
  ].join("\n");
}
