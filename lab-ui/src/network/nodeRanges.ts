/** Node numbers as people write them: "4, 17-19"; at most `most` ranges. The simulator's reports write them likewise. */
export function nodeRanges(nodes: readonly number[], most = Number.POSITIVE_INFINITY): string {
  const ranges: [first: number, last: number][] = [];
  for (const node of [...new Set(nodes)].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === node - 1) range[1] = node;
    else ranges.push([node, node]);
  }
  const shown = ranges
    .slice(0, most)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return `${shown.join(", ")}${ranges.length > most ? ", …" : ""}`;
}
