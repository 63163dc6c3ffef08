import type { RunRecord } from "@fluxlab/sim";
/** Every figure, by the name it has in an address. */
export declare const FIGURES: {
  readonly payoutCumulus: ({ samples }: RunRecord) => Float64Array;
  readonly payoutNimbus: ({ samples }: RunRecord) => Float64Array;
  readonly payoutStratus: ({ samples }: RunRecord) => Float64Array;
  readonly supply: ({ samples }: RunRecord) => Float64Array<ArrayBufferLike>;
  readonly issuance: ({ samples }: RunRecord) => Float64Array<ArrayBufferLike>;
  readonly queueCumulus: ({ samples }: RunRecord) => Float64Array;
  readonly queueNimbus: ({ samples }: RunRecord) => Float64Array;
  readonly queueStratus: ({ samples }: RunRecord) => Float64Array;
  readonly dos: ({ samples }: RunRecord) => Float64Array<ArrayBuffer>;
};
export type Figure = keyof typeof FIGURES;
export declare const FIGURE_NAMES: Figure[];
/** Whether the text names a figure. */
export declare const isFigure: (name: unknown) => name is Figure;
/** What a figure is called, with its unit. */
export declare const figureName: (figure: Figure) => string;
