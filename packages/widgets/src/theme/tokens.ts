/** Names of the colours that a host may set, without their prefix: `ink` is the custom property `--tk-ink`. */
export const colorNames = [
  'canvas',
  'surface',
  'line',
  'ink',
  'muted',
  'faint',
  'good',
  'warn',
  'bad',
  'accent',
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
  'others',
] as const;

/** One of {@link colorNames}. */
export type ColorName = (typeof colorNames)[number];

/** The colours of one theme. */
export type Palette = { readonly [name in ColorName]: string };

/** The colours of both themes, as they stand in `theme.css`. For charts of a host's own that should match. */
export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    canvas: '#f6f7f9',
    surface: '#ffffff',
    line: '#e3e7ec',
    ink: '#10181f',
    muted: '#5a6673',
    faint: '#66717d',
    good: '#1f7a3d',
    warn: '#8f5a00',
    bad: '#b4232a',
    accent: '#0b6e7f',
    'series-1': '#0b6e7f',
    'series-2': '#c9731a',
    'series-3': '#4a5fd0',
    'series-4': '#bf3f6a',
    'series-5': '#5b6b12',
    'series-6': '#2f8ec6',
    others: '#8a94a0',
  },
  dark: {
    canvas: '#0c1116',
    surface: '#131a21',
    line: '#25303a',
    ink: '#e7ecf1',
    muted: '#9aa7b4',
    faint: '#7f8c99',
    good: '#58c07c',
    warn: '#e0aa4a',
    bad: '#f07a7d',
    accent: '#4fb6c6',
    'series-1': '#3fa9ba',
    'series-2': '#e99b4b',
    'series-3': '#8190f0',
    'series-4': '#e2709a',
    'series-5': '#bfd15c',
    'series-6': '#6bbcea',
    others: '#66727e',
  },
};
