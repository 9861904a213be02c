// A host's directory as `npm install` would leave it: the widget's tarball unpacked beside the packages it asks for.
import { cpSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../stack/copied-sources.ts'
import { unpack } from '../stack/install-packed.ts'

/** Which React a host has: 18 is that of the package `older-host`, 19 the repository's. */
export type ReactVersion = 18 | 19

const HOMES = {
  18: import.meta.resolve('@connect-github/older-host/package.json'),
  19: pathToFileURL(join(ROOT, 'package.json')).href,
}

const PEERS = ['react', 'react-dom', 'scheduler', '@tanstack/react-query', '@tanstack/query-core']
const TYPES = ['@types/react', '@types/react-dom', 'csstype']
/** Asked for by the types of React 18 only. */
const OLD_TYPES = ['@types/prop-types']

/**
 * The packages are copied, not linked, so that each finds this host's React, as it would in a host.
 *
 * @param directory gets a `node_modules` and a `package.json`.
 * @param tarball of the widget, by `packPackage`.
 */
export function installWidget(directory: string, tarball: string, react: ReactVersion): void {
  unpackWidget(directory, tarball)
  writePackage(directory)
  const home = createRequire(HOMES[react])
  for (const name of [...PEERS, ...TYPES, ...(react === 18 ? OLD_TYPES : [])])
    cpSync(findPackage(home, name), join(directory, 'node_modules', name), { recursive: true })
}

/** Where the tarball's content lies in a host's directory. */
export const widgetOf = (directory: string): string => join(directory, 'node_modules/@connect-github/widget')

/** Into the `node_modules` of a directory that has everything else. */
export const unpackWidget = (directory: string, tarball: string): void => unpack(tarball, widgetOf(directory))

function writePackage(directory: string): void {
  writeFileSync(join(directory, 'package.json'), '{ "name": "host", "private": true, "type": "module" }\n')
}

/** By its package.json, because a package of types has nothing to run, and `exports` may hide the rest. */
function findPackage(home: NodeJS.Require, name: string): string {
  try {
    return dirname(home.resolve(`${name}/package.json`))
  } catch (error) {
    throw new Error(`${name} is not installed. Run: npm ci`, { cause: error })
  }
}
