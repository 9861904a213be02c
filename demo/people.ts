// The two companies that use Brightline, and the people who can sign in: what a partner keeps in its own database.

/** A customer of Brightline; the word for it everywhere else in this repository is tenant. */
export interface Company {
  readonly id: 'northwind' | 'globex'
  readonly name: string
  readonly business: string
}

/** Somebody who can sign in. An admin may connect integrations, a viewer may only look at them. */
export interface Person {
  readonly id: string
  readonly companyId: Company['id']
  readonly name: string
  readonly email: string
  readonly role: 'admin' | 'viewer'
  /** The GitHub account the company said it would connect; then no other one is. Nobody here did. */
  readonly expectedAccount?: string
}

export const COMPANIES: readonly Company[] = [
  { id: 'northwind', name: 'Northwind', business: 'Outdoor gear, sold online' },
  { id: 'globex', name: 'Globex', business: 'Scheduling for field teams' },
]

export const PEOPLE: readonly Person[] = [
  { id: 'ada', companyId: 'northwind', name: 'Ada Lindqvist', email: 'ada@northwind.example', role: 'admin' },
  { id: 'vic', companyId: 'northwind', name: 'Vic Moreau', email: 'vic@northwind.example', role: 'viewer' },
  { id: 'gus', companyId: 'globex', name: 'Gus Okafor', email: 'gus@globex.example', role: 'admin' },
  { id: 'wen', companyId: 'globex', name: 'Wen Tanaka', email: 'wen@globex.example', role: 'viewer' },
]

export type FindPerson = (id: string) => Person | undefined

export const findPerson: FindPerson = (id) => PEOPLE.find((person) => person.id === id)

/** The company a person works for. */
export function getCompany(person: Person): Company {
  const company = COMPANIES.find((candidate) => candidate.id === person.companyId)
  if (company === undefined)
    throw new Error(`No company ${person.companyId} for ${person.id} in demo/people.ts`)
  return company
}
