// The colours goods are drawn in. A SKU always has the same ones, so that the eye learns them.

/** Pairs of label colour and its darker edge; none is the green, red or amber of an answer. */
const LABELS = [
  ["#3f6f8f", "#2b5068"],
  ["#8f5a3c", "#6b412a"],
  ["#6a5a93", "#4c3f6e"],
  ["#2f7d78", "#1f5c58"],
  ["#a0475f", "#783246"],
  ["#56683a", "#3f4d2a"],
  ["#b56a2a", "#8a4f1d"],
  ["#41506e", "#2d3950"],
] as const;

/** Label and edge colour of a SKU. */
export function tintOf(sku: string): { label: string; edge: string } {
  let sum = 7;
  for (const char of sku) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  const [label, edge] = LABELS[sum % LABELS.length] ?? LABELS[0];
  return { label, edge };
}
