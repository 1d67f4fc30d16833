import react from '@vitejs/plugin-react'
import { builtinModules } from 'node:module'
import { copyFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/**
 * One file for every build and test. `vite build` makes dist/renderer (the page), dist/main (Electron's main
 * process, ESM) and dist/preload (one CommonJS file, as the sandbox wants it). The core is not built: Node 24 runs
 * its sources as they are.
 */
const node = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)]
const here = (path: string): string => `${import.meta.dirname}/${path}`
const testing = process.env['VITEST'] === 'true'

export default defineConfig({
  root: testing ? import.meta.dirname : here('renderer'),
  plugins: [react()],
  publicDir: testing ? false : here('renderer/public'),
  environments: {
    client: {
      build: {
        outDir: here('dist/renderer'),
        emptyOutDir: true,
        // Fonts and pictures stay files: the content policy allows no data: URLs but pictures.
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1_500,
        modulePreload: { polyfill: false },
        target: 'es2024',
      },
    },
    main: hostBuild('dist/main', { main: here('main/electron/main.ts') }, 'es'),
    preload: hostBuild('dist/preload', { preload: here('preload/preload.ts') }, 'cjs'),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'main', 'preload']) {
        const environment = builder.environments[name]
        if (environment !== undefined) await builder.build(environment)
      }
      await copyFile(here('main/electron/icon.png'), here('dist/icon.png'))
      await copyFile(here('package.json'), here('dist/core-package.json'))
    },
  },
  test: {
    projects: [
      kind('unit', { testTimeout: 10_000 }),
      kind('property', { testTimeout: 60_000 }),
      kind('vectors', { testTimeout: 60_000 }),
      kind('integration', { testTimeout: 240_000, hookTimeout: 120_000 }),
    ],
  },
})

function kind(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      pool: 'forks',
      environment: 'node',
      // By itself Vitest leaves one core free, which is every second one on a small machine.
      maxWorkers: Math.max(2, availableParallelism()),
      ...test,
    },
  }
}

function hostBuild(outDir: string, input: Record<string, string>, format: 'es' | 'cjs') {
  return {
    consumer: 'server' as const,
    // Nothing is left to be found at run time but the runtime itself.
    resolve: { noExternal: true as const, conditions: ['node'] },
    build: {
      outDir: here(outDir),
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      target: 'es2024',
      rolldownOptions: {
        input,
        external: ['electron', ...node],
        output: { format, entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js' },
      },
    },
  }
}
