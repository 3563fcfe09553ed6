// Draws a text as Code 128, set B: enough for command barcodes. Leaves out sets A and C.

/** Widths of bars and spaces, in modules, of the symbols 0 to 106 (ISO/IEC 15417, table 1). */
const SYMBOLS = (
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122" +
  "123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323" +
  "131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131" +
  "213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122" +
  "141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112" +
  "124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141" +
  "4111312114122112142112322331112"
);
const START_B = 104;
const STOP = 106;

function widths(symbol: number): string {
  return SYMBOLS.slice(symbol * 6, symbol === STOP ? undefined : symbol * 6 + 6);
}

/** The bars of a code: where each begins and how wide it is, in modules, and the width of the whole. */
export interface Bars {
  readonly modules: number;
  readonly bars: readonly { readonly x: number; readonly width: number }[];
}

/** The bars of `text`, which must be printable ASCII; anything else is a mistake of the program. */
export function code128(text: string): Bars {
  const values = [...text].map((char) => {
    const value = char.charCodeAt(0) - 32;
    if (value < 0 || value > 94) throw new RangeError(`Code 128 B cannot hold ${JSON.stringify(char)}`);
    return value;
  });
  const check = values.reduce((sum, value, at) => sum + value * (at + 1), START_B) % 103;
  const bars: { x: number; width: number }[] = [];
  let x = 0;
  for (const symbol of [START_B, ...values, check, STOP]) {
    [...widths(symbol)].forEach((digit, at) => {
      const width = Number(digit);
      if (at % 2 === 0) bars.push({ x, width });
      x += width;
    });
  }
  return { modules: x, bars };
}
