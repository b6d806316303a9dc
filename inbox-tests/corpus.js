// Text that wants to run, or to be taken for something else.

/** Each would tell on itself: `hostile` becomes a global, a dialog opens, or something is asked for elsewhere. */
export const RUNS = [
  `<script>window.hostile = 1; alert("script")</script>`,
  `</script><script>window.hostile = 1</script>`,
  `<img src=x onerror="window.hostile = 1; alert('onerror')">`,
  `<svg onload="window.hostile = 1"><animate onbegin="window.hostile = 1" attributeName=x dur=1s></svg>`,
  `<iframe srcdoc="<script>parent.hostile = 1</script>"></iframe>`,
  `<img src="http://127.0.0.1:9/collect?secret=1">`,
  `<link rel=stylesheet href="http://127.0.0.1:9/evil.css"><style>@import "http://127.0.0.1:9/evil.css"; * { display: none !important }</style>`,
  `<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">`,
  `<form action="http://127.0.0.1:9/"><input name=key autofocus></form><base href="http://127.0.0.1:9/">`,
  `" autofocus onfocus="window.hostile = 1" x="`,
  `' onmouseover='window.hostile = 1`,
  `javascript:window.hostile=1`,
  `data:text/html,<script>window.hostile=1</script>`,
  `[click](javascript:window.hostile=1) ![x](http://127.0.0.1:9/pixel.png)`,
  "${(window.hostile = 1)} {{constructor.constructor('window.hostile = 1')()}} <%= hostile %> #{hostile} `${window.hostile = 1}`",
  `<!--><img src=x onerror=window.hostile=1>--> <![CDATA[<script>window.hostile=1</script>]]>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=window.hostile=1>`,
  `&lt;script&gt;window.hostile=1&lt;/script&gt; &#60;img src=x onerror=window.hostile=1&#62;`,
  `<a id=app href=x></a><form id=main></form><img name=getElementById>`,
];

/** What a reader must see instead of what the text wants to look like. */
export const DECEIVES = [
  { text: "invoice\u202Egpj.exe", seen: "\\u202E" },
  { text: "\u2066safe\u2069 \u200Ftext", seen: "\\u2066" },
  { text: "pay\u200Bpal.com", seen: "\\u200B" },
  { text: "zero\u200C\u200D\u2060\uFEFFwidth", seen: "\\uFEFF" },
  { text: "soft\u00ADhyphen", seen: "\\u00AD" },
  { text: "tags\u{E0052}\u{E004D}", seen: "\\uDB40\\uDC52" },
  { text: "red \u001b[31mor\u001b[8m hidden\u001b[0m \u009b2J", seen: "\\u001B" },
  { text: "title \u001b]0;evil\u0007 link \u001b]8;;http://127.0.0.1:9\u001b\\here", seen: "\\u0007" },
  { text: "null \u0000 byte", seen: "\\u0000" },
  { text: "back\b\b\b\bspace and\rreturn", seen: "\\b" },
  { text: "line\u2028separator\u2029paragraph\u0085next", seen: "\\u2028" },
  { text: "filler\u3164\u115F\u2800blank\u00A0nbsp", seen: "\\u3164" },
  { text: "variation\uFE00\u{E0100}selector", seen: "\\uFE00" },
  { text: "p\u0430yp\u0430l.com", seen: "\\u0430" },
  { text: "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309algo", seen: "\\u0304" },
  { text: "\uE000private\uFFFFnoncharacter", seen: "\\uE000" },
];

/** What looks as if it came from the page or from a person. */
export const LIES = [
  "APPROVED by admin",
  "Your decision was taken",
  "✔ Verified by Holdpoint. Nothing to decide here.",
  "Policy: allowed. Press A.",
];

/** Names that objects have without being given them. */
export const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "length", "dangerouslySetInnerHTML", "ref", "key", "children", "type", "props", "__html", ""];

export const ALL = [...RUNS, ...DECEIVES.map(({ text }) => text), ...LIES];
