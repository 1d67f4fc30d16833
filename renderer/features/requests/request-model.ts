import type { Address, ContractError, Profile, Request } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'

export interface RequestState {
  /** What is being done; a second press does nothing. */
  busy: 'accept' | 'incognito' | 'reject' | null
  error: ContractError | null
  /** They are gone: nothing can be accepted any more (REQ-4). */
  gone: boolean
  /** The random name that *Accept incognito* will show; `null` while it is being made. */
  suggested: { incognitoId: string; profile: Profile } | null
}

/** One request and the decision on it. The row itself changes by events. */
export class RequestModel extends ViewModel<RequestState> {
  readonly #host: Pick<Host, 'call'>
  readonly #requestId: string

  constructor(host: Pick<Host, 'call'>, request: Request) {
    super({ busy: null, error: null, gone: request.state === 'gone', suggested: null })
    this.#host = host
    this.#requestId = request.requestId
  }

  /** A random name before the decision, so that the name shown is the name used; asking again gives another. */
  async suggest(): Promise<void> {
    try {
      this.update({ suggested: await this.#host.call('incognito.suggest', {}) })
    } catch {
      // the core makes one up at the acceptance
    }
  }

  /** True once the core has it: done, or waiting for its relay. */
  async accept(incognito: boolean): Promise<boolean> {
    const { suggested } = this.state
    const done = await this.#run(incognito ? 'incognito' : 'accept', () =>
      this.#host.call('request.accept', {
        requestId: this.#requestId,
        ...(incognito && { incognito }),
        ...(incognito && suggested && { incognitoId: suggested.incognitoId }),
      }),
    )
    // a suggested name works once, also where the acceptance then failed
    if (!done && incognito && this.state.busy === null) void this.suggest()
    return done
  }

  /** Silent: they are not told. */
  reject(ignoreRepeats = false): Promise<boolean> {
    return this.#run('reject', () =>
      this.#host.call('request.reject', {
        requestId: this.#requestId,
        ...(ignoreRepeats && { ignoreRepeats }),
      }),
    )
  }

  async #run(busy: RequestState['busy'], act: () => Promise<unknown>): Promise<boolean> {
    if (this.state.busy !== null) return false
    this.update({ busy, error: null })
    try {
      await act()
      return true
    } catch (thrown) {
      const error = toFailure(thrown)
      if (error.code === 'REQUEST_GONE') this.update({ gone: true })
      else this.update({ error })
      return false
    } finally {
      this.update({ busy: null })
    }
  }
}

/**
 * Whether whoever looks at the link of an address sees the own name, so that *Accept incognito* comes late for them. A short
 * link carries the profile, unless the address lets people in under random names by itself.
 */
export function linkShowsName(address: Address | undefined): boolean {
  return address !== undefined && address.link !== address.fullLink && address.autoAccept?.incognito !== true
}

/** Of many requests, those that a search names: by who asks and what they wrote. Newest or oldest first. */
export function sortRequests(requests: Iterable<Request>, oldestFirst: boolean): readonly Request[] {
  const way = oldestFirst ? 1 : -1
  return [...requests].sort(
    (a, b) => way * (a.updatedAt < b.updatedAt ? -1 : a.updatedAt > b.updatedAt ? 1 : 0),
  )
}
