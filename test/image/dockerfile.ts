// Carries out a Dockerfile's instructions in directories, where there is no container engine: each stage is a directory.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, matchesGlob, relative } from 'node:path'

export interface Stage {
  /** What would be `/` in the image. */
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly user: number
  readonly entrypoint: readonly string[]
  readonly healthcheck: readonly string[]
  readonly stopSignal: string
  readonly volumes: readonly string[]
}

export interface Play {
  readonly dockerfile: string
  /** The build context. */
  readonly context: string
  /** Where stages get their directories. */
  readonly directory: string
  /** Environment of `RUN`; what the base image would have, such as its PATH. */
  readonly env: Readonly<Record<string, string>>
  readonly report: (line: string) => void
}

/** The last stage. Knows what our Dockerfile uses, and refuses everything else. @throws Error when a step fails. */
export function playDockerfile({ dockerfile, context, directory, env, report }: Play): Stage {
  const stages = new Map<string, Stage>()
  const isIgnored = readIgnored(join(context, '.dockerignore'))
  let stage: Stage | undefined
  for (const line of readInstructions(dockerfile)) {
    report(line.length > 100 ? `${line.slice(0, 99)}…` : line)
    const [instruction = '', rest = ''] = splitOnce(line)
    if (instruction === 'FROM') {
      const [base = '', , name = `stage-${stages.size}`] = rest.split(/\s+/)
      stage = openStage(join(directory, name), stages.get(base))
      stages.set(name, stage)
      continue
    }
    if (stage === undefined) throw new Error('an instruction comes before FROM')
    stage = { ...stage, ...carryOut(stage, instruction, rest) }
    for (const [name, { root }] of stages) if (root === stage.root) stages.set(name, stage)
  }
  if (stage === undefined) throw new Error('the Dockerfile has no stage')
  return stage

  function carryOut(current: Stage, instruction: string, rest: string): Partial<Stage> {
    const place = (path: string): string =>
      join(current.root, path.startsWith('/') ? '' : current.workdir, path)
    switch (instruction) {
      case 'WORKDIR':
        mkdirSync(join(current.root, rest), { recursive: true })
        return { workdir: rest }
      case 'COPY':
        copy(rest, place)
        return {}
      case 'RUN':
        run(rest, place('.'))
        return {}
      case 'ENV': {
        const [name = '', value = ''] = splitOnce(rest, '=')
        return { env: { ...current.env, [name]: value } }
      }
      case 'VOLUME':
        return { volumes: [...current.volumes, rest] }
      case 'USER':
        return { user: Number(rest.split(':')[0]) }
      case 'STOPSIGNAL':
        return { stopSignal: rest }
      case 'HEALTHCHECK':
        return { healthcheck: parseExec(rest.slice(rest.indexOf('[')).trim()) }
      case 'ENTRYPOINT':
        return { entrypoint: parseExec(rest) }
      case 'EXPOSE':
        return {}
      default:
        throw new Error(`the Dockerfile has an instruction that is not known here: ${instruction}`)
    }
  }

  function copy(rest: string, place: (path: string) => string): void {
    const words = rest.split(/\s+/)
    const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1]
    const [target = '', ...sources] = words.slice(from === undefined ? 0 : 1).toReversed()
    const base = from === undefined ? context : stages.get(from)?.root
    if (base === undefined) throw new Error(`COPY names a stage that is not there: ${from}`)
    for (const source of sources) {
      const path = join(base, source)
      const isDirectory = statSync(path).isDirectory()
      const to = isDirectory || !target.endsWith('/') ? place(target) : join(place(target), basename(source))
      if (from !== undefined) cpSync(path, to, { recursive: true, verbatimSymlinks: true })
      else
        for (const file of isDirectory ? listFiles(path) : [path])
          copyOne(file, join(to, relative(path, file)))
    }
  }

  function copyOne(file: string, to: string): void {
    if (isIgnored(relative(context, file))) return
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(file, to)
  }

  function run(command: string, cwd: string): void {
    const result = spawnSync('sh', ['-ec', command], { cwd, env, encoding: 'utf8' })
    if (result.status !== 0) throw new Error(`RUN ${command} failed:\n${result.stdout}${result.stderr}`)
  }
}

function openStage(root: string, base: Stage | undefined): Stage {
  mkdirSync(root)
  chmodSync(root, 0o755)
  if (base !== undefined) cpSync(base.root, root, { recursive: true, verbatimSymlinks: true })
  return {
    ...(base ?? {
      workdir: '/',
      env: {},
      user: 0,
      entrypoint: [],
      healthcheck: [],
      stopSignal: 'SIGTERM',
      volumes: [],
    }),
    root,
  }
}

function readInstructions(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** As https://docs.docker.com/build/concepts/context/#dockerignore-files says: the last pattern that matches counts. */
function readIgnored(file: string): (path: string) => boolean {
  const patterns = readInstructions(file).map((line) => ({
    isException: line.startsWith('!'),
    pattern: line.replace(/^!/, ''),
  }))
  return (path) => {
    const parts = path.split('/')
    const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    const last = patterns.findLast(({ pattern }) => places.some((place) => matchesGlob(place, pattern)))
    return last !== undefined && !last.isException
  }
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (!entry.isDirectory()) return [path]
    return entry.name === 'node_modules' ? [] : listFiles(path)
  })
}

function splitOnce(text: string, separator: RegExp | string = /\s+/): readonly string[] {
  const [first = ''] = text.split(separator, 1)
  return [first, text.slice(first.length).replace(separator, '')]
}

function parseExec(text: string): readonly string[] {
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new Error(`not in exec form: ${text}`)
  return words
}
