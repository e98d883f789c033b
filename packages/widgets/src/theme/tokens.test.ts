// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { colorNames, palettes, type Palette } from './tokens.ts';

type Rgb = readonly [number, number, number];

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');
const themes = Object.entries(palettes);
const series = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'] as const;

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const linear = (channel: number): number => {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(first: Rgb, second: Rgb): number {
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const mixed = (color: Rgb, share: number, ground: Rgb): Rgb =>
  color.map((channel, index) => channel * share + (ground[index] ?? 0) * (1 - share)) as unknown as Rgb;

/** Viénot, Brettel and Mollon 1999, for full dichromats, on linear channels. */
const visions = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
} as const;

function seenBy(vision: keyof typeof visions, color: Rgb): Rgb {
  const [red, green, blue] = [linear(color[0]), linear(color[1]), linear(color[2])];
  return visions[vision].map(([a, b, c]) => a * red + b * green + c * blue) as unknown as Rgb;
}

/** Distance in Oklab of two linear colours; 0.02 is just noticeable. */
function distance(first: Rgb, second: Rgb): number {
  const lab = ([r, g, b]: Rgb): Rgb => {
    const l = Math.cbrt(Math.max(0, 0.4122 * r + 0.5363 * g + 0.0514 * b));
    const m = Math.cbrt(Math.max(0, 0.2119 * r + 0.6807 * g + 0.1074 * b));
    const s = Math.cbrt(Math.max(0, 0.0883 * r + 0.2817 * g + 0.63 * b));
    return [
      0.2105 * l + 0.7936 * m - 0.0041 * s,
      1.978 * l - 2.4286 * m + 0.4506 * s,
      0.0259 * l + 0.7828 * m - 0.8087 * s,
    ];
  };
  const a = lab(first);
  const b = lab(second);
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

describe.each(themes)('the %s theme', (theme, palette: Palette) => {
  const surface = rgb(palette.surface);

  it.each(['ink', 'muted', 'faint', 'good', 'warn', 'bad', 'accent'] as const)(
    'has 4.5:1 for text in %s on surface and canvas',
    (name) => {
      expect(contrast(rgb(palette[name]), surface)).toBeGreaterThanOrEqual(4.5);
      if (name === 'ink' || name === 'muted') {
        expect(contrast(rgb(palette[name]), rgb(palette.canvas))).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it.each(['good', 'warn', 'bad', 'accent'] as const)('has 4.5:1 for %s on its own tint', (name) => {
    const color = rgb(palette[name]);
    expect(contrast(color, mixed(color, 0.12, surface))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...series, 'others'] as const)('has 3:1 for marks in %s', (name) => {
    expect(contrast(rgb(palette[name]), surface)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(visions) as (keyof typeof visions)[])('keeps series apart under %s', (vision) => {
    for (const [index, name] of series.entries()) {
      for (const other of series.slice(index + 1)) {
        const apart = distance(seenBy(vision, rgb(palette[name])), seenBy(vision, rgb(palette[other])));
        expect(apart, `${name} and ${other}`).toBeGreaterThan(0.04);
      }
    }
  });

  it('is what the style sheet says', () => {
    for (const name of colorNames) {
      const { light, dark } = palettes;
      expect(css, `${theme} ${name}`).toContain(
        `--tk-use-${name}: var(--tk-${name}, light-dark(${light[name]}, ${dark[name]}))`,
      );
    }
  });
});

describe('the style sheet', () => {
  it('lives in one layer and styles only elements of its own', () => {
    const rules = css.replace(/\/\*[\s\S]*?\*\//g, '').trim();
    expect(rules.startsWith('@layer tallykit {')).toBe(true);
    const selectors = [...rules.matchAll(/([^{};]+)\{/g)].map((match) => (match[1] ?? '').trim());
    for (const selector of selectors) {
      if (selector.startsWith('@') || /^(from|to|\d+%)$/.test(selector)) continue;
      for (const one of selector.split(',')) expect(one.trim()).toMatch(/^\.tk-/);
    }
  });

  it('names everything with its prefix', () => {
    expect([...css.matchAll(/--(?!tk-)[a-z-]+/g)].map((match) => match[0])).toEqual([]);
    expect([...css.matchAll(/@keyframes (?!tk-)\S+/g)].map((match) => match[0])).toEqual([]);
    expect([...css.matchAll(/\.(?!tk-)[a-z][a-z-]*\b(?=[^;{}]*\{)/g)].map((match) => match[0])).toEqual([]);
  });

  it('is balanced', () => {
    expect(css.split('{').length).toBe(css.split('}').length);
  });
});
