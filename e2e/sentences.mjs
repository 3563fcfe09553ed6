// Reports each test as a sentence, faults in full, and as the last line how many passed.

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export default async function* sentences(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    // A file is reported as a test around its own; it counts only if it fell over outside of them.
    const counts = data?.details?.type !== "suite" && (data?.nesting > 0 || !data?.name?.endsWith(".mjs"));
    if (type === "test:pass" && counts) {
      passed += 1;
      yield `good    ${data.name} (${seconds(data.details.duration_ms)})\n`;
    } else if (type === "test:fail" && (counts || data.details.error?.failureType !== "subtestsFailed")) {
      failed += 1;
      const fault = data.details.error?.cause ?? data.details.error;
      yield `FAILED  ${data.name} (${seconds(data.details.duration_ms)})\n${fault?.stack ?? fault}\n`;
    } else if (type === "test:stderr" || type === "test:stdout") {
      yield data.message;
    }
  }
  yield `e2e: ${passed} passed, ${failed} failed\n`;
}
