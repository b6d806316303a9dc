// @ts-check
import { Unreachable, refusal, send } from './service.js';

/** Pieces are handed to the browser, which may keep them on disk, before they pile up here. */
const PIECE = 4 * 1024 * 1024;

/**
 * Saves the chain as a file.
 * @param {(bytes: number) => void} onProgress
 * @returns {Promise<boolean>} whether the export came to its end; a file that is cut off isn't saved
 */
export async function saveExport(onProgress) {
  const response = await send('GET', '/v1/resolutions/export', { headers: { Accept: 'application/x-ndjson' } });
  if (!response.ok || !response.body) throw await refusal(response);
  /** @type {Blob[]} */
  const pieces = [];
  /** @type {BlobPart[]} */
  let piece = [];
  let size = 0;
  let total = 0;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      piece.push(value);
      size += value.length;
      total += value.length;
      if (size >= PIECE) {
        pieces.push(new Blob(piece));
        [piece, size] = [[], 0];
        onProgress(total);
      }
    }
  } catch {
    throw new Unreachable('The export broke off');
  }
  const file = new Blob([...pieces, ...piece], { type: 'application/x-ndjson' });
  const lastLine = (await file.slice(Math.max(0, file.size - 4096)).text()).trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{"kind":"end"')) return false;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `holdpoint-audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}
