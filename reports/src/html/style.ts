/**
 * The report's style sheet. Colours are custom properties, so that pages and charts follow the reader's light or dark setting;
 * print is always light. Text has at least 4.5 : 1 against its background, lines of charts 3 : 1. The tiers also differ in dash
 * and carry their names, for readers who do not tell the colours apart.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f6f7f9; --ink: #171a21; --soft: #565d6b; --faint: #6b7280;
  --hair: #e3e6eb; --grid: #e9ecf0; --accent: #1d4fae;
  --cumulus: #1f66c1; --nimbus: #b4530a; --stratus: #0b7864; --other: #5b6473; --alarm: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1217; --panel: #171b22; --ink: #e8eaee; --soft: #a9b0bd; --faint: #949cab;
    --hair: #2a303a; --grid: #242a33; --accent: #8ab4ff;
    --cumulus: #6aaeff; --nimbus: #f2a154; --stratus: #45cfae; --other: #a3abb9; --alarm: #ff8a80;
  }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --panel: #f6f7f9; --ink: #000000; --soft: #444a55; --faint: #5c6370;
    --hair: #cfd4db; --grid: #e3e6eb; --accent: #1d4fae;
    --cumulus: #1f66c1; --nimbus: #b4530a; --stratus: #0b7864; --other: #5b6473; --alarm: #b3261e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 58rem; margin: 0 auto; padding: 4rem 1.5rem 6rem; }
.eyebrow { margin: 0 0 1rem; color: var(--soft); font-size: .8125rem; letter-spacing: .06em; text-transform: uppercase; }
h1 { margin: 0; font-size: clamp(1.75rem, 4.5vw, 2.75rem); line-height: 1.12; letter-spacing: -.022em; font-weight: 680; text-wrap: balance; }
.question { margin: .9rem 0 0; color: var(--soft); font-size: 1.1875rem; line-height: 1.5; text-wrap: pretty; }
.answer { margin: 2rem 0 0; padding: .15rem 0 .15rem 1.25rem; border-left: 3px solid var(--accent); }
.answer p { margin: 0 0 .6rem; max-width: 46rem; font-size: 1.0625rem; text-wrap: pretty; }
.answer p:last-child { margin-bottom: 0; }
strong { font-weight: 640; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1px; margin: 2.75rem 0 0; background: var(--hair); border: 1px solid var(--hair); border-radius: 10px; overflow: hidden; }
.tile { grid-column: span 2; padding: 1.1rem 1.25rem 1.2rem; background: var(--page); }
.tile.half { grid-column: span 3; }
.tile h2 { display: flex; align-items: center; gap: .5rem; margin: 0; font-size: .8125rem; line-height: 1.4; font-weight: 600; color: var(--soft); letter-spacing: 0; }
.tile h2::before { content: ""; width: .625rem; height: .625rem; border-radius: 2px; background: var(--tier); }
.tile.half h2::before { content: none; }
.tile p { margin: 0; font-size: .875rem; line-height: 1.45; color: var(--soft); }
.tile .unit { font-size: 1rem; font-weight: 500; letter-spacing: 0; color: var(--soft); }
.tile .big { margin: .3rem 0 .2rem; color: var(--ink); font-size: 1.75rem; line-height: 1.2; font-weight: 640; letter-spacing: -.02em; }
nav { margin: 2.25rem 0 0; font-size: .875rem; }
nav ol { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; margin: 0; padding: 0; list-style: none; counter-reset: part; }
nav li { counter-increment: part; }
nav li::before { content: counter(part) " "; color: var(--faint); }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section { margin-top: 4.5rem; }
section > h2 { margin: 0 0 1rem; padding-top: 1.1rem; border-top: 1px solid var(--hair); font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 660; }
section > h2 .number { margin-right: .55rem; color: var(--faint); font-weight: 400; }
h3 { margin: 2.5rem 0 .5rem; font-size: 1.0625rem; line-height: 1.4; }
section p { max-width: 46rem; margin: 0 0 1rem; text-wrap: pretty; }
.note { color: var(--soft); font-size: .9375rem; }
figure { margin: 2rem 0 2.5rem; }
figcaption { margin: 0 0 .9rem; font-weight: 600; font-size: .9375rem; line-height: 1.45; max-width: 46rem; text-wrap: pretty; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.narrow { display: none; }
.panels { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.75rem; }
.panel h3 { display: flex; align-items: center; gap: .5rem; margin: 0 0 .5rem; font-size: .9375rem; }
.panel h3::before { content: ""; width: .625rem; height: .625rem; border-radius: 2px; background: var(--tier); }
.panel p { margin: 0; }
.scroll { overflow-x: auto; margin: 1.25rem 0 1.75rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; line-height: 1.45; }
caption { padding: 0 0 .5rem; text-align: left; font-weight: 600; font-size: .9375rem; }
th, td { padding: .45rem .75rem; border-bottom: 1px solid var(--hair); text-align: left; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; border-bottom-color: var(--faint); }
tbody th { font-weight: 500; white-space: nowrap; }
.figure { text-align: right; }
td.figure { white-space: nowrap; }
.cell { display: inline-block; padding: .05rem .4rem; border-radius: 4px; }
.cell.holds { background: color-mix(in srgb, var(--stratus) 16%, transparent); }
.cell.breaks { background: color-mix(in srgb, var(--alarm) 16%, transparent); font-weight: 600; }
details { margin: .9rem 0 0; font-size: .875rem; }
summary { width: fit-content; color: var(--accent); cursor: pointer; }
details caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details .scroll { max-height: 24rem; overflow: auto; margin-top: .5rem; }
dl { margin: 1.25rem 0; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .4rem 0; border-bottom: 1px solid var(--hair); font-size: .9375rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .8125rem; }
pre { margin: .75rem 0; padding: 1rem 1.1rem; overflow-x: auto; background: var(--panel); border-radius: 8px; line-height: 1.55; }
footer { margin-top: 4rem; color: var(--soft); font-size: .875rem; }
.cumulus { --tier: var(--cumulus); --dash: none; }
.nimbus { --tier: var(--nimbus); --dash: 7 3; }
.stratus { --tier: var(--stratus); --dash: 2 2.5; }
.other { --tier: var(--other); --dash: none; }
.alarm { --tier: var(--alarm); --dash: none; }
svg text { font-size: 12px; fill: var(--soft); }
svg .faint { fill: var(--faint); }
svg .unit { fill: var(--faint); }
svg .name, svg .value { fill: var(--ink); font-weight: 600; }
svg .grid { stroke: var(--grid); }
svg .base, svg .tick { stroke: var(--faint); }
svg .line { fill: none; stroke: var(--tier); stroke-width: 2; stroke-dasharray: var(--dash); stroke-linejoin: round; }
svg .thin .line { stroke-width: 1.25; }
svg .layer { fill: var(--tier); fill-opacity: .78; stroke: var(--page); stroke-width: 1.5; }
svg .band { fill: var(--tier); fill-opacity: .18; }
svg .bar { fill: var(--tier); }
svg .extra { fill-opacity: .42; }
svg .mark line { stroke: var(--faint); stroke-width: 1; }
svg .mark .repeat { stroke-dasharray: 2 3; stroke-opacity: .7; }
svg .mark text { fill: var(--ink); paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
svg .alarm line { stroke: var(--alarm); stroke-width: 1.5; }
svg .mark.alarm text { fill: var(--alarm); font-weight: 600; }
svg .supply { --tier: var(--accent); --dash: none; }
svg .supply .line { stroke-width: 2.5; }
svg .cap .line { stroke: var(--alarm); stroke-width: 1.5; stroke-dasharray: 9 4; }
svg .cap .name { fill: var(--alarm); }
svg .headroom { fill: var(--accent); fill-opacity: .07; }
svg .excess { fill: var(--alarm); fill-opacity: .16; }
svg .passed { fill: var(--page); stroke: var(--alarm); stroke-width: 2.5; }
@media (max-width: 44rem) {
  main { padding: 2.25rem 1.125rem 4rem; }
  .tile, .tile.half { grid-column: span 6; }
  .wide { display: none; }
  .narrow { display: block; }
  .panels { grid-template-columns: 1fr; gap: 2.25rem; }
  section { margin-top: 3.25rem; }
  dl > div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  @page { margin: 16mm 15mm; }
  body { font-size: 9.5pt; line-height: 1.5; }
  main { max-width: none; padding: 0; }
  nav, figure details { display: none; }
  .wide { display: block; }
  .narrow { display: none; }
  .panels { grid-template-columns: repeat(3, 1fr); gap: 1rem; }
  .tile { grid-column: span 2; }
  .tile.half { grid-column: span 3; }
  section { margin-top: 0; break-before: page; }
  section > h2 { border-top: 0; padding-top: 0; }
  figure, .tiles, .panel, .scroll, tr, dl > div { break-inside: avoid; }
  th, td { padding-top: .25rem; padding-bottom: .25rem; }
  h2, h3, figcaption, caption { break-after: avoid; }
  figure { margin: 1rem 0 1.25rem; }
  figcaption { margin-bottom: .5rem; font-size: 9pt; }
  .note, dl > div { font-size: 8.5pt; }
  .scroll { overflow: visible; margin: 1rem 0; }
  table { font-size: 8pt; }
  caption { font-size: 9pt; }
  pre { overflow: visible; white-space: pre-wrap; }
  a { color: inherit; text-decoration: none; }
  svg, .cell, .tile h2::before, .panel h3::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`.trim();
