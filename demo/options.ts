// What the demo can be started with, and what a running one offers.
import type { Bff, BffOptions, createBff } from '../bff/index.ts'
import type { Certificate } from './host/listen.ts'
import type { SessionSameSite } from './host/sessions.ts'
import type { FindPerson } from './people.ts'
import type { Sandbox, SandboxOptions } from './sandbox/index.ts'

export interface DemoOptions {
  /** Port of Brightline; default 0, any free one. */
  readonly hostPort?: number
  /** Port of the BFF, with `bffOrigin: 'other'`; default 0. */
  readonly bffPort?: number
  /** Serves Brightline and the BFF over HTTPS; default plain HTTP, which will do for Chromium and Firefox on `localhost`. */
  readonly certificate?: Certificate
  /** Port of the sandbox's Layers; default 0. */
  readonly layersPort?: number
  /** Port of the sandbox's GitHub; default 0. */
  readonly githubPort?: number
  /** Directory for the database and the log, kept at the end; default a temporary one that is removed. */
  readonly dataDirectory?: string | undefined
  /** The BFF's SQLite file; default `connect-github.db` in the data directory. */
  readonly databaseFile?: string
  /** SameSite of Brightline's session cookie; default `Lax`. */
  readonly sessionSameSite?: SessionSameSite
  /**
   * Who says who is asking. `session` (default): the BFF reads Brightline's session cookie. `token`: Brightline's backend signs a
   * connect token for whoever is signed in.
   */
  readonly identity?: 'session' | 'token'
  /** How long a connect token holds, in seconds. 1–600, default 300. */
  readonly tokenLifetimeSeconds?: number
  /** `same` (default): Brightline mounts the BFF. `other`: the BFF has a port of its own, so that they are two origins of one site. */
  readonly bffOrigin?: 'same' | 'other'
  /** How it is proved that the customer owns the GitHub account, with the credentials of the sandbox's Apps; default not at all. */
  readonly ownership?: 'own-app' | 'partner-app' | undefined
  /** True gives both companies the partner key's organization, so that only one can be connected; default false. */
  readonly sharedOrganization?: boolean
  /** Who works where, asked at each request; default the people of `people.ts`. */
  readonly findPerson?: FindPerson
  /** Clock of the BFF and of the tokens, epoch milliseconds; default `Date.now`. */
  readonly now?: () => number
  /** Takes the BFF's log lines; default a file `bff.log` in the data directory. */
  readonly logStream?: { write(line: string): void }
  /** The partner key the BFF uses; default the sandbox's own. */
  readonly layersKey?: string
  /** More options for the BFF, e.g. how often it tries again. */
  readonly bffOptions?: Partial<BffOptions>
  /** Makes the BFF, e.g. as processes of its own; default `createBff`, in this process. */
  readonly createBff?: typeof createBff
  /** More options for the sandbox. */
  readonly sandboxOptions?: SandboxOptions
  /** False serves demo/dist as it is; default true, build it unless it is up to date. */
  readonly build?: boolean
}

export interface Demo {
  /** E.g. `http://localhost:4000`. */
  readonly hostUrl: string
  /** Where browsers reach the BFF, with its base path, e.g. `http://localhost:4000/connect/github`. */
  readonly bffUrl: string
  /** The page of the sandbox's GitHub that installs the App. */
  readonly githubPageUrl: string
  readonly sandbox: Sandbox
  readonly bff: Bff
  readonly dataDirectory: string
  /** Undefined when the lines go to `logStream`. */
  readonly logFile: string | undefined
  /** Stops everything; the BFF first finishes what it accepted. Calling it again waits for the same end. */
  close(): Promise<void>
}
