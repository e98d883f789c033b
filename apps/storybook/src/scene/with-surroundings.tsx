import type { Decorator } from '@storybook/react-vite';
import { TallykitSettingsProvider } from '@tallykit/widgets';
import { palettes } from '@tallykit/widgets/server';
import type { Scene } from './scene.ts';
import { ServedByFixtures } from './ServedByFixtures.tsx';
import { widths, type ToolbarValues } from './toolbar.ts';

/** Puts a story on a page as the toolbar says, with the server of its scene behind it. */
export const withSurroundings: Decorator = (Story, { globals, parameters, args, viewMode, id }) => {
  const { theme, direction, width, reader, locale } = globals as unknown as ToolbarValues;
  const scene = parameters['scene'] as Scene | undefined;
  const settings = { theme, direction, locale, timeZone: 'UTC', currency: 'USD' } as const;
  const palette = palettes[theme];
  const story = <Story />;
  return (
    <div
      dir={direction}
      lang={locale}
      style={{
        boxSizing: 'border-box',
        minHeight: viewMode === 'docs' ? undefined : '100vh',
        padding: 24,
        background: palette.canvas,
        color: palette.ink,
        colorScheme: theme,
      }}
    >
      <div style={{ maxWidth: widths[width] ?? undefined }}>
        {scene === undefined ? (
          <TallykitSettingsProvider {...settings}>{story}</TallykitSettingsProvider>
        ) : (
          <ServedByFixtures
            // What a connected widget starts with is read once, so a change of a control starts it anew.
            key={JSON.stringify([id, reader, args])}
            scene={scene}
            reader={reader}
            settings={settings}
          >
            {story}
          </ServedByFixtures>
        )}
      </div>
    </div>
  );
};
