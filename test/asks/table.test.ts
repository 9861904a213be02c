// The table is whole: each defect and ask that was found has a row, each row's test is there, and each mistake can still be made.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyEdits } from './ask.ts'
import { asks } from './table.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Packages in which a defect was measured; one name for each defect. */
const MEASURED = [
  ['@apideck/vault-js@1.8.1', 1],
  ['@mergeapi/react-merge-link@2.4.2', 1],
  ['@pipedream/sdk@3.1.6', 1],
  ['@stripe/react-connect-js@3.4.4', 1],
  ['@tryfinch/react-connect@5.0.0', 3],
  ['react-plaid-link@5.0.0', 1],
] as const

/** Threads in which users of such packages ask for something that concerns us, too. */
const ASKED = `
NangoHQ/nango#571 #1073 #4028 #3732 #1310 #6611 #6777 #4953 #6696 #7078 #4591 #4816 #5042 #6584 #6589 #6724 #6765 #7401 #6802 #6695 #6891
vellum-ai/vellum-assistant#42296
Significant-Gravitas/AutoGPT#14141
auth0/auth0-spa-js#1418
osmlab/osm-auth#138
backstage/backstage#18386 #3430 #3822
plaid/deprecated-link#229 #116 #194 #124
clerk/javascript#5239 #6455
open-webui/open-webui#15239
plaid/react-plaid-link#103 #107 #32 #121 #343 #249 #94 #363 #364 #369 #118 #168 #385 #386
stripe/react-stripe-js#292 #379
stripe/react-connect-js#25 #88
stripe/connect-js#94 #128 #205
plaid/tiny-quickstart#21
supabase/ui#261
supabase/auth-helpers#89
supabase/supabase#13554
supabase-community/auth-ui#88
The-Context-Company/observatory#8
oauth2-proxy/oauth2-proxy#611 #817 #1708 #3258 #1888 #1450
`
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [repository = '', ...numbers] = line.split(/ ?#/)
    return numbers.map((number) => `${repository}#${number}`)
  })

describe('the table', () => {
  it.each(MEASURED)('has what was measured in %s', (source, count) => {
    expect(asks.filter(({ sources }) => sources.includes(source))).toHaveLength(count)
  })

  it('has each thing that was asked for, and nothing that was not found', () => {
    const found = new Set(asks.flatMap(({ sources }) => sources))
    for (const [source] of MEASURED) found.delete(source)
    expect([...found].toSorted()).toEqual(ASKED.toSorted())
  })

  it('says each thing once', () => {
    const texts = asks.flatMap(({ ask, mistake }) => [ask, mistake])
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
  })
})

/** The first text of each call: what a test, or a group of them, is called in the source. Names of cases are filled in when it runs. */
const listTitles = (source: string): readonly RegExp[] =>
  [...source.matchAll(/\(\s*(['"`])([^\n]*?)\1,/g)].map(([, , title = '']) => toPattern(title))

const toPattern = (title: string): RegExp =>
  new RegExp(
    `^${title
      .split(/%[a-z#]|\$\{[^}]*\}|\$[\w.]+/)
      .map((part) => part.replaceAll(/[^\w\s]/g, '\\$&'))
      .join('.+')}$`,
  )

describe.each(asks.map((row) => [row.ask, row] as const))('%s', (_, { test, edits }) => {
  it('has its test', () => {
    const titles = listTitles(read(test.file))
    for (const part of test.name.split(' > '))
      expect(
        titles.some((title) => title.test(part)),
        `${test.file} has no “${part}”`,
      ).toBe(true)
  })

  it('has a mistake that the sources as they are do not make', () => {
    for (const file of new Set(edits.map((edit) => edit.file)))
      expect(applyEdits(file, read(file), edits)).not.toBe(read(file))
  })
})
