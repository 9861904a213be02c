// A row that is not what this version expects is refused, with an error that names the column and never the value.
import { describe, expect, test } from 'vitest'
import {
  createRowReader,
  parseConnectionRow,
  parseFactsRow,
  parseFlowRow,
  parseJobRow,
  parseText,
  toFactsColumns,
} from '../../bff/storage/rows.ts'

const SECRET = 'very-secret-word'
const row = createRowReader('things', {
  text: 'a',
  empty: '',
  nothing: null,
  number: 7,
  half: 1.5,
  big: 2 ** 53,
})

describe('a column', () => {
  test('is read as what it is', () => {
    expect(row.getText('text')).toBe('a')
    expect(row.getText('empty')).toBe('')
    expect(row.findText('text')).toBe('a')
    expect(row.findText('nothing')).toBeNull()
    expect(row.getInteger('number')).toBe(7)
    expect(row.findInteger('number')).toBe(7)
    expect(row.findInteger('nothing')).toBeNull()
    expect(row.getKey('text', { a: true, b: true })).toBe('a')
  })

  test.each<[string, () => unknown, string]>([
    ['a text that is null', () => row.getText('nothing'), 'storage: things.nothing is null'],
    ['a text that is a number', () => row.getText('number'), 'storage: things.number is no text'],
    [
      'a text that may be null and is a number',
      () => row.findText('number'),
      'storage: things.number is no text',
    ],
    ['a text that is not there', () => row.findText('missing'), 'storage: things.missing is no text'],
    ['an integer that is null', () => row.getInteger('nothing'), 'storage: things.nothing is no integer'],
    ['an integer that is a text', () => row.getInteger('text'), 'storage: things.text is no integer'],
    ['an integer with a fraction', () => row.getInteger('half'), 'storage: things.half is no integer'],
    ['an integer that is not exact', () => row.findInteger('big'), 'storage: things.big is no integer'],
    [
      'an integer that is not there',
      () => row.findInteger('missing'),
      'storage: things.missing is no integer',
    ],
    [
      'a word that is not known',
      () => row.getKey('text', { b: true }),
      'storage: things.text has a value unknown to this version',
    ],
    [
      'a word that only an object knows',
      () => createRowReader('things', { text: 'toString' }).getKey('text', { a: true }),
      'storage: things.text has a value unknown to this version',
    ],
    ['one value that is no text', () => parseText(7), 'storage: a text was expected'],
    ['no row', () => createRowReader('things', undefined), 'storage: no things row'],
    ['null for a row', () => createRowReader('things', null), 'storage: no things row'],
    ['a text for a row', () => createRowReader('things', SECRET), 'storage: no things row'],
    [
      'a flow that is none',
      () => parseFlowRow({ flow_id: 7 }),
      'storage: flows.installation_index is no text',
    ],
    ['a job that is none', () => parseJobRow({ flow_id: null }), 'storage: binding_jobs.flow_id is null'],
    [
      'a connection that is none',
      () => parseConnectionRow({}),
      'storage: connections.account_login is no text',
    ],
    ['facts that are none', () => parseFactsRow({}), 'storage: installation_facts.told_at is no integer'],
  ])('is refused: %s', (_, read, message) => {
    expect(read).toThrow(new Error(message))
  })

  test('is refused without its value in the error', () => {
    const secret = createRowReader('things', { text: SECRET })
    for (const read of [() => secret.getInteger('text'), () => secret.getKey('text', {})])
      expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining(SECRET) }))
  })

  test('of one value is read when it is a text', () => {
    expect(parseText('a')).toBe('a')
  })
})

describe('what GitHub told', () => {
  const NOTHING = { removedAt: null, suspension: null, rename: null }

  test.each([
    NOTHING,
    { ...NOTHING, removedAt: 5 },
    { ...NOTHING, suspension: { isSuspended: true, changedAt: 1, toldAt: 2 } },
    { ...NOTHING, suspension: { isSuspended: false, changedAt: 1, toldAt: 2 } },
    { ...NOTHING, rename: { login: 'acme', changedAt: 3, toldAt: 4 } },
    { ...NOTHING, rename: { login: null, changedAt: 3, toldAt: 4 } },
  ])('is read from the columns that it was written to: %o', (facts) => {
    const columns = toFactsColumns(facts)
    const { removedAt, suspended, suspensionChangedAt, suspensionToldAt, renamedLogin } = columns
    const read = parseFactsRow({
      told_at: 9,
      removed_at: removedAt,
      suspended,
      suspension_changed_at: suspensionChangedAt,
      suspension_told_at: suspensionToldAt,
      renamed_login: renamedLogin,
      rename_changed_at: columns.renameChangedAt,
      rename_told_at: columns.renameToldAt,
    })
    expect(read).toEqual(facts)
  })

  test('is nothing when the join found nothing', () => {
    expect(parseFactsRow({ told_at: null })).toBeUndefined()
  })
})
