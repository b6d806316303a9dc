// @ts-check

/** @typedef {{ kind: 'same' | 'gone' | 'new', text: string } | { kind: 'skip', count: number }} Line */

/** Lines around a change that are shown with it. */
const AROUND = 2;
/** Beyond so many comparisons what changed is told as one block. */
const AFFORDABLE = 1_000_000;

/**
 * What parts one text from another, line by line.
 * @param {string[]} before
 * @param {string[]} after
 * @returns {Line[]}
 */
export function differences(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const gone = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  /** @param {string} text @returns {Line} */
  const same = text => ({ kind: 'same', text });
  return folded([...before.slice(0, start).map(same), ...middle(gone, fresh), ...before.slice(before.length - end).map(same)]);
}

/** By the longest common subsequence. @param {string[]} gone @param {string[]} fresh @returns {Line[]} */
function middle(gone, fresh) {
  if (gone.length * fresh.length > AFFORDABLE) {
    return [...gone.map(text => /** @type {Line} */ ({ kind: 'gone', text })), ...fresh.map(text => /** @type {Line} */ ({ kind: 'new', text }))];
  }
  const width = fresh.length + 1;
  const common = new Uint32Array((gone.length + 1) * width);
  for (let i = gone.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      common[i * width + j] = gone[i] === fresh[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  /** @type {Line[]} */
  const lines = [];
  let i = 0;
  let j = 0;
  while (i < gone.length || j < fresh.length) {
    if (i < gone.length && j < fresh.length && gone[i] === fresh[j]) {
      lines.push({ kind: 'same', text: gone[i++] });
      j++;
    } else if (j === fresh.length || i < gone.length && common[(i + 1) * width + j] >= common[i * width + j + 1]) lines.push({ kind: 'gone', text: gone[i++] });
    else lines.push({ kind: 'new', text: fresh[j++] });
  }
  return lines;
}

/** Long stretches that are the same are told by their number. @param {Line[]} lines @returns {Line[]} */
function folded(lines) {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(line => line.kind !== 'same'));
  /** @type {Line[]} */
  const kept = [];
  lines.forEach((line, at) => {
    const last = kept.at(-1);
    if (near[at]) kept.push(line);
    else if (last?.kind === 'skip') last.count++;
    else kept.push({ kind: 'skip', count: 1 });
  });
  return kept;
}
