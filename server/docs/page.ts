import { errorCodes } from "#contract/api-errors.ts";
import type { Route } from "#contract/route.ts";
import { exampleOf } from "./example.ts";
import { bodyType, describeAuth, type JsonSchema, schemasOf, takesIdempotencyKey } from "./openapi.ts";
import { listFields, nameType } from "./schema.ts";
import { docsStyle } from "./style.ts";

const firstTag = "Founding document";

/**
 * Renders the page at /api/docs from the route table. It has no script, so it needs no exception from the content
 * security policy.
 */
export function renderDocs(routes: Record<string, Route>, publicUrl: string): string {
  const byTag = Map.groupBy(Object.entries(routes), ([, route]) => route.tag);
  const tags = [...byTag.keys()].toSorted((a, b) => Number(b === firstTag) - Number(a === firstTag));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sluice API</title>
<style>${docsStyle}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Routes"><p class="brand">Sluice API</p>
${tags.map((tag) => navGroup(tag, byTag.get(tag) ?? [])).join("\n")}
</nav>
<main id="content">
${introduction(publicUrl)}
${tags.map((tag) => `<h2>${escapeHtml(tag)}</h2>\n${(byTag.get(tag) ?? []).map(([id, route]) => section(id, route, publicUrl)).join("\n")}`).join("\n")}
${errorTable()}
</main>
</body>
</html>
`;
}

function introduction(publicUrl: string): string {
  return `<h1>Sluice API</h1>
<p>Every address below is under <code>${escapeHtml(publicUrl)}</code>. The same description as OpenAPI 3.1: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<h3>Who calls</h3>
<p>Send an API key of your workspace with every request: <code>Authorization: Bearer sk_live_…</code>. An admin makes one under
Settings, API keys; it is shown once. Browsers that are signed in send their cookie instead, and may name one of their
workspaces in <code>X-Workspace-Id</code>.</p>
<h3>Safe to repeat</h3>
<p>Give a POST an <code>Idempotency-Key</code> of your own making. The same key with the same request gets the first answer
again (<code>Idempotent-Replayed: true</code>) and has no second effect. Keys are kept for 48 hours.</p>
<h3>When something is wrong</h3>
<p>Every refusal looks like this. Switch on <code>code</code>; the sentence may change. <code>problems</code> lists everything that is wrong.</p>
<pre tabindex="0"><code>${escapeHtml(
    JSON.stringify(
      {
        success: false,
        error: "The request has a problem: correct it and send it again.",
        code: "invalid_request",
        problems: [{ path: "contactId", message: "This is not an id" }],
        requestId: "0b7e6c1c-6f6a-4c43-9a0e-1f2d3c4b5a69",
      },
      null,
      2,
    ),
  )}</code></pre>`;
}

function navGroup(tag: string, routes: [string, Route][]): string {
  const links = routes.map(([id, route]) => `<li><a href="#${id}">${escapeHtml(route.summary)}</a></li>`).join("");
  return `<h2>${escapeHtml(tag)}</h2><ul>${links}</ul>`;
}

function section(id: string, route: Route, publicUrl: string): string {
  const schemas = schemasOf(route);
  return `<section id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title"><span class="method ${route.method.toLowerCase()}">${route.method}</span> <code>${escapeHtml(route.path)}</code></h3>
<p>${escapeHtml(route.summary)}.</p>
${route.description ? `<p>${prose(route.description)}</p>` : ""}
<p class="auth">${prose(describeAuth(route))}${takesIdempotencyKey(route) ? " Takes an <code>Idempotency-Key</code>." : ""}</p>
${fieldTable("In the address", schemas.params)}
${fieldTable("Query", schemas.query)}
${bodySection(route, schemas.body)}
<pre tabindex="0"><code>${escapeHtml(curl(route, schemas.body, schemas.params, publicUrl))}</code></pre>
${fieldTable(`Answer ${route.status}`, schemas.response, "") || `<p>Answers ${route.status}: ${escapeHtml(answerWords(route))}.</p>`}
</section>`;
}

function bodySection(route: Route, body: JsonSchema | undefined): string {
  if (!body) return "";
  const choices = body.anyOf ?? body.oneOf;
  if (!choices) return fieldTable(`Body (${bodyType(route)})`, body) || `<p>Body: ${bodyType(route)}.</p>`;
  return choices.map((choice, index) => fieldTable(`Body, form ${index + 1}`, choice as JsonSchema)).join("\n");
}

function fieldTable(caption: string, schema: JsonSchema, always = "required"): string {
  const fields = listFields(schema);
  if (fields.length === 0) return "";
  const rows = fields.map(
    ({ name, type, required }) =>
      `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${escapeHtml(type)}</td><td>${required ? always : "optional"}</td></tr>`,
  );
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><tbody>${rows.join("")}</tbody></table></div>`;
}

function answerWords(route: Route): string {
  const words = {
    json: "JSON",
    upload: "JSON",
    sse: "a stream of events",
    csv: "a CSV file",
    zip: "a ZIP file",
    page: "a page",
    raw: "nothing",
  };
  return route.kind === "json" ? nameType(schemasOf(route).response) : words[route.kind];
}

function curl(route: Route, body: JsonSchema | undefined, params: JsonSchema, publicUrl: string): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => String(exampleOf(params.properties?.[name] as JsonSchema, name)));
  const lines = [`curl ${route.method === "GET" ? "" : `-X ${route.method} `}${publicUrl}${path}`];
  if (route.auth.kind === "member" && route.auth.scope !== null) lines.push(`-H "Authorization: Bearer $SLUICE_KEY"`);
  else if (route.auth.kind !== "public" && route.auth.kind !== "signature")
    lines.push(`-H "Cookie: $SLUICE_COOKIE" -H "Origin: ${publicUrl}"`);
  if (route.kind === "upload")
    lines.push(
      `-F 'settings=${JSON.stringify(exampleOf(body?.properties?.settings as JsonSchema)).replaceAll("'", "'\\''")}'`,
      "-F file=@contacts.csv",
    );
  else if (body) lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(exampleOf(body)).replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n  ");
}

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, status]) => `<tr><th scope="row"><code>${code}</code></th><td>${status}</td></tr>`);
  return `<h2 id="codes">Codes</h2><div class="scroll"><table><caption>Every code a refusal may carry, and its status</caption><tbody>${rows.join("")}</tbody></table></div>`;
}

/** Escapes a text and turns backticks into `code` elements. */
const prose = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
