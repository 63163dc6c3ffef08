/** A cell: text, a whole or decimal number, or empty. */
export type Cell = string | number | undefined;

/** CSV after RFC 4180: a header line, CRLF line ends, quotes only where a cell needs them. */
export const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

function cellText(cell: Cell): string {
  const text = cell === undefined ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
