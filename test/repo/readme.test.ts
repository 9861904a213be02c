// Keeps the documentation true: what the READMEs list is what the code has.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { variablesSchema } from '../../bff/config-schema.ts'
import { ERRORS, FLOW_STATUSES } from '../../bff/contract.ts'
import { EVENTS } from '../../bff/events.ts'
import { METRICS, PREFIX, type MetricName } from '../../bff/metrics/metric-table.ts'
import { ROUTES } from '../../bff/routes/index.ts'
import { ROOT } from './source-files.ts'

const readme = readFileSync(join(ROOT, 'bff/README.md'), 'utf8')
const testReadme = readFileSync(join(ROOT, 'test/README.md'), 'utf8')

/** The section below a heading, up to the next one of its level. */
function section(title: string, text = readme): string {
  const start = text.indexOf(`\n## ${title}\n`)
  expect(start, `the README has a section "${title}"`).toBeGreaterThan(0)
  const end = text.indexOf('\n## ', start + 1)
  return text.slice(start, end < 0 ? undefined : end)
}

/** Code words in the first cell of each table row. */
function firstCells(text: string): readonly string[] {
  return [...text.matchAll(/^\| (`[^|]*)\|/gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((word) => word[1] ?? ''),
  )
}

it('lists every configuration variable and no other', () => {
  expect(firstCells(section('Configuration')).toSorted()).toEqual(
    Object.keys(variablesSchema.shape).toSorted(),
  )
})

it('lists every route and no other', () => {
  const routes = ROUTES.map((route) => `${route.method} ${route.path}`)
  expect(firstCells(section('Routes')).toSorted()).toEqual(routes.toSorted())
})

it('lists every error code with its status', () => {
  const rows = [...section('Errors').matchAll(/^\| `([a-z_]+)` *\| (\d+) *\|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(ERRORS).map(([code, row]) => [code, row.status])),
  )
})

it('lists every status a flow can end with', () => {
  const ends = Object.entries(FLOW_STATUSES).filter(([, row]) => !row.open)
  expect(firstCells(section('How a flow ends')).toSorted()).toEqual(ends.map(([status]) => status).toSorted())
})

it('lists every event of the log with its level', () => {
  const rows = [...section('The log').matchAll(/^\| `([a-z_]+)` *\| ([a-z ]+?) *\|/gm)].map(
    ([, event, level]) => [event, level === 'warn or error' ? 'alarm' : level],
  )
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(EVENTS).map(([event, row]) => [event, row.level])),
  )
})

it('lists every metric with its type, its labels and what it says', () => {
  const rows = [...section('Metrics').matchAll(/^\| `([a-z_]+)` *\| ([a-z]+) *\| (.*?) *\| (.*?) *\|$/gm)]
  expect(rows.map(([, name, type, labels, says]) => [name, type, labels, says])).toEqual(
    Object.entries(METRICS).map(([name, { type, labels, help }]) => {
      const labelNames = Object.keys(labels).map((label) => `\`${label}\``)
      return [PREFIX + name, type, labelNames.join(', ') || '–', help]
    }),
  )
})

const packageSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})
const readPackage = (file: string) => packageSchema.parse(JSON.parse(readFileSync(join(ROOT, file), 'utf8')))

it('says why of every package that the server installs, and of no other', () => {
  const { dependencies } = readPackage('bff/package.json')
  const listed = firstCells(section('Dependencies, one sentence each'))
  expect(listed.toSorted()).toEqual(Object.keys(dependencies).toSorted())
})

it('says why of every package for building and testing, and of no other', () => {
  const { devDependencies, optionalDependencies } = readPackage('package.json')
  const needed = {
    ...readPackage('widget/package.json').devDependencies,
    ...devDependencies,
    ...optionalDependencies,
  }
  const listed = firstCells(section('Packages for building and testing, one sentence each', testReadme))
  expect(listed.toSorted()).toEqual(Object.keys(needed).toSorted())
})

/** Names and labels of metrics in an expression that no metric has. */
function findUnknown(expression: string): readonly string[] {
  const used = [...expression.matchAll(/connect_github_([a-z_]+)(?:\{([^}]*)\})?/g)]
  return used.flatMap(([, full = '', selector = '']) => {
    if (/^(?:process|nodejs)_/.test(full)) return []
    const name = full.replace(/_bucket$/, '')
    if (!isMetric(name)) return [full]
    const labels: Readonly<Record<string, readonly string[]>> = METRICS[name].labels
    const pairs = [...selector.matchAll(/([a-z_]+)="([^"]*)"/g)]
    return pairs.flatMap(([, label = '', value = '']) =>
      labels[label]?.includes(value) === true ? [] : [`${full} ${label}="${value}"`],
    )
  })
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

it('has alarms on metrics that there are, with labels that they have', () => {
  const expressions = firstCells(section('Alarms'))
  expect(expressions.length).toBeGreaterThan(10)
  expect(expressions.flatMap(findUnknown)).toEqual([])
  const planted = ['connect_github_no_metric > 1', 'connect_github_flows_total{status="gone"}']
  expect(planted.map(findUnknown)).toEqual([['no_metric'], ['flows_total status="gone"']])
})
