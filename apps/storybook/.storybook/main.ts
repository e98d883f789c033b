import type { StorybookConfig } from '@storybook/react-vite';

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../src/**/*.mdx', '../src/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs'],
  // Nothing here calls home: no usage data, no crash reports, no news.
  core: {
    disableTelemetry: true,
    enableCrashReports: false,
    disableWhatsNewNotifications: true,
    disableProjectJson: true,
  },
  viteFinal: (vite) => ({
    ...vite,
    // Relative, so that the built pages work in any folder of any server.
    base: './',
    // The packages are read from their sources, so that a story shows what is being written and not what was built.
    resolve: {
      ...vite.resolve,
      conditions: ['dev-source', 'module', 'browser', 'development|production'],
    },
    build: {
      ...vite.build,
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: {
        ...vite.build?.rolldownOptions,
        // "use client" is for servers that render React; in a page it means nothing.
        onLog: (level, log, report) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  }),
};

export default config;
