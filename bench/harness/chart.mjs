// A small chart as SVG: a number on a logarithmic axis, what it costs on one that begins at nothing, medians as points and the spread as bars.
import { median } from './calls.mjs';

const WIDTH = 560, HEIGHT = 280, LEFT = 64, RIGHT = 110, TOP = 40, BOTTOM = 48;
const COLOURS = ['#0b6bcb', '#c2410c', '#15803d', '#7c3aed'];
const escape = (text) => String(text).replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** 1, 2 or 5 times a power of ten, so that about four steps reach the value. */
function step(most) {
  const rough = most / 4, power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((one) => one * power >= rough);
}

const number = (value) => (value >= 1000 ? value.toLocaleString('en') : String(Number(value.toPrecision(3))));

export function svg({ title, x, y, series }) {
  const numbers = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const most = Math.max(...series.flatMap(({ points }) => points.flatMap(([, values]) => values)), 1e-9);
  const tick = step(most), top = Math.ceil(most / tick) * tick;
  const [low, high] = [Math.log(numbers[0]), Math.log(numbers.at(-1))];
  const atX = (value) => LEFT + (WIDTH - LEFT - RIGHT) * (high === low ? 0.5 : (Math.log(value) - low) / (high - low));
  const atY = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  const point = (at, value) => `${atX(at).toFixed(1)},${atY(value).toFixed(1)}`;
  const parts = [];
  for (let value = 0; value <= top + tick / 2; value += tick)
    parts.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${atY(value).toFixed(1)}" y2="${atY(value).toFixed(1)}" stroke="#ddd"/>`,
      `<text x="${LEFT - 6}" y="${(atY(value) + 4).toFixed(1)}" text-anchor="end">${number(value)}</text>`);
  for (const value of numbers) parts.push(`<text x="${atX(value).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${number(value)}</text>`);
  const ends = series.map(({ points }) => atY(median(points.at(-1)[1])));
  series.forEach(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    // Names of lines that end together stand below each other.
    const close = ends.filter((end, other) => other < index && Math.abs(end - ends[index]) < 14).length;
    parts.push(`<g stroke="${colour}" fill="${colour}">`,
      `<polyline fill="none" stroke-width="2" points="${points.map(([at, values]) => point(at, median(values))).join(' ')}"/>`,
      ...points.map(([at, values]) => `<line x1="${atX(at).toFixed(1)}" x2="${atX(at).toFixed(1)}" y1="${atY(Math.min(...values)).toFixed(1)}" y2="${atY(Math.max(...values)).toFixed(1)}"/>`
        + `<circle cx="${atX(at).toFixed(1)}" cy="${atY(median(values)).toFixed(1)}" r="3"/>`),
      `<text stroke="none" x="${WIDTH - RIGHT + 8}" y="${(ends[index] + 4 + close * 14).toFixed(1)}">${escape(name)}</text></g>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11" fill="#333" role="img" aria-label="${escape(title)}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="16" font-size="13" font-weight="bold">${escape(title)}</text>
<text x="${LEFT}" y="31">${escape(y)}</text>
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escape(x)}</text>
${parts.join('\n')}
</svg>
`;
}
