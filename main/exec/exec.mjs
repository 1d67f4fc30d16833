#!/usr/bin/env node
/**
 * The scripts of package.json start programs by `exec`, so that on Linux and macOS npm's shell becomes the program: signals
 * reach it and its exit code is npm's. Windows' cmd has no such word and finds this instead: run the command, pass its code on.
 */
import { spawn } from 'node:child_process'

const [program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: 'inherit' })
child.on('error', () => process.exit(127))
child.on('exit', (code) => process.exit(code ?? 1))
