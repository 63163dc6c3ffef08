/** A moment of a run as a clock shows it: "1:02:03.456", without hours where there are none. */
export function clockTime(seconds: number): string {
  const milliseconds = Math.round(Math.max(seconds, 0) * 1_000);
  const part = (size: number, range: number) => Math.floor(milliseconds / size) % range;
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(milliseconds / 3_600_000);
  const start = hours === 0 ? `${part(60_000, 60)}` : `${hours}:${two(part(60_000, 60))}`;
  return `${start}:${two(part(1_000, 60))}.${String(milliseconds % 1_000).padStart(3, "0")}`;
}
