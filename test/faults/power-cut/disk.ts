// A disk with a cache that forgets: what a power cut leaves of the files, after any number of the calls that changed them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Random } from '../traffic/random.ts'
import type { DiskEvent } from './read-trace.ts'

/**
 * What becomes of changes that nobody asked to be synced: none, all, some of them, or some pieces of 512 or 4096 bytes of them. The order
 * in which a disk writes is its own, but names change in the order in which they were changed, as in a journal.
 */
export const SURVIVALS = ['none', 'all', 'some', 'torn'] as const
export type Survival = (typeof SURVIVALS)[number]

export interface Disk {
  apply(event: DiskEvent): void
  /** Writes the files below the disk's directory as they are after the cut, to another directory. Nothing of this disk changes. */
  cutInto(directory: string, survival: Survival, random: Random): void
}

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly length: number }

/** Bytes behind `length` are room to grow, and zero. */
interface Content {
  bytes: Buffer
  length: number
}

interface Inode {
  readonly isDirectory: boolean
  readonly durable: Content
  unsynced: Change[]
  /** Where `write` goes on. */
  position: number
}

/** A null inode is a name that is gone. */
interface NameChange {
  readonly path: string
  readonly inode: Inode | null
}

/** @param root the directory that is looked at; it is there from the beginning. */
export function createDisk(root: string): Disk {
  const names = new Map<string, Inode>([[root, createInode(true)]])
  const durableNames = new Map(names)
  let unsyncedNames: NameChange[] = []
  const open = new Map<number, { readonly path: string; readonly inode: Inode; readonly appends: boolean }>()

  function rename(path: string, inode: Inode | null): void {
    if (inode === null) names.delete(path)
    else names.set(path, inode)
    unsyncedNames.push({ path, inode })
  }

  function openFile({ path, flags, descriptor }: Extract<DiskEvent, { did: 'open' }>): void {
    open.delete(descriptor)
    if (!isBelow(root, path)) return
    const known = names.get(path)
    const inode = known ?? createInode(false)
    if (known === undefined) rename(path, inode)
    if (flags.includes('O_TRUNC')) inode.unsynced.push({ length: 0 })
    inode.position = 0
    open.set(descriptor, { path, inode, appends: flags.includes('O_APPEND') })
  }

  function sync(descriptor: number): void {
    const file = open.get(descriptor)
    if (file === undefined) return
    if (file.inode.isDirectory) {
      // A name is kept by syncing the directory that it stands in: https://man7.org/linux/man-pages/man2/fsync.2.html
      for (const { path, inode } of unsyncedNames)
        if (dirname(path) === file.path) setName(durableNames, path, inode)
      unsyncedNames = unsyncedNames.filter(({ path }) => dirname(path) !== file.path)
    } else {
      applyChanges(file.inode.durable, file.inode.unsynced)
      file.inode.unsynced = []
    }
  }

  return {
    apply(event) {
      switch (event.did) {
        case 'open':
          return openFile(event)
        case 'close':
          return void open.delete(event.descriptor)
        case 'write': {
          const file = open.get(event.descriptor)
          if (file === undefined) return
          if (file.appends) throw new Error('a file was appended to, which is not understood')
          const offset = event.offset ?? file.inode.position
          if (event.offset === null) file.inode.position += event.bytes.length
          return void file.inode.unsynced.push({ offset, bytes: event.bytes })
        }
        case 'truncate':
          return void open.get(event.descriptor)?.inode.unsynced.push({ length: event.length })
        case 'sync':
          return sync(event.descriptor)
        case 'unlink':
          return isBelow(root, event.path) ? rename(event.path, null) : undefined
        case 'make-directory':
          return isBelow(root, event.path) ? rename(event.path, createInode(true)) : undefined
        case 'link':
          return isBelow(root, event.path) ? rename(event.path, names.get(event.from) ?? null) : undefined
      }
    },

    cutInto(directory, survival, random) {
      const left = new Map(durableNames)
      for (const { path, inode } of surviving(unsyncedNames, survival, random)) setName(left, path, inode)
      for (const [path, inode] of left) {
        if (!isReachable(root, path, left)) continue
        const copy = join(directory, relative(root, path))
        if (inode.isDirectory) mkdirSync(copy, { recursive: true })
        // Shared memory is never on a disk. SQLite has a file for it all the same, and makes it anew.
        else if (!path.endsWith('-shm')) {
          mkdirSync(dirname(copy), { recursive: true })
          const content = copyOf(inode.durable)
          applyChanges(content, pickChanges(inode.unsynced, survival, random))
          writeFileSync(copy, content.bytes.subarray(0, content.length), { mode: 0o600 })
        }
      }
    },
  }
}

function createInode(isDirectory: boolean): Inode {
  return { isDirectory, durable: { bytes: Buffer.alloc(0), length: 0 }, unsynced: [], position: 0 }
}

function setName(names: Map<string, Inode>, path: string, inode: Inode | null): void {
  if (inode === null) names.delete(path)
  else names.set(path, inode)
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}

/** A file in a directory whose own name was lost cannot be found. */
function isReachable(root: string, path: string, names: ReadonlyMap<string, Inode>): boolean {
  for (let parent = dirname(path); isBelow(root, parent); parent = dirname(parent))
    if (!names.has(parent)) return false
  return true
}

/** As many of the first as chance has it. */
function surviving<T>(changes: readonly T[], survival: Survival, random: Random): readonly T[] {
  if (survival === 'none') return []
  return survival === 'all' ? changes : changes.slice(0, random.below(changes.length + 1))
}

function pickChanges(changes: readonly Change[], survival: Survival, random: Random): readonly Change[] {
  if (survival === 'none' || survival === 'all') return surviving(changes, survival, random)
  const pieceLength = random.pick([512, 4096])
  const pieces = survival === 'torn' ? changes.flatMap((change) => tear(change, pieceLength)) : changes
  const share = random.next()
  return pieces.filter(() => random.next() < share)
}

/** At the boundaries of a disk's blocks, wherever the write begins. */
function tear(change: Change, pieceLength: number): readonly Change[] {
  if ('length' in change) return [change]
  const pieces: Change[] = []
  for (let start = 0; start < change.bytes.length;) {
    const offset = change.offset + start
    const end = Math.min(change.bytes.length, start + pieceLength - (offset % pieceLength))
    pieces.push({ offset, bytes: change.bytes.subarray(start, end) })
    start = end
  }
  return pieces
}

function copyOf({ bytes, length }: Content): Content {
  return { bytes: Buffer.from(bytes), length }
}

/** What is between the end of a file and a write behind it reads as zeros. */
function applyChanges(content: Content, changes: readonly Change[]): void {
  for (const change of changes) {
    if ('length' in change) {
      makeRoom(content, change.length)
      if (change.length < content.length) content.bytes.fill(0, change.length, content.length)
      content.length = change.length
    } else {
      const end = change.offset + change.bytes.length
      makeRoom(content, end)
      change.bytes.copy(content.bytes, change.offset)
      content.length = Math.max(content.length, end)
    }
  }
}

function makeRoom(content: Content, length: number): void {
  if (length <= content.bytes.length) return
  const larger = Buffer.alloc(Math.max(length, 2 * content.bytes.length))
  content.bytes.copy(larger)
  content.bytes = larger
}
