/** One line of a bench: what, how much, of what. */
export const line = (name: string, figure: number, unit: string, digits = 0): void =>
  console.log(`${name.padEnd(52)} ${figure.toFixed(digits).padStart(9)} ${unit}`);
