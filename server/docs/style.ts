/**
 * The style of the page at /api/docs. It follows the reader's choice of light or dark; both have a contrast of 4.5 or
 * more.
 */
export const docsStyle = `
:root { --page: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d8dee4; --raised: #f6f8fa; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1419; --text: #e6edf3; --quiet: #9aa7b4; --line: #2b333b; --raised: #171d24; --link: #7cb7f5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.6 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { border-right: 1px solid var(--line); padding: 1.25rem 1rem; height: 100vh; overflow: auto; position: sticky; top: 0; font-size: 14px; }
nav .brand { font-weight: 650; font-size: 16px; margin: 0 0 1rem; }
nav h2 { font-size: 12px; color: var(--quiet); margin: 1.25rem 0 .25rem; border: 0; padding: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .15rem 0; color: var(--text); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
main { padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; max-width: 60rem; }
h1 { font-size: 1.9rem; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; overflow-wrap: anywhere; }
section { padding: .25rem 0 1.5rem; scroll-margin-top: 1rem; }
a { color: var(--link); }
code { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; overflow: auto; }
.auth { color: var(--quiet); }
.method { display: inline-block; min-width: 3.6rem; text-align: center; border: 1px solid var(--line); border-radius: 6px; font: 600 12px/1.7 ui-monospace, monospace; background: var(--raised); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: 14px; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; font-weight: 400; padding: .35rem 1rem .35rem 0; border-top: 1px solid var(--line); }
tbody th { width: 45%; }
td:last-child { color: var(--quiet); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
:target > h3 { color: var(--link); }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); }
}
`;
