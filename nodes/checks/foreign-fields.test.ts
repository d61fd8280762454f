import { expect, test } from "vitest";
import { findForeignFields } from "./foreign-fields.ts";

const own = (written: string, custom?: Map<string, string>) => findForeignFields(`Hi ${written}, bye`, custom).rewritten;

test.each([
  ...[
    "*|FNAME|*",
    "{firstname}",
    "{ firstname }",
    "{FIRST_NAME}",
    "{First Name}",
    "[First Name]",
    "[firstname]",
    "[FIRSTNAME]",
    "[[firstname]]",
  ],
  ...[
    "[[FNAME]]",
    "[[First Name]]",
    "*|FIRST NAME|*",
    "%FIRSTNAME%",
    "%first_name%",
    "%%firstname%%",
    "%recipient.first_name%",
    `\${firstname}`,
  ],
  ...[
    "#{firstname}",
    "<%= firstname %>",
    "<%firstname%>",
    "&lt;%= firstname %&gt;",
    "{!Contact.FirstName}",
    "[contact:firstname]",
    "«FirstName»",
  ],
  ...[
    "« First Name »",
    "&laquo;FirstName&raquo;",
    "<<First Name>>",
    "&lt;&lt;First Name&gt;&gt;",
    "｛｛firstname｝｝",
    "{$first_name}",
    "{contact.firstname}",
  ],
  ...[
    "((firstname))",
    "<firstname>",
    "&lt;First Name&gt;",
    "__firstname__",
    "$firstname$",
    "~first_name~",
    "*first_name*",
    "_first_name_",
    "@firstname",
  ],
  ...[
    "$firstname",
    ":first_name",
    "#firstname#",
    "@FIRSTNAME@",
    "-first_name-",
    "(First Name)",
    "$[FNAME]$",
    "{Vorname}",
    "[Prénom]",
    "{{nombre}}".slice(1, -1),
  ],
  ...[
    "&#123;&#123;firstname&#125;&#125;",
    "{ {firstname} }",
    "‹FirstName›",
    "{subscriber.first_name}",
    "*|TITLE:FNAME|*",
    "FIRSTNAME",
    "FNAME",
  ],
])("%s is found, and means the first name", (written) => {
  expect(findForeignFields(`Hi ${written}, bye`).found).toEqual([{ raw: written, own: "{{ firstname }}" }]);
  expect(own(written)).toBe("Hi {{ firstname }}, bye");
});

test.each([
  "{% if firstname %}",
  "{% endif %}",
  "*|IF:FNAME|*",
  "*|UNSUB|*",
  "{company}",
  "[company name]",
  "[unsubscribe]",
  "%unsubscribe_url%",
  `\${amount}`,
  "[[x]]",
  "{Hi|Hello}",
])("%s is found, and nobody guesses what it means", (written) => {
  expect(findForeignFields(`Hi ${written}, bye`).found).toEqual([{ raw: written }]);
  expect(own(written)).toBe(`Hi ${written}, bye`);
});

test("what stands in for a missing value is kept", () => {
  expect(own("[firstname,fallback=there]")).toBe('Hi {{ firstname | default: "there" }}, bye');
  expect(own("{$name|default:'you'}")).toBe('Hi {{ name | default: "you" }}, bye');
  expect(own("%FIRSTNAME|friend%")).toBe("Hi %FIRSTNAME|friend%, bye");
});

test("a custom field of the workspace is known by its label and by its key", () => {
  const custom = new Map([["Membership Plan", "custom.membership_plan"]]);
  for (const written of ["[Membership Plan]", "{membership_plan}", "*|MEMBERSHIP PLAN|*", "%MembershipPlan%"])
    expect(own(written, custom)).toBe("Hi {{ custom.membership_plan }}, bye");
  expect(findForeignFields("Hi [Membership Plan]").found).toEqual([]);
});

test("a field inside a default is told, because a default is sent as it stands", () => {
  expect(findForeignFields('Hi {{ firstname | default: "{{ lastname }}" }}').found).toEqual([{ raw: "{{ lastname }}" }]);
  expect(findForeignFields('Hi {{ firstname | default: "[First Name]" }}').found).toEqual([{ raw: "[First Name]" }]);
});

test("everything in a text is found, and fields of our own stay", () => {
  const { found, rewritten } = findForeignFields("{firstname} {{ lastname }} *|LNAME|* {firstname} [[x]]");
  expect(found.map(({ raw }) => raw)).toEqual(["{firstname}", "*|LNAME|*", "[[x]]"]);
  expect(rewritten).toBe("{{ firstname }} {{ lastname }} {{ lastname }} {{ firstname }} [[x]]");
});

test.each([
  "Hi {{ firstname | default: 'there' }}, your {{ custom.plan }} is 50% off, 20%less",
  "See [1] and [Terms] (apply). Mail us (email) or *now* _today_ -soon-",
  "<!--[if mso]><table><![endif]--><style>a[href]{color:red} @media (max-width:600px){ .x{ padding:0 } }</style>",
  '{"firstname": "{{ firstname }}", "list": [["a", 1], [true]], "n": {"a": {}}}',
  '{"merge_fields":{"FNAME":"{{ firstname }}"}}',
  "https://example.test/?FNAME={{ firstname | url }}&q=%20name%20&e=%C3%A9&email=a%40b.test",
  "Il dit «bonjour» et «merci beaucoup»; {{ name }}",
  "Call me @ 5, price $5, $name.com, a@b.test, ann@firstname.test",
  "<p><b>Name</b> <i>Email</i> <address>x</address> 1 < 2 > 1</p>",
  "[SMS] Mobile: [tel] {0} {1} {}",
  "Dear ALL, hi THERE, hello ANNA",
  "I ♥ NY :name: (name) *name* _nom_",
])("an ordinary text holds none: %s", (text) => expect(findForeignFields(text)).toEqual({ found: [], rewritten: text }));

const query = (text: string) => JSON.stringify({ query: text, variables: { id: "{{ id }}" } });
test.each([
  query("query { contact { name } }"),
  query("{contact{email firstname}}"),
  query("{ email }"),
  query("query Q($id: ID!, $firstName: String) { contact(id: $id) { firstName } }"),
  '{"path": "/orders/{orderId}", "hook": "{state}", "deep": {"text": "{{ firstname }} {count}"}}',
  '[{"pattern": "^[a-z]{2,3}$"}, "{0}"]',
])("in a JSON braces are ordinary: %s", (text) => expect(findForeignFields(text)).toEqual({ found: [], rewritten: text }));

test("in a JSON a field of a contact in braces is found where its text holds no other braces", () => {
  const json = (own: boolean) =>
    `{"to": "{{ email }} ${own ? "{{ firstname }}" : "{firstname}"}", "query": "{ name }", "say": "*|LNAME|* {count}"}`;
  const { found, rewritten } = findForeignFields(json(false));
  expect(found).toEqual([
    { raw: "{firstname}", own: "{{ firstname }}" },
    { raw: "*|LNAME|*", own: "{{ lastname }}" },
  ]);
  expect(rewritten).toBe(json(true).replace("*|LNAME|*", "{{ lastname }}"));
});

test("a long text of marks takes time in proportion to its length: of many different ones only so many are looked up", () => {
  const many = Array.from({ length: 20_000 }, (_, at) => `{a${at}}`).join("[(<%*");
  expect(findForeignFields(many).found).toHaveLength(100);
});
