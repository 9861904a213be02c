// The sign-in page: one press on one of four invented people.
import { useId } from 'react'
import { Brand } from '../Brand.tsx'
import { COMPANIES, type Company, PEOPLE, type Person } from '../../people.ts'

export function LoginPage() {
  return (
    <main className="login">
      <title>Sign in · Brightline</title>
      <div className="login-card">
        <Brand />
        <h1>Sign in</h1>
        <p className="lead">
          This is a demo, so there are no passwords. Pick who you are: an admin may connect integrations, a
          viewer may only look.
        </p>
        <form method="post" action="/login" className="login-form">
          {COMPANIES.map((company) => (
            <CompanyPeople key={company.id} company={company} />
          ))}
        </form>
        <p className="quiet">Nobody here is real, and nothing leaves this machine.</p>
      </div>
    </main>
  )
}

function CompanyPeople({ company }: { company: Company }) {
  const headingId = useId()
  const people = PEOPLE.filter((person) => person.companyId === company.id)
  return (
    <section aria-labelledby={headingId}>
      <h2 id={headingId}>{company.name}</h2>
      <p className="quiet">{company.business}</p>
      {people.map((person) => (
        <PersonButton key={person.id} person={person} />
      ))}
    </section>
  )
}

function PersonButton({ person }: { person: Person }) {
  return (
    <button type="submit" name="person" value={person.id} className="person">
      <span className="person-name">{person.name}</span>
      <span className={`role role-${person.role}`}>{person.role}</span>
    </button>
  )
}
