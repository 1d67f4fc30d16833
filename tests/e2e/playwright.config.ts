import { defineConfig } from '@playwright/test'

const report = process.env['DUPLEX_E2E_REPORT']

/** Two people, two hosts, one relay; one worker, since every test starts several programs on two cores. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ...(report === undefined ? [] : ([['json', { outputFile: report }]] as const))],
})
