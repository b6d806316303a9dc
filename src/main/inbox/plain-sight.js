// @ts-check
import { html } from './vendor/htm-preact.js';
import { words } from './words.js';

/**
 * Text of others is shown so that it can't deceive: whatever has no glyph of its own, or turns the order of what follows, appears as the escape
 * that JSON has for it, set apart from letters. Nothing is left out and nothing is added that could be taken for text.
 */

/** Names for those that are met in attacks; others are named by their number alone. @type {Record<number, string>} */
const NAMES = words.characters;

/** What has no honest glyph: controls, formats, line separators, lone surrogates, private and unassigned characters, odd blanks and fillers. */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]`;
/** An emoji may have its joiners. */
const EMOJI = String.raw`\p{Extended_Pictographic}\uFE0F?(?:\u200D\p{Extended_Pictographic}\uFE0F?)*`;
const ODD = new RegExp(`(?<emoji>${EMOJI})|(?<hidden>${HIDDEN})|(?<word>(?:(?!${HIDDEN})[\\p{L}\\p{M}\\p{N}_])+)`, 'gu');
/** Letters that look like Latin ones: within a Latin word they are meant to be taken for them. */
const LOOKALIKE_OR_PILE = /(?!\p{M})[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\uFF21-\uFF3A\uFF41-\uFF5A\u{1D400}-\u{1D7FF}]|(?<=\p{M}{3})\p{M}/gu;
/** More marks on one letter than any language sets. */
const PILE = /(?<=\p{M}{3})\p{M}/gu;
const MARK = /^\p{M}/u;
const LATIN = /[A-Za-z]/;

/** @typedef {{ text: string } | { escape: string, name: string, newline?: boolean } | { letter: string, escape: string, name: string }} Piece */

/** @param {string} character @returns {string} such as `\u202E` */
export function escapeOf(character) {
  switch (character) {
    case '\n': return '\\n';
    case '\r': return '\\r';
    case '\t': return '\\t';
    case '\b': return '\\b';
    case '\f': return '\\f';
  }
  let escapes = '';
  for (let i = 0; i < character.length; i++) escapes += `\\u${character.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0')}`;
  return escapes;
}

/** @param {string} character */
function nameOf(character) {
  const point = /** @type {number} */ (character.codePointAt(0));
  if (point >= 0xe0000 && point <= 0xe007f) return words.tagCharacter;
  return NAMES[point] ?? words.character(point.toString(16).toUpperCase().padStart(4, '0'));
}

/**
 * @param {string} text
 * @returns {Piece[]}
 */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let plain = 0;
  /** @param {number} upTo */
  const flush = upTo => { if (upTo > plain) found.push({ text: text.slice(plain, upTo) }); };
  for (const match of text.matchAll(ODD)) {
    const { emoji, word } = /** @type {Record<string, string | undefined>} */ (match.groups);
    if (emoji !== undefined) continue;
    if (word !== undefined) {
      for (const letter of word.matchAll(LATIN.test(word) ? LOOKALIKE_OR_PILE : PILE)) {
        flush(match.index + letter.index);
        const escape = escapeOf(letter[0]);
        found.push(MARK.test(letter[0]) ? { escape, name: nameOf(letter[0]) } : { letter: letter[0], escape, name: words.lookalike });
        plain = match.index + letter.index + letter[0].length;
      }
      continue;
    }
    flush(match.index);
    for (const character of match[0]) found.push({ escape: escapeOf(character), name: nameOf(character), newline: character === '\n' });
    plain = match.index + match[0].length;
  }
  flush(text.length);
  return found;
}

/** More empty lines in a row than this are told by their number. */
const EMPTY_LINES = 3;

/**
 * Text of others, every character of it in plain sight. In one line unless `lines`.
 * @param {{ text: string, lines?: boolean }} props
 */
export function Seen({ text, lines = false }) {
  const shown = [];
  let empty = 0;
  for (const piece of pieces(text)) {
    if ('newline' in piece && piece.newline) {
      empty++;
      if (empty <= EMPTY_LINES) shown.push(html`<${Mark} piece=${piece} />`, lines ? '\n' : '');
      continue;
    }
    if (empty > EMPTY_LINES) shown.push(html`<mark class="escape">${words.moreNewlines(empty - EMPTY_LINES)}</mark>`, lines ? '\n' : '');
    empty = 0;
    shown.push('text' in piece ? piece.text : html`<${Mark} piece=${piece} />`);
  }
  if (empty > EMPTY_LINES) shown.push(html`<mark class="escape">${words.moreNewlines(empty - EMPTY_LINES)}</mark>`);
  return html`<bdi class=${lines ? 'seen lines' : 'seen'}>${shown}</bdi>`;
}

/** @param {{ piece: any }} props */
function Mark({ piece }) {
  const label = `${piece.escape} ${piece.name}`;
  return html`${piece.letter}<mark class=${piece.letter ? 'escape letter' : piece.newline ? 'escape newline' : 'escape'} title=${label}>${piece.escape}</mark>`;
}

/** The beginning of a text, never half of a character. @param {string} text @param {number} most */
export function beginningOf(text, most) {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 && text.length > most ? most - 1 : most);
}

/**
 * The same as one plain string, for titles and notifications.
 * @param {string} text
 * @param {number} most characters
 */
export function seenText(text, most = 120) {
  const whole = pieces(beginningOf(text, most)).map(piece => 'text' in piece ? piece.text : 'letter' in piece ? piece.letter + piece.escape : piece.escape).join('');
  return text.length > most ? `${whole}…` : whole;
}

/**
 * JSON text whose every odd character is an escape: the same value, but what one edits is what one sees.
 * @param {string} json
 */
export function escapedJson(json) {
  return pieces(json).map(piece => 'text' in piece ? piece.text : piece.escape === '\\n' ? '\n' : piece.escape).join('');
}
